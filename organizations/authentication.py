"""The ways to sign a request: `Authorization` and `X-Api-Key` headers with tokens, then the session cookie.

Here and not in users/, because who somebody is depends on their membership. One query at most, none for what was seen a moment ago.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import FilteredRelation, Q
from django.http import HttpRequest
from django.utils import timezone

from core.actor import Actor
from core.authentication import ActorCache, generation, token_kind
from core.errors import Refused
from core.permissions import Role
from core.secrets import digest
from users import tokens
from users.models import ApiToken, Session, User

logger = logging.getLogger("labelspace.authentication")

# "Last seen" and "last used" are written at most this often.
TOUCH_EVERY = timedelta(seconds=60)
LEGACY_DISABLED = "Authentication token no longer valid: legacy token authentication has been disabled for this organization"
TOKENS_DISABLED = "API tokens have been disabled for this organization."

_cache = ActorCache()
_COLUMNS = (
    "id",
    "user_id",
    "user__email",
    "user__last_activity",
    "member__role",
    "member__organization_id",
)


def by_token(request: HttpRequest) -> Actor | None:
    """`X-Api-Key: <any token>`, else `Authorization: Token <any token>`, else `Authorization: Bearer <access token>`.

    A wrong Bearer is somebody else's (a proxy's, perhaps) and falls through; the others raise 401.
    """
    key = request.META.get("HTTP_X_API_KEY", "").strip()
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    text = text.strip()
    if key:
        return _any_token(key)
    if text and scheme.lower() == "token":
        return _any_token(text)
    if text and scheme.lower() == "bearer":
        return _access(text)
    return None


def by_session(request: HttpRequest) -> Actor | None:
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    key_digest = digest(key)
    mark = generation()
    actor = _cache.get(key_digest)
    if actor is not None:
        return actor
    row: dict[str, Any] | None = (
        Session.objects.filter(key_digest=key_digest, user__is_active=True)
        .annotate(member=_member())
        .values(
            *_COLUMNS,
            "created_at",
            "last_seen_at",
            "member__organization__max_session_age",
            "member__organization__max_time_between_activity",
        )
        .first()
    )
    if row is None:
        return None
    left = _seconds_left(row)
    if left <= 0:
        return None
    actor = _actor(row, "session", key_digest)
    _touch(row, Session, "last_seen_at")
    _cache.put(key_digest, actor, left, mark)
    return actor


def _seconds_left(row: dict[str, Any]) -> float:
    """How long the session still lives by the organization's policy."""
    oldest = row["member__organization__max_session_age"]
    idle = row["member__organization__max_time_between_activity"]
    age = timedelta(minutes=oldest) if oldest is not None else timedelta(seconds=settings.SESSION_COOKIE_AGE)
    rest = timedelta(minutes=idle) if idle is not None else timedelta(seconds=settings.MAX_TIME_BETWEEN_ACTIVITY)
    return (min(row["created_at"] + age, row["last_seen_at"] + rest) - timezone.now()).total_seconds()


def _any_token(text: str) -> Actor:
    kind = token_kind(text)
    if kind is not None:
        actor = kind(text)
    else:
        actor = (_access(text) or _personal(text)) if tokens.is_jwt(text) else _legacy(text)
    if actor is None:
        raise Refused("Invalid token.", 401)
    return actor


def _legacy(text: str) -> Actor | None:
    return _by_row(f"legacy:{digest(text)}", {"kind": ApiToken.Kind.LEGACY, "lookup": digest(text)}, "token")


def _access(text: str) -> Actor | None:
    try:
        claims = tokens.read(text, "access")
    except tokens.TokenInvalid:
        return None
    which = {
        "kind": ApiToken.Kind.PERSONAL,
        "lookup": claims.parent,
        "user_id": claims.user_id,
        "user__token_version": claims.token_version,
    }
    return _by_row(f"access:{claims.parent}:{claims.user_id}:{claims.token_version}", which, "bearer")


def _personal(text: str) -> Actor | None:
    try:
        claims = tokens.read(text, "refresh")
    except tokens.TokenInvalid:
        return None
    which = {"kind": ApiToken.Kind.PERSONAL, "lookup": claims.jti, "user_id": claims.user_id}
    return _by_row(f"refresh:{claims.jti}:{claims.user_id}", which, "token")


def _by_row(key: str, which: dict[str, Any], scheme: str) -> Actor | None:
    """The actor of a live token row. Raises 401 when the organization has switched this kind of token off."""
    mark = generation()
    actor = _cache.get(key)
    if actor is not None:
        return actor
    row: dict[str, Any] | None = (
        ApiToken.objects.filter(revoked_at=None, user__is_active=True, **which)
        .annotate(member=_member())
        .values(
            *_COLUMNS,
            "expires_at",
            "last_used_at",
            "member__organization__legacy_api_tokens_enabled",
            "member__organization__api_tokens_enabled",
        )
        .first()
    )
    if row is None or row["member__organization_id"] is None:
        return None
    left = ActorCache.SECONDS if row["expires_at"] is None else (row["expires_at"] - timezone.now()).total_seconds()
    if left <= 0:
        return None
    if which["kind"] == ApiToken.Kind.LEGACY and not row["member__organization__legacy_api_tokens_enabled"]:
        raise Refused(LEGACY_DISABLED, 401)
    if which["kind"] == ApiToken.Kind.PERSONAL and not row["member__organization__api_tokens_enabled"]:
        raise Refused(TOKENS_DISABLED, 401)
    actor = _actor(row, scheme)
    _touch(row, ApiToken, "last_used_at")
    _cache.put(key, actor, left, mark)
    return actor


def _member() -> FilteredRelation:
    """The membership in the organization that the person works in now."""
    return FilteredRelation("user__memberships", condition=Q(user__memberships__is_active=True, user__memberships__removed_at=None))


def _actor(row: dict[str, Any], scheme: str, session_key: str = "") -> Actor:
    role = row["member__role"]
    return Actor(
        user_id=row["user_id"],
        email=row["user__email"],
        organization_id=row["member__organization_id"],
        role=Role(role) if role is not None else None,
        scheme=scheme,
        session_key=session_key,
    )


def _touch(row: dict[str, Any], model: type[Session | ApiToken], column: str) -> None:
    """Write when the credential and its person were last seen. A busy database must not stop a request that only reads."""
    now = timezone.now()
    try:
        if _is_old(row[column], now):
            model.objects.filter(pk=row["id"]).update(**{column: now})
        if _is_old(row["user__last_activity"], now):
            User.objects.filter(pk=row["user_id"]).update(last_activity=now)
    except OperationalError as error:
        logger.warning("last activity not written: %s", error)


def _is_old(moment: datetime | None, now: datetime) -> bool:
    return moment is None or now - moment > TOUCH_EVERY
