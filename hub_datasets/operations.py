"""What people do with datasets of the Hub: look at one, import it, say where annotations go, push them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid
from core.events.record import record
from core.jobs.models import Job
from core.jobs.operations import OPEN, enqueue
from core.rawjson import json_text
from hub_datasets.columns import Column
from hub_datasets.hub import Hub, dataset_named
from hub_datasets.models import HubPush, HubSource, HubTarget
from hub_datasets.proposal import DATA, USES, Rows, propose
from hub_datasets.reading import head
from projects.models import Project
from projects.operations import create_project, update_project
from projects.queries import config_of

PREVIEWED = 5
KEPT = 500  # pushes that a project's history tells


@dataclass(frozen=True)
class Asked:
    """Which rows of which dataset; empty parts are chosen for the person."""

    dataset: str
    configuration: str = ""
    split: str = ""
    revision: str = ""
    token: str = ""


@dataclass(frozen=True)
class Looked:
    repo: str
    revision: str
    configurations: dict[str, list[str]]
    configuration: str
    split: str
    files: list[str]
    columns: list[Column]
    config: str
    uses: dict[str, str]
    tasks: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": [{"name": one.name, "kind": one.kind, "names": list(one.names)} for one in self.columns]}


def may_lend_token(actor: Actor) -> bool:
    """Whether the server's own token reads for this person: it may see what its owner sees."""
    return bool(settings.ENVIRONMENT.hf_token) and actor.may("organization.change")


def look(actor: Actor, asked: Asked, uses: dict[str, str] | None = None) -> Looked:
    """What a dataset holds and what could become of it. Raises 400."""
    repo = dataset_named(asked.dataset)
    hub = Hub(asked.token or (settings.ENVIRONMENT.hf_token if may_lend_token(actor) else ""))
    files = hub.files(repo, asked.revision)
    configuration = asked.configuration or next(iter(files.splits))
    splits = files.splits.get(configuration)
    if splits is None:
        raise invalid(configuration=_("There is no such configuration: %(known)s.") % {"known": ", ".join(files.splits)})
    split = asked.split or ("train" if "train" in splits else next(iter(splits)))
    if split not in splits:
        raise invalid(split=_("There is no such split: %(known)s.") % {"known": ", ".join(splits)})
    columns, rows = head(hub, repo, files.revision, splits[split][0], PREVIEWED)
    proposal = propose(columns)
    chosen = _checked_uses(columns, {**proposal.uses, **(uses or {})})
    convert = Rows(columns, chosen, controls_of(proposal.config), repo)
    tasks = [convert.task(row, lambda column, number=number: f"…/{number}/{column}") for number, row in enumerate(rows)]
    known = {name: list(of) for name, of in files.splits.items()}
    return Looked(repo, files.revision, known, configuration, split, splits[split], columns, proposal.config, chosen, tasks)


def import_dataset(actor: Actor, project: Project, asked: Asked, *, uses: dict[str, str], take_config: bool) -> tuple[HubSource, Job]:
    """Enqueue the import of a dataset; with `take_config` the project gets the proposed labeling set-up. Raises 400."""
    found = look(actor, asked, uses)
    with transaction.atomic():
        if take_config:
            update_project(actor, project.pk, {"label_config": found.config})
        return _take(actor, project, asked, found)


def create_from_dataset(actor: Actor, fields: dict[str, Any], asked: Asked, *, uses: dict[str, str]) -> tuple[HubSource, Job]:
    """A new project with a dataset's proposed set-up, and the import of its rows: both or neither. Raises 400."""
    found = look(actor, asked, uses)
    with transaction.atomic():
        project = create_project(actor, {"title": found.repo.rpartition("/")[2][:50], **fields, "label_config": found.config})
        return _take(actor, project, asked, found)


def _take(actor: Actor, project: Project, asked: Asked, found: Looked) -> tuple[HubSource, Job]:
    source = HubSource(
        project=project,
        repo=found.repo,
        revision=found.revision,
        files=json_text(found.files),
        uses=json_text(found.uses),
        server_token=not asked.token and may_lend_token(actor),
        created_by_id=actor.user_id,
    )
    source.set_token(asked.token)
    source.save()
    job = enqueue(
        actor,
        "hub.import",
        _("Import %(dataset)s") % {"dataset": found.repo},
        project=project.pk,
        parameters={"source": source.pk, "email": actor.email, "role": str(actor.role)},
    )
    source.job_id = job.pk
    source.save(update_fields=["job_id"])
    record("hub.imported", actor, project=project.pk, ids=[source.pk], repo=found.repo, revision=found.revision)
    return source, job


