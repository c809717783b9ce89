from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from core.jobs.registry import register
        from projects.operations import on_project_changed
        from tasks.operations.delete_all import DELETE_ALL
        from tasks.operations.duplicate import register_jobs
        from tasks.operations.tasks import follow_project
        from tasks.operations.undo import UNDO, purge

        register_jobs()

        on_project_changed(follow_project)
        register(UNDO)
        register(DELETE_ALL)
        register_loop("recycle-purge", purge, seconds=600)
