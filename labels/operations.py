"""What people do with labels of their own: add them to a project, change and remove them, rename one in all annotations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import invalid, not_found
from core.events.record import record
from core.rawjson import json_text, read_json
from core.secrets import digest
from labels.models import Label, LabelLink
from projects.models import Project
from tasks.operations.update import update_annotation
from tasks.sets import rows
from tasks.visibility import visible_projects

AT_ONCE = 200


@dataclass(frozen=True)
class NewLabel:
    """A label for the control `from_name` of a project."""

    project_id: int
    from_name: str
    title: str
    value: Any
    description: str | None = None


def create_labels(actor: Actor, items: list[NewLabel]) -> list[Label]:
    """Add labels to controls of projects; one that the organization has by this title is used again. Raises 400 for an unknown project."""
    with transaction.atomic():
        projects = Project.objects.visible_to(actor).in_bulk({item.project_id for item in items})
        labels: list[Label] = []
        linked: dict[int, list[int]] = {}
        now = timezone.now()
        for item in items:
            project = projects.get(item.project_id)
            if project is None:
                raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": item.project_id})
            label, _created = Label.objects.get_or_create(
                organization_id=project.organization_id,
                title_digest=digest(item.title),
                defaults={
                    "title": item.title,
                    "value": json_text(item.value),
                    "description": item.description,
                    "created_by_id": actor.user_id,
                    "created_at": now,
                    "updated_at": now,
                },
            )
            link, new = LabelLink.objects.get_or_create(project=project, label=label, defaults={"from_name": item.from_name})
            if new:
                linked.setdefault(project.pk, []).append(link.pk)
            labels.append(label)
        for project_id, links in linked.items():
            record("label_link.created", actor, project=project_id, ids=links)
    return labels


def update_label(actor: Actor, label_id: int, fields: dict[str, Any]) -> Label:
    """Change title, value, description or approval. Raises 404, and 400 for a title that another label has."""
    with transaction.atomic():
        label = Label.objects.visible_to(actor).select_for_update().filter(pk=label_id).first()
        if label is None:
            raise not_found()
        if "title" in fields:
            fields["title_digest"] = digest(fields["title"])
            if Label.objects.visible_to(actor).filter(title_digest=fields["title_digest"]).exclude(pk=label.pk).exists():
                raise invalid(title=_("There is a label of this title already."))
        if "value" in fields:
            fields["value"] = json_text(fields["value"])
        if "approved" in fields:
            fields["approved_by_id"] = actor.user_id if fields["approved"] else None
        for name, value in fields.items():
            setattr(label, name, value)
        label.updated_at = timezone.now()
        label.save(update_fields=[*fields, "updated_at"])
        for project, link in LabelLink.objects.visible_to(actor).filter(label=label).values_list("project_id", "pk"):
            record("label_link.updated", actor, project=project, ids=[link])
    return label


def delete_label(actor: Actor, label_id: int) -> None:
    """Remove a label from every project. Annotations that name it stay as they are. Raises 404."""
    with transaction.atomic():
        label = Label.objects.visible_to(actor).filter(pk=label_id).first()
        if label is None:
            raise not_found()
        for project, link in list(LabelLink.objects.filter(label=label).values_list("project_id", "pk")):
            record("label_link.deleted", actor, project=project, ids=[link])
        label.delete()


def create_link(actor: Actor, project_id: int, label_id: int, from_name: str) -> LabelLink:
    """Offer a label in a project. Raises 400 for an unknown project or label, or one that is there already."""
    with transaction.atomic():
        project = Project.objects.visible_to(actor).filter(pk=project_id).first()
        label = Label.objects.visible_to(actor).filter(pk=label_id).first()
        if project is None:
            raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": project_id})
        if label is None:
            raise invalid(label=_('Invalid pk "%(id)s" - object does not exist.') % {"id": label_id})
        link, new = LabelLink.objects.get_or_create(project=project, label=label, defaults={"from_name": from_name})
        if not new:
            raise invalid(non_field_errors=_("This label is in the project already."))
        record("label_link.created", actor, project=project.pk, ids=[link.pk])
    return link


def update_link(actor: Actor, link_id: int, from_name: str) -> LabelLink:
    """Move a label to another control. Raises 404."""
    with transaction.atomic():
        link = _link(actor, link_id)
        link.from_name = from_name
        link.save(update_fields=["from_name"])
        record("label_link.updated", actor, project=link.project_id, ids=[link.pk])
    return link


def delete_link(actor: Actor, link_id: int) -> None:
    """Take a label out of a project. Raises 404."""
    with transaction.atomic():
        link = _link(actor, link_id)
        record("label_link.deleted", actor, project=link.project_id, ids=[link.pk])
        link.delete()


def _link(actor: Actor, link_id: int) -> LabelLink:
    visible = LabelLink.objects.visible_to(actor).filter(pk=link_id).values("pk")
    link = LabelLink.objects.select_for_update().filter(pk__in=visible).first()
    if link is None:
        raise not_found()
    return link


def rename_in_annotations(actor: Actor, project_id: int | None, old: Any, new: Any) -> int:
    """Put `new` where an answer of a taxonomy or of choices is `old` (paths), in the annotations of a project or of all that the actor sees.

    Each annotation keeps its former state as a version. Returns how many changed. Raises 404 for an unknown project.
    """
    if project_id is not None and not Project.objects.visible_to(actor).filter(pk=project_id).exists():
        raise not_found()
    visible, params = visible_projects(actor)
    last, changed = 0, 0
    while True:
        found = rows(
            f"""SELECT id, result FROM tasks_annotation WHERE id > %s AND result_count > 0 AND project_id IN ({visible})
                AND {"project_id = %s" if project_id is not None else "%s IS NULL"} ORDER BY id LIMIT {AT_ONCE}""",
            [last, *params, project_id],
        )
        for annotation_id, text in found:
            last = annotation_id
            result = read_json(text)
            if sum(_renamed(row, old, new) for row in result):
                update_annotation(actor, annotation_id, {"result": result})
                changed += 1
        if len(found) < AT_ONCE:
            return changed


def _renamed(row: Any, old: Any, new: Any) -> bool:
    """Change one result row; whether it was changed. A path of one step also stands as a plain choice."""
    value = row.get("value") if isinstance(row, dict) else None
    changed = False
    for name in ("taxonomy", "choices"):
        answers = value.get(name) if isinstance(value, dict) else None
        if not isinstance(answers, list):
            continue
        kept = [_replaced(answer, old, new) for answer in answers]
        changed = changed or kept != answers
        answers[:] = kept
    return changed


def _replaced(answer: Any, old: Any, new: Any) -> Any:
    if answer == old:
        return new
    if [answer] == old:
        return new[0] if isinstance(new, list) and len(new) == 1 else new
    return answer
