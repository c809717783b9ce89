from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actor import Actor
from core.permissions import Role
from organizations.models import Membership
from organizations.queries import actor_of_user
from projects.models import Project
from projects.operations import create_project
from projects.serializers import ProjectSerializer

SAMPLING = {
    "sequential": Project.Sampling.SEQUENTIAL,
    "uniform": Project.Sampling.UNIFORM,
    "prediction-score-min": Project.Sampling.UNCERTAINTY,
}


class Command(BaseCommand):
    help = "Make a project, when there is none of that title."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title")
        parser.add_argument("-l", "--label-config", metavar="FILE", help="labeling configuration (XML)")
        parser.add_argument("--sampling", choices=list(SAMPLING), help="order of tasks")
        parser.add_argument("--initial-project-description", metavar="TEXT", default="")
        parser.add_argument("--only-check", action="store_true", help="fail when there is no project of that title")
        parser.add_argument("-q", "--quiet", action="store_true", help="ask nothing; nothing is ever asked")

    def handle(self, *args: Any, title: str, **options: Any) -> None:
        call_command("prepare")
        owner = _owner()
        if Project.objects.visible_to(owner).filter(title=title).exists():
            return
        if options["only_check"]:
            raise CommandError(f'There is no project "{title}": make it with start "{title}" --init.')
        fields: dict[str, Any] = {"title": title, "description": options["initial_project_description"]}
        if options["sampling"]:
            fields["sampling"] = SAMPLING[options["sampling"]]
        if options["label_config"]:
            fields["label_config"] = _text(Path(options["label_config"]))
        written = ProjectSerializer(data=fields)
        if not written.is_valid():
            raise CommandError("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in written.errors.items()))
        project = create_project(owner, written.validated_data)
        self.stdout.write(f'Project {project.pk} "{project.title}" was made.')


def _owner() -> Actor:
    """Who the project belongs to: the account that the environment names, else the first owner."""
    memberships = Membership.objects.filter(role=Role.OWNER).select_related("user").order_by("pk")
    if settings.ENVIRONMENT.username:
        memberships = memberships.filter(user__email=settings.ENVIRONMENT.username.lower())
    first = memberships.first()
    if first is None:
        raise CommandError("A project needs an account that owns it: say --username and --password, and that account is made.")
    return actor_of_user(first.user)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--label-config: {file} cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'}).") from None
