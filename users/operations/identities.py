"""Accounts at an issuer that people sign in with: connected by proof of both sides, and carried into a frame by a code."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, not_found
from core.events.record import record
from core.secrets import digest, new_token
from users.models import Handover, Identity, User
from users.openid import Claims

HANDOVER_LIFETIME = timedelta(seconds=60)


def store_identity(user: User, claims: Claims) -> Identity:
    """Connect an account of ours with the issuer's, in the caller's transaction. Raises 409 when either is connected already."""
    now = timezone.now()
    try:
        with transaction.atomic():
            return Identity.objects.create(
                user=user, issuer=claims.issuer, subject=claims.subject, username=claims.username, created_at=now, last_used_at=now
            )
    except IntegrityError:
        raise Refused(_("One of these accounts is connected with another already. Disconnect it there first."), 409) from None


def connect(actor: Actor, claims: Claims) -> Identity:
    """The signed-in person has signed in there too. Raises 409 when either account is connected already."""
    with transaction.atomic():
        identity = store_identity(User.objects.get(pk=actor.user_id), claims)
        record("identity.connected", actor, ids=[actor.user_id], issuer=claims.issuer)
    return identity


def disconnect(actor: Actor, identity_id: int) -> None:
    """Raises 404 for another's, 409 when it is the only way in."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        if not user.has_usable_password() and user.identities.exclude(pk=identity_id).count() == 0:
            raise Refused(_("This is your only way to sign in. Set a password first."), 409)
        if not Identity.objects.filter(pk=identity_id, user=user).delete()[0]:
            raise not_found()
        record("identity.disconnected", actor, ids=[user.pk])


def make_handover(user: User) -> str:
    """A code with which the frame that opened the window signs in, once, within a minute."""
    code, now = new_token(), timezone.now()
    with transaction.atomic():
        Handover.objects.filter(expires_at__lte=now).delete()
        Handover.objects.create(user=user, code_digest=digest(code), expires_at=now + HANDOVER_LIFETIME)
    return code


def take_handover(code: str) -> User:
    """Whose code it is; it is used up. Raises 400 for one that is unknown, used or too old."""
    with transaction.atomic():
        row = Handover.objects.select_related("user").filter(code_digest=digest(code), expires_at__gt=timezone.now(), user__is_active=True)
        found = row.first()
        if found is None or not Handover.objects.filter(pk=found.pk).delete()[0]:
            raise Refused(_("This sign-in is not valid any more. Start again."), 400)
    return found.user
