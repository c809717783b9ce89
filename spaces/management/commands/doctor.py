from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

MARKS = {"good": "ok  ", "warning": "look", "bad": "BAD "}


class Command(BaseCommand):
    help = "Say what is right about this installation and what is not, with the fix: a report to paste. Ends with 2 when something is bad."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--offline", action="store_true", help="do not ask Hugging Face")

    def handle(self, *args: Any, **options: Any) -> None:
        from core.startup.database import check_database
        from spaces.facts import Level, hub_facts, local_facts

        check_database(settings.DATABASES["default"])
        facts = local_facts() + ([] if options["offline"] else hub_facts())
        for fact in facts:
            self.stdout.write(f"{MARKS[fact.level]}  {fact.title + ':':<14} {fact.text}")
            if fact.fix:
                self.stdout.write(f"{'':<21} → {fact.fix}")
        bad = sum(fact.level == Level.BAD for fact in facts)
        if bad:
            raise CommandError(f"{bad} of these need to be put right.")
