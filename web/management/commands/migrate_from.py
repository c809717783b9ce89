from __future__ import annotations

import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core.actor import Actor
from core.errors import Refused
from data_import.another_server.copying import Copied, copy_project, is_copied, note
from data_import.another_server.server import Server
from data_manager.operations import create_view
from organizations.operations.joining import acting_owner

SECONDS = 2.0  # between two lines of progress
MOST_WARNINGS = 20


class Command(BaseCommand):
    help = "Copy projects from a running Label Studio. Run again, it goes on where it stopped and brings what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", metavar="URL", help="where that server's front page is, like https://labels.example.org")
        parser.add_argument("token", metavar="TOKEN", help="an API token (legacy or personal) of somebody who sees the projects there")
        parser.add_argument(
            "--project", metavar="ID", type=int, action="append", help="only this project of that server; may be given again"
        )

    def handle(self, *args: Any, url: str, token: str, project: list[int] | None, **options: Any) -> None:
        call_command("prepare", stdout=self.stderr)
        owner, server = acting_owner(), Server(url, token)
        people = server.people()
        wanted = project or [int(row["id"]) for row in server.projects()]
        failed = [pk for pk in wanted if not self._copy(owner, server, pk, people)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(wanted)} projects were not copied whole. Run the command again to go on.")

    def _copy(self, owner: Actor, server: Server, pk: int, people: list[dict[str, Any]]) -> bool:
        last = time.monotonic()

        def progress(copied: Copied) -> None:
            nonlocal last
            if time.monotonic() - last > SECONDS:
                last = time.monotonic()
                self.stdout.write(f"  {copied.tasks:,} tasks, {copied.annotations:,} annotations, {copied.files:,} files …")

        try:
            copied = copy_project(owner, server, pk, people, each=progress)
            self._views(owner, server, pk, copied)
        except Refused as refused:
            self.stderr.write(f"Project {pk}: {refused.sentence}")
            return False
        self.stdout.write(
            f'Project {pk} is project {copied.project.pk} "{copied.project.title}": {copied.tasks:,} new tasks, {copied.annotations:,} annotations, '
            f"{copied.predictions:,} predictions, {copied.files:,} files."
        )
        for warning in copied.warnings[:MOST_WARNINGS]:
            self.stderr.write(f"  {warning}")
        if len(copied.warnings) > MOST_WARNINGS:
            self.stderr.write(f"  … and {len(copied.warnings) - MOST_WARNINGS:,} more.")
        return True

    def _views(self, owner: Actor, server: Server, pk: int, copied: Copied) -> None:
        for view in server.views(pk):
            data = view.get("data")
            if not isinstance(data, dict) or is_copied(copied.project, "view", view["id"]):
                continue
            try:
                with transaction.atomic():
                    made = create_view(owner, copied.project, data)
                    note(copied.project, "view", view["id"], made.pk)
            except Refused as refused:
                copied.warnings.append(f"The view {data.get('title', view['id'])} was not copied: {refused.sentence}")
