from django.apps import AppConfig


class DataManagerConfig(AppConfig):
    name = "data_manager"

    def ready(self) -> None:
        from core.jobs.registry import register
        from data_manager.actions import ACTIONS, register_action
        from data_manager.actions.work import JOB

        for action in ACTIONS:
            register_action(action)
        register(JOB)
