from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from core.events.loops import register_loop
        from projects.guests_gone import forget_guests
        from projects.jobs import register_jobs

        register_jobs()
        register_loop("guests-gone", forget_guests, seconds=3600)
