"""People who did imported work elsewhere: names on their work, nobody who could sign in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.events.record import record
from core.permissions import Role
from organizations.models import Membership
from organizations.queries import my_organization
from users.models import User

DOMAIN = "placeholder.invalid"  # no mail ever goes there (RFC 2606)
MARK = "(imported)"


@dataclass(frozen=True)
class Elsewhere:
    """Somebody as another server names them. `key` is their e-mail address, or one at `DOMAIN` for who is only a number."""

    key: str
    first_name: str = ""
    last_name: str = ""


def ensure_placeholders(actor: Actor, people: Iterable[Elsewhere]) -> dict[str, int]:
    """A deactivated member without sign-in for each of them, named as imported; {key: user id}. Who is (or was) a member is found, not made.

    An address that belongs to an account of another organization stays theirs: the placeholder gets an address of its own.
    """
    found: dict[str, int] = {}
    made = []
    with transaction.atomic():
        organization = my_organization(actor)
        now = timezone.now()
        for person in people:
            wanted = (person.key, _own_address(person.key, organization.pk))
            known = Membership.objects.filter(organization=organization, user__email__in=wanted).values_list("user_id", flat=True).first()
            if known is None:
                known = _make(person, wanted, now).pk
                Membership.objects.create(
                    organization_id=organization.pk, user_id=known, role=Role.ANNOTATOR, is_active=False, removed_at=now
                )
                made.append(known)
            found[person.key] = known
        if made:
            record("member.placeholders_added", actor, ids=made)
    return found


def _make(person: Elsewhere, addresses: tuple[str, str], now: object) -> User:
    theirs, own = addresses
    user = User(
        email=own if User.objects.filter(email=theirs).exists() else theirs,
        first_name=(person.first_name or theirs.partition("@")[0])[:200],
        last_name=f"{person.last_name[:200]} {MARK}".strip(),
        username=theirs.partition("@")[0],
        is_active=False,
        password=make_password(None),
    )
    user.save(force_insert=True)
    return user


def _own_address(key: str, organization: int) -> str:
    return f"{sha256(f'{organization}/{key}'.encode()).hexdigest()[:16]}@{DOMAIN}"
