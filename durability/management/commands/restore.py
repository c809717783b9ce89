from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from durability.archive import restore


class Command(BaseCommand):
    help = "Put back what `backup` wrote. The server must not run; what is there is moved aside, never deleted."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="also when there is data already")

    def handle(self, *args: Any, **options: Any) -> None:
        manifest = restore(settings.ENVIRONMENT, options["file"].expanduser().absolute(), force=options["force"])
        self.stdout.write(f"Restored {sum(manifest['rows'].values()):,} rows of {manifest['made']}.")
