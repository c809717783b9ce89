from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rest_framework.exceptions import ValidationError

from core.errors import Refused
from core.startup.old_project import old_project
from data_import.old_projects import adopt
from organizations.operations.joining import acting_owner
from web.model_servers import connect_model_servers


class Command(BaseCommand):
    help = "Make a project of the directory of a Label Studio 0.x project, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", help="with config.json, config.xml, tasks.json, completions/")

    def handle(self, *args: Any, directory: str, **options: Any) -> None:
        call_command("prepare")
        old = old_project(directory)
        if old is None:
            raise CommandError(f"{directory} is not the directory of a Label Studio 0.x project: it has no config.json and no config.xml.")
        owner = acting_owner()
        try:
            adopted = adopt(owner, old)
        except Refused as refused:
            said = [str(one) for value in (refused.fields or {}).values() for one in (value if isinstance(value, list) else [value])]
            raise CommandError(f"{old.folder}: {' '.join(said[:5]) or refused.sentence}") from None
        except ValidationError as error:
            raise CommandError(f"{old.folder}: {error}") from None
        if adopted.project is not None:
            self.stdout.write(
                f'{old.folder} is now project {adopted.project.pk} "{adopted.project.title}": '
                f"{len(adopted.added.task_ids)} tasks, {adopted.added.annotation_count} annotations, {adopted.added.prediction_count} predictions."
            )
            servers = [one.get("url") for one in old.settings.get("ml_backends") or () if isinstance(one, dict)]
            for trouble in connect_model_servers(owner, adopted.project, [url for url in servers if isinstance(url, str)]):
                self.stderr.write(trouble)
