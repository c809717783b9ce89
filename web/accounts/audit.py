"""The audit log: events in words, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.events.models import Event
from core.permissions import ROLE_NAMES, Role
from core.rawjson import read_json

PER_PAGE = 50
# How far back one page looks for events of its area. What lies further is on the next page.
WINDOW = 20_000

# Kinds of events and what they say. {who} did it, {name} is whom it concerns.
PEOPLE: dict[str, Any] = {
    "account.signed_in": gettext_lazy("{who} signed in"),
    "account.signed_out": gettext_lazy("{who} signed out"),
    "account.sign_in_failed": gettext_lazy("Somebody failed to sign in as {name}"),
    "account.password_changed": gettext_lazy("{name} has a new password"),
    "account.password_link_made": gettext_lazy("{who} made a password link for {name}"),
    "account.updated": gettext_lazy("{who} changed the profile of {name}"),
    "account.deleted": gettext_lazy("{who} deleted the account of {name}"),
    "session.ended": gettext_lazy("{who} ended a session"),
    "token.created": gettext_lazy("{who} made an API token"),
    "token.revoked": gettext_lazy("{who} revoked an API token"),
    "token.rotated": gettext_lazy("{who} replaced an API token"),
    "member.joined": gettext_lazy("{name} joined"),
    "member.added": gettext_lazy("{who} added {name}"),
    "member.role_changed": gettext_lazy("{who} changed the role of {name}"),
    "member.removed": gettext_lazy("{who} removed {name}"),
    "member.switched": gettext_lazy("{who} came from another organization"),
    "access.requested": gettext_lazy("{name} asked to come in"),
    "access.approved": gettext_lazy("{who} let {name} in"),
    "access.refused": gettext_lazy("{who} did not let {name} in"),
    "identity.connected": gettext_lazy("{who} connected an account elsewhere"),
    "identity.disconnected": gettext_lazy("{who} disconnected an account elsewhere"),
    "invitation.created": gettext_lazy("{who} made an invitation"),
    "invitation.revoked": gettext_lazy("{who} revoked an invitation"),
    "invite_link.reset": gettext_lazy("{who} replaced the organization's link"),
    "organization.updated": gettext_lazy("{who} changed the organization's rules"),
}
# area -> (title, kinds that begin so; none: everything)
AREAS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "people": (
        gettext_lazy("People and access"),
        ("account.", "session.", "token.", "member.", "access.", "identity.", "invitation.", "invite_link.", "organization."),
    ),
    "projects": (gettext_lazy("Projects"), ("project.",)),
    "data": (gettext_lazy("Imports, exports, deletions"), ("import.", "export.", "upload.", "tasks.", "task.", "file.")),
    "all": (gettext_lazy("Everything"), ()),
}
CONCERNS_PEOPLE = ("account.", "member.", "access.")


@dataclass(frozen=True)
class Entry:
    """A line of the log. `detail` holds what the event says besides, in words."""

    id: int
    created_at: datetime
    text: str
    detail: str
    kind: str


@dataclass(frozen=True)
class AuditPage:
    """`older` is where the next page begins (`?before=`); None at the end of the log."""

    entries: list[Entry]
    older: int | None


def audit_page(actor: Actor, area: str, before: int | None) -> AuditPage:
    """At most PER_PAGE events of an area among the last WINDOW of the organization before an id. Two statements, however long the log."""
    rows, end = _rows(actor, AREAS[area][1], before)
    names = _names([row["actor_id"] for row in rows] + [number for row in rows if _is_about_people(row) for number in row["ids"]])
    entries = [_entry(row, names) for row in rows]
    if len(rows) == PER_PAGE:
        return AuditPage(entries, rows[-1]["id"])
    return AuditPage(entries, end)


def _rows(actor: Actor, prefixes: Sequence[str], before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    window = Event.objects.filter(organization_id=actor.organization_id)
    if before is not None:
        window = window.filter(pk__lt=before)
    ids = window.order_by("-pk").values_list("pk", flat=True)
    last = ids[WINDOW - 1 : WINDOW].first() if prefixes else None
    if last is not None:
        window = window.filter(pk__gte=last)
    if prefixes:
        wanted = Q()
        for prefix in prefixes:
            wanted |= Q(kind__gte=prefix, kind__lt=f"{prefix[:-1]}/")  # "." is followed by "/"
        window = window.filter(wanted)
    rows: list[Any] = list(window.order_by("-pk").values("id", "kind", "actor_id", "project_id", "ids", "meta", "created_at")[:PER_PAGE])
    for row in rows:
        row["ids"], row["meta"] = read_json(row["ids"]), read_json(row["meta"])
    return rows, last


def _is_about_people(row: dict[str, Any]) -> bool:
    return str(row["kind"]).startswith(CONCERNS_PEOPLE)


def _names(user_ids: Sequence[Any]) -> dict[int, str]:
    users = get_user_model().objects.filter(pk__in={number for number in user_ids if number is not None})
    return {user.pk: user.email for user in users}


def _entry(row: dict[str, Any], names: dict[int, str]) -> Entry:
    who = names.get(row["actor_id"], "") or _("Labelspace")
    concerned = [names.get(number, f"#{number}") for number in row["ids"]] if _is_about_people(row) else []
    name = ", ".join(concerned) or _("an unknown address")
    words = PEOPLE.get(row["kind"])
    if words is None:
        text = _("{who}: {kind}").format(who=who, kind=row["kind"].replace(".", " ").replace("_", " "))
    else:
        text = str(words).format(who=who, name=name)
    return Entry(row["id"], row["created_at"], text, _detail(row), row["kind"])


def _detail(row: dict[str, Any]) -> str:
    meta = dict(row["meta"])
    if row["kind"] == "member.role_changed":
        return f"{_role(meta.get('before'))} → {_role(meta.get('after'))}"
    parts = []
    if row["project_id"]:
        parts.append(_("project {id}").format(id=row["project_id"]))
    for name, value in meta.items():
        if value in (None, "", [], {}) or name == "range":
            continue
        if value is True:
            parts.append(name.replace("_", " "))
            continue
        shown = _role(value) if name == "role" else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        parts.append(f"{name.replace('_', ' ')}: {shown}"[:120])
    return " · ".join(parts)


def _role(value: Any) -> str:
    return str(ROLE_NAMES[Role(value)]) if value in list(Role) else str(value)
