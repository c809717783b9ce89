from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from projects.operations import on_project_changed
        from tasks.operations.duplicate import register_jobs
        from tasks.operations.tasks import follow_project

        register_jobs()

        on_project_changed(follow_project)
