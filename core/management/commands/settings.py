from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Show every setting, its value and the variable it came from."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--markdown", action="store_true", help="print docs/settings.md instead")

    def handle(self, *args: Any, **options: Any) -> None:
        from core.environment import read_environment
        from core.environment.page import settings_page
        from core.environment.reader import variables_of
        from core.environment.variables import Variables

        if options["markdown"]:
            self.stdout.write(settings_page(), ending="")
            return
        found = read_environment()
        for field, variable in variables_of(Variables).items():
            value = getattr(found, field)
            shown = ("(set)" if value else "") if variable.secret else variable.default if field not in found.sources else value
            self.stdout.write(f"{variable.documented_name:<42} {shown!s:<44} {found.sources.get(field, 'default')}")
