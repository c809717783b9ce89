"""Links into an organization: its own, for any number of people, and invitations with a role, an end and perhaps one address."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import invalid, not_found
from core.events.record import record
from core.permissions import Role
from core.secrets import digest, encrypt, new_token
from organizations.models import Invitation, Organization
from organizations.operations.members import check_may_give
from organizations.queries import INVITE_PURPOSE, invite_token, live_invitations, my_organization
from users.models import User
from users.operations.accounts import checked_email

LIFETIME_DAYS = 7
LONGEST_DAYS = 90


def organization_token(actor: Actor) -> str:
    """The token of the organization's own link; the first time it is made."""
    token = invite_token(my_organization(actor))
    return token if token is not None else reset_organization_token(actor)


def reset_organization_token(actor: Actor) -> str:
    """A new link for the organization; the former is dead."""
    token = new_token()
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=my_organization(actor).pk)
        organization.invite_token, organization.invite_digest = encrypt(token, INVITE_PURPOSE), digest(token)
        organization.save(update_fields=["invite_token", "invite_digest"])
        record("invite_link.reset", actor, ids=[organization.pk])
    return token


def invite(actor: Actor, role: Role, *, email: str = "", days: int = LIFETIME_DAYS) -> tuple[Invitation, str]:
    """An invitation and its token, which is never shown again. With an address it is for that person, once.

    Raises 400 for an address that is none or has an account already, 403 for a role that the actor may not give.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise invalid(days=_("An invitation lives 1 to %(count)s days.") % {"count": LONGEST_DAYS})
    email = checked_email(email) if email.strip() else ""
    check_may_give(actor, role)
    token, now = new_token(), timezone.now()
    with transaction.atomic():
        organization = my_organization(actor)
        if email and User.objects.filter(email=email, memberships__organization=organization, memberships__removed_at=None).exists():
            raise invalid(email=_("This person is a member already."))
        if email:
            live_invitations().filter(organization=organization, email=email).update(revoked_at=now)
        row = Invitation.objects.create(
            organization=organization,
            token_digest=digest(token),
            email=email,
            role=role,
            created_by_id=actor.user_id,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        record("invitation.created", actor, ids=[row.pk], role=role, email=email)
    return row, token


def revoke(actor: Actor, invitation_id: int) -> None:
    """Raises 404 for an invitation that is not live or not of this organization."""
    with transaction.atomic():
        if not live_invitations().visible_to(actor).filter(pk=invitation_id).update(revoked_at=timezone.now()):
            raise not_found()
        record("invitation.revoked", actor, ids=[invitation_id])
