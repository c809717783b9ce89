"""What administrators answer to people who wait for approval."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import not_found
from core.events.record import record
from core.permissions import Role
from organizations.models import AccessRequest
from organizations.operations import joining
from organizations.operations.members import check_may_give
from organizations.queries import access_request, my_organization
from users.models import User


def approve(actor: Actor, request_id: int, role: Role) -> User:
    """Let somebody in. Raises 403 for a role that the actor may not give, 404 for a request that is not there any more."""
    check_may_give(actor, role)
    with transaction.atomic():
        user = _taken(actor, request_id)
        joining.enter(user, my_organization(actor), role, by="approval")
        record("access.approved", actor, ids=[user.pk], role=role)
        credentials_changed()
    return user


def refuse(actor: Actor, request_id: int) -> User:
    """Keep somebody out; asking again does not bring them back. Raises 404."""
    with transaction.atomic():
        user = access_request(actor, request_id).user
        AccessRequest.objects.filter(pk=request_id).update(refused_at=timezone.now())
        record("access.refused", actor, ids=[user.pk])
    return user


def _taken(actor: Actor, request_id: int) -> User:
    user = access_request(actor, request_id).user
    if not AccessRequest.objects.filter(pk=request_id).delete()[0]:
        raise not_found()
    return user
