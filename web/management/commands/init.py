from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

import labeling
from core.actor import Actor
from core.commands import add_project_flags
from core.errors import Refused
from data_import.disk import import_from_disk
from organizations.operations.joining import acting_owner
from projects.models import Project
from projects.operations import create_project, update_project
from projects.serializers import ProjectSerializer
from web.model_servers import connect_model_servers

SAMPLING = {
    "sequential": Project.Sampling.SEQUENTIAL,
    "uniform": Project.Sampling.UNIFORM,
    "prediction-score-min": Project.Sampling.UNCERTAINTY,
}


class Command(BaseCommand):
    help = "Make a project, when there is none of that title, and import tasks into it, when it has none."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("title")
        add_project_flags(parser)
        parser.add_argument("--only-check", action="store_true", help="fail when there is no project of that title")
        parser.add_argument("-q", "--quiet", action="store_true", help="ask nothing; nothing is ever asked")

    def handle(self, *args: Any, title: str, **options: Any) -> None:
        call_command("prepare")
        owner = acting_owner()
        project = Project.objects.visible_to(owner).filter(title=title).order_by("pk").first()
        if project is None and options["only_check"]:
            raise CommandError(f'There is no project "{title}": make it with start "{title}" --init.')
        fields = _fields(options)
        if project is None:
            project = create_project(owner, _validated({"title": title, **fields}))
            self.stdout.write(f'Project {project.pk} "{project.title}" was made.')
        elif options["force"] and fields:
            project = self._change(owner, project, _validated(fields))
        if options["input_path"] and not project.task_number:
            count = _import(owner, project, Path(options["input_path"]), options["input_format"])
            self.stdout.write(f'{count} tasks were imported into project {project.pk} "{project.title}".')
        for trouble in connect_model_servers(owner, project, options["ml_backends"] or ()):
            self.stderr.write(f"--ml-backends: {trouble}")

    def _change(self, owner: Actor, project: Project, fields: dict[str, Any]) -> Project:
        try:
            return update_project(owner, project.pk, fields, strict=True)
        except Refused as refused:
            raise CommandError(f"--force: {_sentences(refused)}") from None


def _fields(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of the project that the flags say."""
    fields: dict[str, Any] = {}
    if options["initial_project_description"]:
        fields["description"] = options["initial_project_description"]
    if options["sampling"]:
        fields["sampling"] = SAMPLING[options["sampling"]]
    if options["template"] and options["label_config"]:
        raise CommandError("--template and --label-config both say the labeling set-up: give one of them.")
    if options["template"]:
        fields["label_config"] = _template(options["template"])
    if options["label_config"]:
        fields["label_config"] = _config(options["label_config"])
    return fields


def _validated(fields: dict[str, Any]) -> dict[str, Any]:
    written = ProjectSerializer(data=fields)
    if not written.is_valid():
        raise CommandError("; ".join(f"{name}: {' '.join(map(str, said))}" for name, said in written.errors.items()))
    return dict(written.validated_data)


def _template(name: str) -> str:
    found = labeling.template_named(name)
    if found is None:
        close = [template.id for template in labeling.search(name.replace("_", " ").replace("-", " ").replace("/", " "))][:5]
        names = ", ".join(close or [template.id for template in labeling.gallery()])
        raise CommandError(f"--template: there is no template {name!r}; {'did you mean' if close else 'there are'}: {names}.")
    return found.config


def _config(said: str) -> str:
    """The XML itself, or that in the file of this name."""
    if said.lstrip().startswith("<"):
        return said
    try:
        return Path(said).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--label-config: {said} cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'}).") from None


def _import(owner: Actor, project: Project, path: Path, format: str | None) -> int:
    try:
        return import_from_disk(owner, project, path, format)
    except Refused as refused:
        raise CommandError(f"--input-path: {_sentences(refused)}") from None


def _sentences(refused: Refused) -> str:
    said = [str(one) for value in (refused.fields or {}).values() for one in (value if isinstance(value, list) else [value])]
    return " ".join(said[:5]) if said else refused.sentence
