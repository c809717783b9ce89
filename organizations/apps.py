from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"

    def ready(self) -> None:
        from core.authentication import register_scheme
        from organizations.authentication import by_session, by_token

        register_scheme(by_token)
        register_scheme(by_session)
