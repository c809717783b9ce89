from django.apps import AppConfig


class DataImportConfig(AppConfig):
    name = "data_import"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from data_import.contents import sweep as sweep_contents
        from data_import.jobs import IMPORT
        from data_import.partial_uploads import sweep
        from data_import.purging import delete_files
        from projects.jobs import before_purge

        register(IMPORT)
        before_purge(delete_files)
        register_loop("partial-uploads", sweep, seconds=600)
        register_loop("contents", sweep_contents, seconds=60)
