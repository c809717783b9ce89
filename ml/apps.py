from django.apps import AppConfig


class MlConfig(AppConfig):
    name = "ml"

    def ready(self) -> None:
        from core.authentication import register_token_kind
        from core.events.consumers import register_consumer
        from core.events.loops import register_loop
        from core.jobs.registry import JobKind, register
        from data_manager.actions import register_action
        from ml.action import RETRIEVE_TASKS_PREDICTIONS
        from ml.demands import answer_demands, asked_on_opening
        from ml.health import check_due
        from ml.jobs import predict
        from ml.operations.training import KINDS, train_when_enough
        from ml.queries import shown_version
        from ml.tokens import PREFIX, actor_of_token
        from ml.webhook import receiver_of
        from projects.operations import register_live_models
        from tasks.opening import on_opening
        from webhooks.receivers import register_receiver

        register_token_kind(PREFIX, actor_of_token)
        register_live_models(shown_version)
        register_receiver(receiver_of)
        register_consumer("ml-training", KINDS, train_when_enough)
        register_loop("ml-health", check_due, seconds=2, threads=2)
        register_loop("ml-demands", answer_demands, threads=2)
        register(JobKind("ml.predict", predict))
        register_action(RETRIEVE_TASKS_PREDICTIONS)
        on_opening(asked_on_opening)
