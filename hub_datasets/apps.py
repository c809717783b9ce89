from django.apps import AppConfig


class HubDatasetsConfig(AppConfig):
    name = "hub_datasets"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from hub_datasets.jobs import IMPORT, PUSH, push_what_is_due

        register(IMPORT)
        register(PUSH)
        register_loop("hub-pushes", push_what_is_due, seconds=30.0)
