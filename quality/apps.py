from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"

    def ready(self) -> None:
        from core.events.consumers import register_consumer
        from quality.follow import KINDS, follow
        from quality.jobs import register_jobs

        register_jobs()
        register_consumer("quality", KINDS, follow)