def controls_of(config: str) -> dict[str, tuple[str, str]]:
    """Control → (its object, the type of its rows) of a configuration."""
    import labeling

    return _controls(labeling.parse(config))


def controls_of_project(project: Project) -> dict[str, tuple[str, str]]:
    return _controls(config_of(project))


def _controls(config: Any) -> dict[str, tuple[str, str]]:
    return {control.name: (control.to_name[0], control.type) for control in config.controls.values() if control.to_name}


def _whole(value: Any, name: str, most: int) -> int:
    if value in (None, ""):
        return 0
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if not 0 <= number <= most:
        raise invalid(**{name: _("This must be a whole number from 0 to %(most)s.") % {"most": most}})
    return number


def _checked_uses(columns: list[Column], uses: dict[str, str]) -> dict[str, str]:
    known = {column.name for column in columns}
    wrong = next((name for name, use in uses.items() if name in known and use not in USES), None)
    if wrong is not None:
        raise invalid(uses=_("A column becomes one of: %(uses)s.") % {"uses": ", ".join(USES)})
    return {column.name: uses.get(column.name, DATA) for column in columns}


def set_target(actor: Actor, project: Project, fields: dict[str, Any]) -> HubTarget:
    """Say where a project's annotations go and when: `dataset`, `private`, `hours`, `annotations`, `token` (kept when not said). Raises 400."""
    repo = dataset_named(str(fields.get("dataset", "")))
    if "/" not in repo:
        raise invalid(dataset=_("Say whose dataset it is: owner/name."))
    with transaction.atomic():
        target = HubTarget.objects.filter(project=project).first() or HubTarget(project=project)
        target.repo = repo
        target.private = bool(fields.get("private", True))
        target.hours = _whole(fields.get("hours"), "hours", 24 * 365)
        target.annotations = _whole(fields.get("annotations"), "annotations", 10**9)
        if fields.get("token"):
            target.set_token(str(fields["token"]))
        target.server_token = not target.token and may_lend_token(actor)
        if not target.token and not target.server_token:
            raise invalid(token=_("Give a token of Hugging Face with write access."))
        target.created_by_id = actor.user_id
        target.save()
        record("hub.target_set", actor, project=project.pk, ids=[target.pk], repo=repo)
    return target


def push(actor: Actor | None, target: HubTarget) -> Job:
    """Enqueue a push. Raises 409 while one is under way."""
    with transaction.atomic():
        if target.job_id and Job.objects.filter(pk=target.job_id, status__in=OPEN).exists():
            raise Refused(_("A push is under way; the jobs page shows how far it is."), 409)
        job = enqueue(
            actor,
            "hub.push",
            _("Push to %(dataset)s") % {"dataset": target.repo},
            project=target.project_id,
            parameters={"target": target.pk},
        )
        if actor is None:
            Job.objects.filter(pk=job.pk).update(organization_id=target.project.organization_id)
        HubTarget.objects.filter(pk=target.pk).update(job_id=job.pk)
        record("hub.push_begun", actor, organization=target.project.organization_id, project=target.project_id, ids=[target.pk])
    return job


def note_push(target: HubTarget, *, commit: str, tag: str, counted: int, rows: int) -> None:
    """A push has arrived."""
    with transaction.atomic():
        HubTarget.objects.filter(pk=target.pk).update(commit=commit, tag=tag, counted=counted, pushed_at=timezone.now(), error="")
        _remember(target, HubPush(target=target, repo=target.repo, commit=commit, tag=tag, rows=rows))
        record("hub.pushed", None, organization=target.project.organization_id, project=target.project_id, ids=[target.pk], commit=commit)


def note_failure(target: HubTarget, why: str) -> None:
    """A push has failed: the next one is due as if it had arrived, so that what cannot work is not tried without end."""
    with transaction.atomic():
        HubTarget.objects.filter(pk=target.pk).update(error=why[:2000], pushed_at=timezone.now())
        _remember(target, HubPush(target=target, repo=target.repo, error=why[:2000]))


def _remember(target: HubTarget, push: HubPush) -> None:
    """One line more in the history, whose oldest lines go."""
    push.save()
    oldest = HubPush.objects.filter(target=target).order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 1].first()
    if oldest is not None:
        HubPush.objects.filter(target=target, pk__lte=oldest).delete()
