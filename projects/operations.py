"""What people do to projects. Each function checks, does, records, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.events.record import record
from core.jobs.operations import enqueue
from core.rawjson import json_text
from organizations.models import Organization
from projects.configs import parsed
from projects.models import LabelConfigVersion, Project, ProjectMember
from projects.queries import model_versions, used_results

EMPTY_CONFIG = "<View></View>"

# Called inside the transaction of a change, with the project as it now is: `tasks` keeps the overlap of tasks in step, for one.
# Rooms below register theirs in `AppConfig.ready()`.
Follower = Callable[[Actor, Project, frozenset[str]], None]
_followers: list[Follower] = []


def on_project_changed(follower: Follower) -> None:
    if follower not in _followers:
        _followers.append(follower)


# What may be chosen as a project's model version besides versions of stored predictions: the titles of connected models. Takes the project and
# the name; returns the version whose predictions are shown then, None when no such model is connected.
LiveModels = Callable[[Project, str], str | None]
_live_models: list[LiveModels] = []


def register_live_models(version_of: LiveModels) -> None:
    if version_of not in _live_models:
        _live_models.append(version_of)


@dataclass(frozen=True)
class ConfigCheck:
    """What a new labeling set-up would do: `errors` stop it, `losses` say what existing results would lose, with counts; `lost` are the labels
    in use that it would drop, as (from_name, label)."""

    changed: bool
    errors: list[str]
    losses: list[str]
    lost: list[tuple[str, str]] = field(default_factory=list)


def create_project(actor: Actor, fields: dict[str, Any], *, hidden: bool = False) -> Project:
    """Make a project from validated fields (`ProjectSerializer`). A hidden one is nobody's to see until `show_project`.

    Raises 400 for a labeling config that is not right.
    """
    config = fields.get("label_config") or EMPTY_CONFIG
    known = parsed(config)
    if actor.organization_id is None:
        raise Refused(_("Join an organization first."), 403)
    with transaction.atomic():
        project = Project(**{**fields, "label_config": config})
        project.organization_id = actor.organization_id
        project.created_by_id = actor.user_id
        project.members_only |= Organization.objects.filter(pk=actor.organization_id, for_guest=True).exists()
        project.parsed_label_config = _parsed_json(known)
        project.deleted_at = timezone.now() if hidden else None
        project.save(force_insert=True)
        if project.members_only:
            ProjectMember.objects.create(project=project, user_id=actor.user_id)
        record(
            "project.created",
            actor,
            project=project.pk,
            ids=[project.pk],
            title=project.title,
        )
    project.refresh_from_db()
    return project


@dataclass(frozen=True)
class FormerSetUp:
    """A labeling set-up that a project had, brought with it from elsewhere. `created_by_id`: whose it was."""

    version: int
    label_config: str
    created_by_id: int | None


def keep_former_set_ups(project: Project, former: Iterable[FormerSetUp], present: int) -> None:
    """Give a new project its history; `present` is the number of the set-up that it has. A part of the caller's transaction."""
    LabelConfigVersion.objects.bulk_create(
        [
            LabelConfigVersion(project=project, version=one.version, label_config=one.label_config, created_by_id=one.created_by_id)
            for one in former
        ]
    )
    Project.objects.filter(pk=project.pk).update(config_version=present)


def show_project(actor: Actor, project: Project, *, model_version: str) -> None:
    """A project that was made hidden is complete: let people see it. A part of the caller's transaction."""
    Project.objects.filter(pk=project.pk).update(deleted_at=None, model_version=model_version, updated_at=timezone.now())
    record("project.brought", actor, project=project.pk, ids=[project.pk], title=project.title)


def drop_hidden_project(actor: Actor, project_id: int) -> None:
    """Take away what was made of a project that never became visible; its rows go in the background, set by set."""
    with transaction.atomic():
        if Project.objects.filter(pk=project_id, deleted_at__isnull=False).exists():
            enqueue(actor, "project.purge", _("Clear away an unfinished project"), parameters={"project": project_id})


