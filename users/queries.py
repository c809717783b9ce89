"""What reads accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.actor import Actor
from users.models import Identity, Session, User

MOST_SESSIONS = 100


@dataclass(frozen=True)
class SessionRow:
    """One of a person's sessions as they see it."""

    id: int
    address: str
    agent: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


def my_sessions(actor: Actor) -> list[SessionRow]:
    """The actor's sessions, the one they came with first, then the latest used."""
    rows = Session.objects.filter(user_id=actor.user_id, expires_at__gt=timezone.now()).order_by("-last_seen_at")[:MOST_SESSIONS]
    found = [
        SessionRow(row.pk, row.address, agent_name(row.agent), row.created_at, row.last_seen_at, row.key_digest == actor.session_key)
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_this)


def account(user_id: int) -> User:
    return User.objects.get(pk=user_id)


def agent_name(agent: str) -> str:
    """A browser's and a system's name from a User-Agent header, for people: "Firefox on Linux"."""
    browsers = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    if browser and system:
        return f"{browser} · {system}"
    return browser or agent[:60]


def my_identities(actor: Actor) -> list[Identity]:
    """One's accounts elsewhere, the first connected first."""
    return list(Identity.objects.filter(user_id=actor.user_id).order_by("pk"))
