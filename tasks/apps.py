from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from projects.operations import on_project_changed
        from tasks.operations.tasks import follow_project

        on_project_changed(follow_project)
