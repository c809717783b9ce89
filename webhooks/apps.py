from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"

    def ready(self) -> None:
        from core.events.consumers import register_consumer
        from core.events.loops import register_loop
        from webhooks.actions import KINDS
        from webhooks.consumer import note_deliveries
        from webhooks.operations import forget_old_deliveries
        from webhooks.sender import THREADS, send_due

        register_consumer("webhooks", KINDS, note_deliveries)
        register_loop("webhooks-send", send_due, threads=THREADS)
        register_loop("webhooks-log", forget_old_deliveries, seconds=3600)
