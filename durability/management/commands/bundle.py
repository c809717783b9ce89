from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import Refused
from core.jobs.models import Job
from core.jobs.run import run_job
from core.rawjson import read_json
from data_import.storage import pieces_of, receive
from durability.bundle.operations import bring_bundle
from durability.bundle.writing import write_bundle
from organizations.queries import actor_of_user
from projects.queries import project_named
from users.models import User


class Command(BaseCommand):
    help = "Write a whole project into one file, or make a project of such a file, here or on another server."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        export = acts.add_parser("export", help="write a project into a file")
        export.add_argument("project", metavar="PROJECT", help="its number or its title")
        export.add_argument("file", type=Path, metavar="FILE")
        bring = acts.add_parser("import", help="make a project of a file")
        bring.add_argument("file", type=Path, metavar="FILE")
        bring.add_argument(
            "--as", dest="email", required=True, metavar="EMAIL", help="whose project it is: a manager, administrator or owner"
        )
        bring.add_argument("--title", default="", help="another name for it")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "export":
            self._export(options["project"], options["file"].expanduser())
        else:
            self._import(options["file"].expanduser(), options["email"], options["title"])

    def _export(self, name: str, file: Path) -> None:
        project = project_named(name)
        draft = file.with_name(f".{file.name}.partial")  # a half-written file never has the name that was asked for
        try:
            with draft.open("w+b") as opened:
                counts = write_bundle(project, opened)
                opened.flush()
                os.fsync(opened.fileno())
            os.replace(draft, file)
        except OSError as error:
            raise CommandError(f"{file} cannot be written ({error.strerror}).") from None
        finally:
            draft.unlink(missing_ok=True)
        self.stdout.write(f"{file}: {counts['tasks']:,} tasks, {counts['annotations']:,} annotations, {file.stat().st_size:,} bytes.")

    def _import(self, file: Path, email: str, title: str) -> None:
        user = User.objects.filter(email__iexact=email).first()
        actor = actor_of_user(user) if user else None
        if actor is None or not actor.may("projects.create"):
            raise CommandError(f"--as {email}: nobody of this address may create projects here.")
        try:
            with file.open("rb") as source:
                received = receive(pieces_of(source), announced=file.stat().st_size)
        except OSError as error:
            raise CommandError(f"{file} cannot be read ({error.strerror}).") from None
        try:
            job = bring_bundle(actor, received, title)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        run_job.func(job.pk)
        job.refresh_from_db()
        if job.status != Job.Status.DONE:
            raise CommandError(job.error or f"The job {job.pk} goes on in the worker.")
        result = read_json(job.result)
        self.stdout.write(f"Project {result['project']}: {result['tasks']:,} tasks, {result['annotations']:,} annotations.")
