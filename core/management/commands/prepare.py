from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Check the database, bring it up to date, and make the first account: what a start does before it serves."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from core.startup.database import check_database
        from core.startup.first_user import ensure_first_user
        from core.startup.migration import bring_up_to_date

        check_database(settings.DATABASES["default"])
        count = bring_up_to_date()
        if count:
            self.stdout.write(f"The database is up to date ({count} migrations ran).")
        ensure_first_user(settings.ENVIRONMENT)
