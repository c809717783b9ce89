"""Django's `migrate`, quicker on a database that has no tables yet."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from core.startup.first_tables import make_first_tables


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        everything = not options.get("app_label")
        asked_only = any(options.get(name) for name in ("plan", "check_unapplied", "fake", "fake_initial", "prune"))
        if everything and not asked_only:
            make_first_tables(connections[options["database"]])
        super().handle(*args, **options)
