from django.apps import AppConfig
from django.db.backends.signals import connection_created


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        from core.lean import load_rest_framework

        load_rest_framework()
        from core.database import prepare_connection

        connection_created.connect(prepare_connection, dispatch_uid="core.database")