def update_project(actor: Actor, project_id: int, fields: dict[str, Any], *, strict: bool = False) -> Project:
    """Change fields of a project. A new labeling config is checked against what has been labelled; the former one is kept.

    `strict` also refuses to drop labels that are in use. Raises 400 with what is wrong, 404 when the project is not the actor's to see.
    """
    with transaction.atomic():
        project = _locked(actor, project_id)
        if "model_version" in fields:
            fields = {**fields, **_chosen_version(project, fields["model_version"])}
        fields = {name: value for name, value in fields.items() if getattr(project, name) != value}
        if "label_config" in fields:
            fields["label_config"] = fields["label_config"] or EMPTY_CONFIG
            check = check_config(project, fields["label_config"], strict=strict)
            if check.errors:
                raise invalid(label_config=check.errors)
            LabelConfigVersion.objects.create(
                project=project,
                version=project.config_version,
                label_config=project.label_config,
                created_by_id=actor.user_id,
            )
            project.config_version += 1
            project.parsed_label_config = _parsed_json(parsed(fields["label_config"]))
        for name, value in fields.items():
            setattr(project, name, value)
        project.save(
            update_fields=[
                *fields,
                "config_version",
                "parsed_label_config",
                "updated_at",
            ]
        )
        for follower in _followers:
            follower(actor, project, frozenset(fields))
        if fields:
            record(
                "project.updated",
                actor,
                project=project.pk,
                ids=[project.pk],
                fields=sorted(fields),
            )
    project.refresh_from_db()
    return project


def check_config(project: Project, label_config: str, *, strict: bool) -> ConfigCheck:
    """Compare a new labeling config with the present one and with what has been labelled. Raises 400 when it is malformed."""
    import labeling

    new = parsed(label_config or EMPTY_CONFIG)
    if label_config.strip() == project.label_config.strip():
        return ConfigCheck(False, [], [])
    used, labels = used_results(project)
    problems = labeling.config_change_problems(parsed(project.label_config), new, used, labels, strict=True)
    stopping = [problem.message for problem in problems if strict or not problem.strict]
    losses = [problem.message for problem in problems if problem.strict]
    lost = [(problem.from_name, problem.label) for problem in problems if problem.label is not None]
    return ConfigCheck(True, stopping, losses, lost)


def delete_project(actor: Actor, project_id: int) -> None:
    """Take a project away at once; its rows go in the background, set by set."""
    with transaction.atomic():
        project = _locked(actor, project_id)
        Project.objects.filter(pk=project.pk).update(deleted_at=timezone.now())
        record(
            "project.deleted",
            actor,
            project=project.pk,
            ids=[project.pk],
            title=project.title,
        )
        enqueue(
            actor,
            "project.purge",
            _("Delete project %(title)s") % {"title": project.title},
            parameters={"project": project.pk},
        )


def add_member(actor: Actor, project_id: int, user_id: int) -> ProjectMember:
    """Let a person of the organization see a members-only project. Adding a member again changes nothing."""
    with transaction.atomic():
        project = _locked(actor, project_id)
        user = (
            get_user_model()
            .objects.filter(
                pk=user_id,
                memberships__organization_id=project.organization_id,
                memberships__removed_at=None,
            )
            .first()
        )
        if user is None:
            raise invalid(user=_("There is no such person in this organization."))
        member, created = ProjectMember.objects.get_or_create(project=project, user=user)
        if created:
            record("project.member_added", actor, project=project.pk, ids=[user_id])
    return member


def remove_member(actor: Actor, project_id: int, user_id: int) -> None:
    """Raises 404 for somebody who is no member."""
    with transaction.atomic():
        project = _locked(actor, project_id)
        removed, _rows = ProjectMember.objects.filter(project=project, user_id=user_id).delete()
        if not removed:
            raise not_found()
        record("project.member_removed", actor, project=project.pk, ids=[user_id])


def restore_config(actor: Actor, project_id: int, version: int) -> Project:
    """Take a former labeling config back. Raises 404 for an unknown version, 400 when results would become impossible."""
    from projects.queries import get_project

    project = get_project(actor, project_id)
    former = LabelConfigVersion.objects.filter(project=project, version=version).first()
    if former is None:
        raise not_found()
    return update_project(actor, project_id, {"label_config": former.label_config})


def _locked(actor: Actor, project_id: int) -> Project:
    rows = Project.objects.visible_to(actor).filter(pk=project_id)
    # A subquery: PostgreSQL does not lock rows of a query with DISTINCT or outer joins.
    project = Project.objects.select_for_update().filter(pk__in=rows.values("pk")).first()
    if project is None:
        raise not_found()
    return project


def _chosen_version(project: Project, name: str | None) -> dict[str, Any]:
    """The columns that say which predictions are shown. Raises 400 for a name that is neither a connected model's nor a stored version's."""
    if not name:
        return {"model_version": name, "live_model": ""}
    if name == project.chosen_version:
        return {"model_version": project.model_version, "live_model": project.live_model}
    for version_of in _live_models:
        if (version := version_of(project, name)) is not None:
            return {"model_version": version, "live_model": name}
    if not any(row["model_version"] == name for row in model_versions(project)):
        raise invalid(model_version=_("There is no model or prediction version called %(name)s in this project.") % {"name": name})
    return {"model_version": name, "live_model": ""}


def _parsed_json(config: Any) -> str:
    import labeling

    return json_text(labeling.to_parsed_label_config(config))
