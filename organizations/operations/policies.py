"""The rules of an organization: its name, who may sign up as what, which tokens and sessions are allowed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import Refused
from core.events.record import record
from core.permissions import Role
from organizations.models import Organization
from organizations.operations.members import check_may_give
from organizations.queries import my_organization

GENERAL = ("title", "contact_info", "signup_open", "signup_role")
TOKENS = ("api_tokens_enabled", "legacy_api_tokens_enabled", "api_token_ttl_days")
SESSIONS = ("max_session_age", "max_time_between_activity")


def update_organization(actor: Actor, fields: dict[str, Any]) -> Organization:
    """Change fields of GENERAL; others are ignored. Raises 403 for a role that the actor may not give."""
    if "signup_role" in fields:
        check_may_give(actor, Role(fields["signup_role"]))
    return _change(actor, fields, GENERAL)


def update_token_policy(actor: Actor, fields: dict[str, Any]) -> Organization:
    """Change fields of TOKENS; what is switched off stops working at once."""
    return _change(actor, fields, TOKENS)


def update_session_policy(actor: Actor, fields: dict[str, Any]) -> Organization:
    """Change fields of SESSIONS (minutes); they hold for the sessions there are, at once."""
    return _change(actor, fields, SESSIONS)


def close_sign_up(actor: Actor) -> Organization:
    """From now on by invitation only. Raises 409 when the environment decides."""
    if settings.DISABLE_SIGNUP_WITHOUT_LINK is not None:
        raise Refused(_("LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK decides who can sign up; change it there."), 409)
    return _change(actor, {"signup_open": False}, GENERAL)


def _change(actor: Actor, fields: dict[str, Any], allowed: tuple[str, ...]) -> Organization:
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=my_organization(actor).pk)
        changes = {name: value for name, value in fields.items() if name in allowed and getattr(organization, name) != value}
        for name, value in changes.items():
            setattr(organization, name, value)
        if changes:
            organization.save(update_fields=[*changes, "updated_at"])
            record("organization.updated", actor, ids=[organization.pk], **changes)
            credentials_changed()
    return organization
