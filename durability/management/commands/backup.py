from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from durability.archive import back_up


class Command(BaseCommand):
    help = "Write everything into one file: database, uploaded files, secret key. The server may run meanwhile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"].expanduser().absolute()
        manifest = back_up(settings.ENVIRONMENT, file, settings.VERSION)
        self.stdout.write(
            f"{file}: {sum(manifest['rows'].values()):,} rows, {file.stat().st_size:,} bytes. Keep it secret: it holds the key."
        )
