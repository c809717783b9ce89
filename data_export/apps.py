from django.apps import AppConfig


class DataExportConfig(AppConfig):
    name = "data_export"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from data_export.jobs import CONVERT, SNAPSHOT
        from data_export.retention import tidy

        register(SNAPSHOT)
        register(CONVERT)
        register_loop("exports", tidy, seconds=60.0)
