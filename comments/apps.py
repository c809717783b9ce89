from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        from comments.follow import KINDS, follow
        from comments.mail import register_jobs
        from comments.operations import forget_lost_comments
        from core.events.consumers import register_consumer
        from core.events.loops import register_loop

        register_jobs()
        register_consumer("comments", KINDS, follow)
        register_loop("comments-lost", forget_lost_comments, seconds=3600)
