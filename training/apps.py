from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from training.jobs import RESULTS, SNAPSHOT
        from training.stepping import step_all

        register(SNAPSHOT)
        register(RESULTS)
        register_loop("training", step_all, seconds=15.0)
