from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actor import Actor
from core.errors import Refused
from core.permissions import Role
from data_import import report
from data_import.disk import keep
from data_import.file_types import EXTENSIONS, extension_of
from data_import.jobs import finish
from data_import.models import ProjectImport
from data_import.operations import Options, delete_uploads, start_import
from data_import.parts import BY_ROWS
from data_import.queries import import_json
from data_import.readers import DATASETS
from data_import.receiving import as_import_file
from organizations.models import Membership
from projects.models import Project
from projects.queries import project_named


class Command(BaseCommand):
    help = "Import files into a project, without the server."

    def add_arguments(self, parser: CommandParser) -> None:
        formats = ", ".join([*(reader.name for reader in DATASETS), BY_ROWS])
        parser.add_argument("project", metavar="PROJECT", help="its number or its title")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="files, ZIP archives or folders")
        parser.add_argument("--format", metavar="NAME", default="", help=f"an annotation format instead of what is found: {formats}")
        parser.add_argument("--as-predictions", action="store_true", help="what an annotation format holds becomes predictions")
        parser.add_argument("--model-version", metavar="NAME", default="", help="whose predictions they are")
        parser.add_argument(
            "--another-server", action="store_true", help="the files are another server's export: keep its people as deactivated members"
        )
        parser.add_argument("--leave-out", action="store_true", help="leave out rows with mistakes instead of refusing all")
        parser.add_argument("--report", metavar="PATH", type=Path, help="write the refused rows there: .csv or .json")

    def handle(self, *args: Any, project: str, files: list[Path], **said: Any) -> None:
        target = project_named(project)
        owner = _owner(target)
        options = Options(
            leave_out=said["leave_out"], elsewhere=said["another_server"], format=said["format"], as_predictions=said["as_predictions"],
            model_version=said["model_version"],
        )  # fmt: skip
        kind = said["report"].suffix[1:].lower() if said["report"] else ""
        if said["report"] and kind not in report.KINDS:
            raise CommandError("--report: the file's name ends in .csv or .json.")
        uploads = [keep(owner, target, path, name) for path, name in _named(files)]
        row = start_import(owner, target, [as_import_file(upload) for upload in uploads], options)
        try:
            row = finish(row)
        except Refused:
            delete_uploads(owner, target, [upload.pk for upload in uploads])
            raise
        finally:
            row.refresh_from_db()
            if kind:
                with said["report"].open("wb") as file:
                    file.writelines(report.KINDS[kind](row))
        self.stdout.write(_counts(row))


def _counts(row: ProjectImport) -> str:
    said = import_json(row)
    more = f", {row.refused:,} rows left out" if row.refused else ""
    return f"{said['task_count']:,} tasks, {said['annotation_count']:,} annotations, {said['prediction_count']:,} predictions{more}."


def _named(paths: list[Path]) -> list[tuple[Path, str]]:
    """(file, its name with the folders below the one that was given)."""
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = (file for file in sorted(path.rglob("*")) if file.is_file() and not any(part.startswith(".") for part in file.parts))
            found += [(file, file.relative_to(path).as_posix()) for file in inside if extension_of(file.name) in EXTENSIONS]
        elif path.exists():
            found.append((path, path.name))
        else:
            raise CommandError(f"{path} does not exist.")
    if not found:
        raise CommandError("There is no file that can be imported.")
    return found


def _owner(project: Project) -> Actor:
    row = (
        Membership.objects.present()
        .filter(organization_id=project.organization_id, role=Role.OWNER)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if row is None:
        raise CommandError("The project's organization has no owner to import for.")
    return Actor(row.user_id, row.user.email, row.organization_id, Role.OWNER, "command")
