from django.apps import AppConfig


class DataImportConfig(AppConfig):
    name = "data_import"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from data_import.contents import release_all
        from data_import.contents import sweep as sweep_contents
        from data_import.jobs import IMPORT
        from data_import.partial_uploads import sweep
        from projects.guests_gone import before_forgetting

        register(IMPORT)
        before_forgetting(release_all)
        register_loop("partial-uploads", sweep, seconds=600)
        register_loop("contents", sweep_contents, seconds=60)
