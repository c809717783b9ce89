from django.apps import AppConfig


class DataImportConfig(AppConfig):
    name = "data_import"

    def ready(self) -> None:
        from core.jobs.registry import register
        from data_import.jobs import IMPORT

        register(IMPORT)
