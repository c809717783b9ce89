"""Guests who do not come back: what they made is deleted after a time, organization by organization."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.actor import Actor
from core.events.record import record
from core.permissions import Role
from organizations.models import Membership, Organization
from projects.guests import DOMAIN
from projects.models import Project
from projects.operations import delete_project
from users.models import User

_before: list[Callable[[int], None]] = []


def before_forgetting(give_up: Callable[[int], None]) -> None:
    """Rooms below add what an organization without projects still has: called with its id before it goes, perhaps more than once."""
    if give_up not in _before:
        _before.append(give_up)


def forget_guests() -> bool:
    """Delete the projects of a guest whom nobody has seen for `GUEST_KEEP_DAYS`, then the guest; returns whether there may be more.

    Who works in a project that a guest has shared keeps it alive. A guest who works in another's project stays an account.
    """
    days = settings.GUEST_KEEP_DAYS
    if not days:
        return False
    now = timezone.now()
    seen = Q(user__last_activity__gte=now - timedelta(days=days)) | Q(user__sessions__expires_at__gt=now)
    visited = Membership.objects.filter(seen, organization=OuterRef("pk"), removed_at=None)
    left = Organization.objects.filter(~Exists(visited), for_guest=True, created_at__lt=now - timedelta(days=days)).order_by("pk")
    present = Project.objects.filter(organization=OuterRef("pk"))
    organization = left.filter(Exists(present.filter(deleted_at=None))).first()
    if organization is not None:
        _delete_projects(organization)
        return True
    organization = left.filter(~Exists(present)).first()  # rows of a deleted project go in a job; the organization waits for it
    if organization is None:
        return False
    for give_up in _before:
        give_up(organization.pk)
    with transaction.atomic():
        record("organization.forgotten", None, organization=organization.pk, ids=[organization.pk])
        guests = User.objects.filter(email__endswith=f"@{DOMAIN}", memberships__organization=organization, memberships__role=Role.OWNER)
        elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(organization=organization)
        gone = list(guests.filter(~Exists(elsewhere)).values_list("pk", flat=True))
        organization.delete()
        User.objects.filter(pk__in=gone).delete()
    return True


def _delete_projects(organization: Organization) -> None:
    worker = Actor(organization.created_by_id or 0, "", organization.pk, Role.OWNER, "worker")
    for pk in list(Project.objects.filter(organization=organization, deleted_at=None).values_list("pk", flat=True)):
        delete_project(worker, pk)
