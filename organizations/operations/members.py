"""What administrators do to people: make accounts, change profiles and roles, remove, hand out password links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import Refused, forbidden, invalid, not_found
from core.events.record import record
from core.permissions import Role
from organizations.models import Membership, Organization
from organizations.queries import member, my_organization, roles_that_may_be_given
from users.avatars import delete_avatar
from users.models import User
from users.operations import accounts

FIRST_PASSWORD_LIFETIME = timedelta(days=7)


def create_person(actor: Actor, email: str, password: str | None, role: Role | None = None, **fields: Any) -> tuple[User, str | None]:
    """An account in the actor's organization. Without a password also the token of a link with which the person sets one.

    Raises 400 for an address or password that will not do, 403 for a role that the actor may not give.
    """
    user = accounts.new_account(email, password, **fields)
    with transaction.atomic():
        organization = my_organization(actor)
        role = role or Role(organization.signup_role)
        check_may_give(actor, role)
        accounts.store_account(user)
        Membership.objects.create(organization=organization, user=user, role=role)
        record("member.added", actor, ids=[user.pk], role=role)
        token = None if password is not None else accounts.make_password_link(actor, user, lifetime=FIRST_PASSWORD_LIFETIME)
    return user, token


def update_person(actor: Actor, user_id: int, fields: dict[str, Any]) -> User:
    """Change a person's profile: one's own, or as an administrator another's. Raises 403 otherwise, 404 for a stranger."""
    user = member(actor, user_id).user
    if user_id != actor.user_id:
        if not actor.may("people.change"):
            raise forbidden()
        check_may_manage(actor, member(actor, user_id))
    return accounts.update_profile(actor, user, fields)


def change_role(actor: Actor, user_id: int, role: Role) -> Membership:
    """Raises 403 for a role that the actor may not give or take, 400 when the last owner would go, 404 for a stranger."""
    with transaction.atomic():
        row = _locked(actor, user_id)
        check_may_manage(actor, row)
        check_may_give(actor, role)
        if row.role == role:
            return row
        _keep_an_owner(row)
        before, row.role = row.role, role
        row.save(update_fields=["role"])
        record("member.role_changed", actor, ids=[user_id], before=before, after=role)
        credentials_changed()
    return row


def remove_member(actor: Actor, user_id: int) -> User:
    """The person loses the organization, and their sessions and tokens, at once; their work stays.

    Raises 405 for oneself, 403 for whom the actor may not manage, 400 for the last owner, 404 for who is not (any more) a member.
    """
    with transaction.atomic():
        row = _locked(actor, user_id)
        if user_id == actor.user_id:
            raise Refused(_("You cannot remove yourself."), 405)
        check_may_manage(actor, row)
        _keep_an_owner(row)
        row.removed_at, row.is_active = timezone.now(), False
        row.save(update_fields=["removed_at", "is_active"])
        elsewhere = Membership.objects.present().filter(user_id=user_id).first()
        if elsewhere is not None:
            Membership.objects.filter(pk=elsewhere.pk).update(is_active=True)
        accounts.end_credentials(row.user)
        record("member.removed", actor, ids=[user_id], role=row.role)
    return row.user


def delete_person(actor: Actor, user_id: int) -> None:
    """Remove a person and, when they belong to no other organization, forget who they were: name, address, picture, password.

    The account's number stays on their work. Raises as `remove_member`, and 403 for an owner.
    """
    with transaction.atomic():
        if _locked(actor, user_id).role == Role.OWNER:
            raise forbidden(_("An owner's account cannot be deleted: change their role first."))
        user = remove_member(actor, user_id)
        if Membership.objects.present().filter(user=user).exists():
            return
        former = user.avatar
        user.email = f"deleted-{user.pk}@deleted.invalid"
        user.username = user.first_name = user.last_name = user.phone = user.avatar = ""
        user.allow_newsletters, user.is_active = None, False
        user.preferences, user.custom_hotkeys = {}, {}
        user.set_unusable_password()
        user.save()
        user.identities.all().delete()
        record("account.deleted", actor, ids=[user.pk])
        transaction.on_commit(lambda: delete_avatar(former))


def make_password_link(actor: Actor, user_id: int) -> str:
    """The token of a link with which a person sets a new password, for an administrator to hand on.

    Raises 403 for whom the actor may not manage, and for people of other organizations: the link opens all that they may see.
    """
    with transaction.atomic():
        row = member(actor, user_id)
        check_may_manage(actor, row)
        if Membership.objects.present().filter(user_id=user_id).exclude(organization_id=row.organization_id).exists():
            raise forbidden(_("This person also belongs to another organization: they have to change their password themselves."))
        return accounts.make_password_link(actor, row.user)


def check_may_manage(actor: Actor, row: Membership) -> None:
    """Only owners touch owners."""
    if row.role == Role.OWNER and actor.role != Role.OWNER:
        raise forbidden(_("Only an owner can do this to an owner."))


def check_may_give(actor: Actor, role: Role) -> None:
    if role not in roles_that_may_be_given(actor):
        raise forbidden(_("You cannot give this role."))


def _locked(actor: Actor, user_id: int) -> Membership:
    # The organization's row is the lock: two owners who demote each other at once must not both succeed.
    if actor.organization_id is None or not Organization.objects.select_for_update().filter(pk=actor.organization_id).exists():
        raise not_found()
    return member(actor, user_id)


def _keep_an_owner(row: Membership) -> None:
    others = Membership.objects.present().filter(organization_id=row.organization_id, role=Role.OWNER).exclude(pk=row.pk)
    if row.role == Role.OWNER and not others.exists():
        raise invalid(role=_("An organization needs an owner: make somebody else one first."))
