from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "quality"

    def ready(self) -> None:
        from core.events.consumers import register_consumer
        from data_manager.columns import register as register_column
        from data_manager.rows import register_field
        from quality.column import AGREEMENT, VALUE
        from quality.follow import KINDS, follow
        from quality.jobs import register_jobs

        register_jobs()
        register_column(AGREEMENT)
        register_field(AGREEMENT.name, VALUE)
        register_consumer("quality", KINDS, follow)
