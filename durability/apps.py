from django.apps import AppConfig


class DurabilityConfig(AppConfig):
    name = "durability"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from durability.bundle.jobs import EXPORT, IMPORT, sweep

        register(EXPORT)
        register(IMPORT)
        register_loop("bundles", sweep, seconds=3600)
