from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from data_export.formats import Options
from data_export.queries import Selection
from data_export.writers import FORMATS
from projects.queries import project_named


class Command(BaseCommand):
    help = "Export a project to a file, without the server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", metavar="PROJECT", help="its number or its title")
        parser.add_argument("format", metavar="FORMAT", help=", ".join(FORMATS))
        parser.add_argument("--export-path", metavar="PATH", default=".", help="a file, or a folder (here when not given)")
        parser.add_argument("--all-tasks", action="store_true", help="also tasks that nobody answered")

    def handle(self, *args: Any, **options: Any) -> None:
        project = project_named(options["project"])
        format = FORMATS.get(options["format"].upper())
        if format is None:
            raise CommandError(f"There is no export format {options['format']!r}; formats are {', '.join(FORMATS)}.")
        if not format.fits(project):
            raise CommandError(f"The labeling set-up of this project cannot be exported as {format.name}.")
        exported = format.file(Selection(project, all_tasks=options["all_tasks"]), Options())
        target = Path(options["export_path"])
        if target.is_dir():
            target /= f"project-{project.pk}.{exported.extension}"
        # A half-written file never has the name that was asked for.
        draft = target.with_name(f".{target.name}.partial")
        try:
            with draft.open("wb") as file:
                for piece in exported.pieces:
                    file.write(piece)
            os.replace(draft, target)
        except OSError as error:
            raise CommandError(f"--export-path: {target} cannot be written ({error.strerror}).") from None
        self.stdout.write(str(target))
