"""Signing in with an account elsewhere: who may come in as what, and who waits for an administrator.

An e-mail address alone opens no account: who has one here already proves it with its password.
"""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused, forbidden, invalid
from core.events.record import record
from core.permissions import Role
from organizations.models import AccessRequest, Membership, Organization
from organizations.operations import joining
from organizations.queries import actor_of_user, first_organization, invited_by
from users.models import Identity, User
from users.openid import Claims, provider
from users.operations import accounts
from users.operations.identities import store_identity

# Roles in a Hugging Face organization, the greatest first, and ours.
ROLES = {"admin": Role.ADMINISTRATOR, "write": Role.MANAGER, "contributor": Role.ANNOTATOR, "read": Role.ANNOTATOR}


class AddressTaken(Exception):
    """There is an account with this verified address: its password has to be given before the two are connected."""


def sign_in_with(claims: Claims, token: str, address: str) -> User:
    """The account of somebody whom the issuer has named, made when there is none; `token` is an invitation's.

    Raises AddressTaken, 403 for an account that was deleted or a Space without owner, 400 for somebody else's invitation.
    """
    user = _known(claims)
    if user is None:
        user = _new(claims, token)
    with transaction.atomic():
        _let_in(user, claims, token)
        record("account.signed_in", actor_of_user(user), ids=[user.pk], address=address, issuer=claims.issuer)
    return user


def connect_by_password(claims: Claims, password: str, address: str) -> User:
    """Both sides are proved: the issuer named the person, and the password is the account's. Raises 400, 429 as signing in does, 409."""
    user = joining.sign_in(claims.email, password, address)
    with transaction.atomic():
        store_identity(user, claims)
        record("identity.connected", actor_of_user(user), ids=[user.pk], issuer=claims.issuer)
        _let_in(user, claims, "")
    return user


def _known(claims: Claims) -> User | None:
    identity = Identity.objects.select_related("user").filter(issuer=claims.issuer, subject=claims.subject).first()
    if identity is None:
        return None
    if not identity.user.is_active:
        raise forbidden(_("This account was deleted here. Ask an administrator."))
    Identity.objects.filter(pk=identity.pk).update(username=claims.username, last_used_at=timezone.now())
    return identity.user


def _new(claims: Claims, token: str) -> User:
    if claims.email and User.objects.filter(email=claims.email).exists():
        raise AddressTaken
    first, _space, last = claims.name.partition(" ")
    user = accounts.new_account(_address(claims), None, username=claims.username, first_name=first, last_name=last)
    try:
        with transaction.atomic():
            joining.one_at_a_time()
            if first_organization() is None and settings.ENVIRONMENT.on_space and not claims.is_creator and not invited_by(token):
                raise forbidden(_("This Space has no owner yet. Its creator has to sign in first."))
            accounts.store_account(user)
            store_identity(user, claims)
            _let_in(user, claims, token)
    except (IntegrityError, Refused):
        # The same person in two windows at once: the other was first.
        if (known := _known(claims)) is None:
            raise
        return known
    return user


def _address(claims: Claims) -> str:
    """The verified address, else one that nobody can write to and that no other account has."""
    from core.secrets import digest

    return claims.email or f"{digest(f'{claims.issuer} {claims.subject}')[:24]}@account.invalid"


def _let_in(user: User, claims: Claims, token: str) -> None:
    """Into the organization that the invitation opens, else by who they are, else they wait. Who is in already stays what they are."""
    if token:
        invited = joining.check_sign_up(token)
        if invited is not None:
            if invited.email and invited.email != user.email:
                raise invalid(email=_("This invitation is for another e-mail address."))
            if not Membership.objects.present().filter(user=user, organization=invited.organization).exists():
                joining.accept(user, invited)
            return
    if Membership.objects.present().filter(user=user).exists():
        return
    organization = first_organization()
    if organization is None:
        joining.found(user)
        return
    role = None if Membership.objects.filter(user=user, organization=organization).exists() else role_of(claims, organization)
    if role is not None:
        joining.enter(user, organization, role, by="sign-in")
        AccessRequest.objects.filter(user=user, organization=organization).delete()
        return
    _request, made = AccessRequest.objects.get_or_create(user=user, organization=organization, defaults={"created_at": timezone.now()})
    if made:
        record("access.requested", None, organization=organization.pk, ids=[user.pk])


def role_of(claims: Claims, organization: Organization) -> Role | None:
    """What somebody comes in as without being asked in; None for a stranger."""
    if claims.is_creator:
        return Role.OWNER
    environment, issuer = settings.ENVIRONMENT, provider()
    names = {claims.email, claims.subject, *([claims.username.lower()] if issuer is not None and issuer.is_hub else [])} - {""}
    found = [Role(organization.signup_role)] if names & {name.lower() for name in environment.oauth_allowed_users} else []
    own = environment.space.author.lower()
    for name in {own, *(name.lower() for name in environment.oauth_allowed_organizations)} - {""}:
        if name not in claims.organizations:
            continue
        there = claims.organizations[name]
        if name == own:
            found.append(Role.OWNER if there == "admin" else ROLES.get(there, Role.ANNOTATOR))
        else:
            found.append(ROLES.get(there, Role(organization.signup_role)))
    return min(found, key=list(Role).index) if found else None
