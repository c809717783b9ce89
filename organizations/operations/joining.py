"""Getting in: signing in, signing up, accepting an invitation, the account that the environment asks for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import Refused, forbidden, invalid
from core.events.record import record
from core.permissions import Role
from organizations.models import AccessRequest, Membership, Organization
from organizations.queries import Invited, actor_of_user, first_organization, invited_by, live_invitations, sign_up_is_open
from users.models import User
from users.operations import accounts, api_tokens, attempts
from users.passwords import is_password_of

DEFAULT_TITLE = "Labelspace"
SIGN_UP_CLOSED = gettext_noop("Sign-up is by invitation only. Ask an administrator for a link.")
SPACE_IS_OWNED = gettext_noop("This Space has an owner; since then people come by invitation only. Ask the owner for a link.")
CREATOR_FIRST = gettext_noop("The creator of this Space has to sign in first. After that people come by invitation.")
_FIRST_ACCOUNT_LOCK = 0x1ABE15BACF  # any number of our own


def sign_in(email: str, password: str, address: str) -> User:
    """The account of an e-mail address and password. The same sentence and the same time whatever is wrong.

    Raises 400 for a wrong pair, 429 when it was tried too often.
    """
    email = email.strip().lower()
    attempts.begin_attempt(email, address)
    user = User.objects.filter(email=email).first() if "\0" not in email else None
    if not is_password_of(user, password) or user is None:
        organization = Membership.objects.present().filter(user=user, is_active=True).values_list("organization_id", flat=True).first()
        record("account.sign_in_failed", None, organization=organization, ids=[user.pk] if user else [], address=address)
        raise Refused(_("The e-mail address or the password is wrong."), 400)
    attempts.forget(email, address)
    record("account.signed_in", actor_of_user(user), ids=[user.pk], address=address)
    return user


def sign_up(email: str, password: str, token: str = "", **fields: Any) -> User:
    """A new account, in the organization that `token` opens, or without one in the first (its owner, when it is the very first account).

    Raises 403 for a wrong token and when sign-up without one is closed, 400 for an address or password that will not do.
    """
    check_sign_up(token)
    user = accounts.new_account(email, password, **fields)
    with transaction.atomic():
        one_at_a_time()
        organization = first_organization()
        invited = check_sign_up(token)
        if invited is not None and invited.email and invited.email != user.email:
            raise invalid(email=_("This invitation is for another e-mail address."))
        accounts.store_account(user)
        if invited is not None:
            accept(user, invited)
        elif organization is None:
            found(user)
        else:
            enter(user, organization, Role(organization.signup_role))
    return user


def check_sign_up(token: str) -> Invited | None:
    """What the token of an invitation opens; None without a token while sign-up is open. Raises 403."""
    if token:
        invited = invited_by(token)
        if invited is None:
            raise forbidden(_("This invitation is not valid any more. Ask for a new one."))
        return invited
    organization = first_organization()
    if not sign_up_is_open(organization):
        raise forbidden(_(_why_closed(organization)))
    return None


def _why_closed(organization: Organization | None) -> str:
    if organization is None:
        return CREATOR_FIRST
    by_itself = settings.ENVIRONMENT.on_space and settings.DISABLE_SIGNUP_WITHOUT_LINK is None and organization.signup_open
    return SPACE_IS_OWNED if by_itself else SIGN_UP_CLOSED


def join(actor: Actor, token: str) -> Organization:
    """Accept an invitation with the account one has. Raises 403 for a dead one or somebody else's, 409 for a member."""
    with transaction.atomic():
        invited = invited_by(token)
        if invited is None:
            raise forbidden(_("This invitation is not valid any more. Ask for a new one."))
        if invited.email and invited.email != actor.email:
            raise forbidden(_("This invitation is for another e-mail address."))
        if Membership.objects.present().filter(organization=invited.organization, user_id=actor.user_id).exists():
            raise Refused(_("You are a member already."), 409)
        accept(User.objects.get(pk=actor.user_id), invited)
        credentials_changed()
    return invited.organization


def switch_organization(actor: Actor, organization_id: int) -> None:
    """Work in another of one's organizations. Raises 403 when one is not a member there."""
    with transaction.atomic():
        mine = Membership.objects.select_for_update().present().filter(user_id=actor.user_id)
        if not mine.filter(organization_id=organization_id).exists():
            raise forbidden(_("You are not a member of this organization."))
        mine.filter(is_active=True).update(is_active=False)
        mine.filter(organization_id=organization_id).update(is_active=True)
        record("member.switched", actor, organization=organization_id, ids=[actor.user_id])
        credentials_changed()


def ensure_first_user(email: str, password: str, token: str | None = None) -> User:
    """The account that the environment asks for: made as an owner, or given its password again; `token` becomes its legacy token.

    Takes the e-mail address, the password and an optional legacy token; returns the account. Raises 400 for what will not do.
    """
    user = User.objects.filter(email=accounts.checked_email(email)).first()
    if user is None:
        user = _make_owner(email, password)
    elif not is_password_of(user, password):
        _give_password(user, password)
    if token and api_tokens.legacy_token(user) != token:
        with transaction.atomic():
            api_tokens.reset_legacy_token(None, user, token)
            Organization.objects.filter(memberships__user=user).update(legacy_api_tokens_enabled=True)
            record("token.created", actor_of_user(user), ids=[user.pk], by_environment=True)
            credentials_changed()
    return user


def _make_owner(email: str, password: str) -> User:
    user = accounts.new_account(email, password)
    with transaction.atomic():
        one_at_a_time()
        organization = first_organization()
        accounts.store_account(user)
        if organization is None:
            found(user)
        else:
            enter(user, organization, Role.OWNER)
    return user


def _give_password(user: User, password: str) -> None:
    fresh = accounts.new_account(user.email, password)
    user.password, user.is_active = fresh.password, True
    with transaction.atomic():
        user.save(update_fields=["password", "is_active"])
        user.sessions.all().delete()
        record("account.password_changed", actor_of_user(user), ids=[user.pk], by_environment=True)
        credentials_changed()


def acting_owner() -> Actor:
    """Who the commands of this machine act as: the account that the environment names, else the first owner.

    Before there is any account it is nobody, in the organization that the first account will own. Raises 400 when the named account is no owner.
    """
    owners = Membership.objects.present().filter(role=Role.OWNER).select_related("user").order_by("pk")
    named = settings.ENVIRONMENT.username
    first = owners.filter(user__email=named.lower()).first() if named else owners.first()
    if first is not None:
        return Actor(first.user_id, first.user.email, first.organization_id, Role.OWNER, "command")
    if named:
        raise Refused(_("%(email)s owns no organization.") % {"email": named}, 400)
    with transaction.atomic():
        one_at_a_time()
        organization = _waiting() or _make_organization(None)
    nobody: Any = None
    return Actor(nobody, "", organization.pk, Role.OWNER, "command")


def found(user: User) -> Organization:
    """The first account owns the organization, also one with projects in it that a command made before."""
    organization = _waiting() or _make_organization(user)
    Organization.objects.filter(pk=organization.pk, created_by=None).update(created_by=user)
    enter(user, organization, Role.OWNER)
    return organization


def _waiting() -> Organization | None:
    """An organization that nobody ever belonged to."""
    return Organization.objects.filter(memberships=None, for_guest=False).order_by("pk").first()


def _make_organization(user: User | None) -> Organization:
    return Organization.objects.create(
        title=DEFAULT_TITLE,
        created_by=user,
        signup_role=settings.SIGNUP_ROLE,
        legacy_api_tokens_enabled=settings.ENABLE_LEGACY_API_TOKEN,
        max_session_age=max(1, settings.SESSION_COOKIE_AGE // 60),
        max_time_between_activity=max(1, settings.MAX_TIME_BETWEEN_ACTIVITY // 60),
    )


def accept(user: User, invited: Invited) -> None:
    """Use an invitation, in the caller's transaction; the person works in that organization from now on. Raises 403 when it is used up."""
    _use(invited)
    Membership.objects.filter(user=user).update(is_active=False)
    enter(user, invited.organization, invited.role, by="invitation" if invited.invitation else "link")
    AccessRequest.objects.filter(user=user, organization=invited.organization).delete()


def enter(user: User, organization: Organization, role: Role, *, by: str = "sign-up") -> None:
    """Make somebody a member, in the caller's transaction. `by` says for the log how they came."""
    Membership.objects.update_or_create(
        organization=organization,
        user=user,
        defaults={"role": role, "is_active": True, "removed_at": None},
    )
    record("member.joined", actor_of_user(user), ids=[user.pk], role=role, by=by)


def _use(invited: Invited) -> None:
    """Count a use; of two people who come at once with an invitation for one, one gets in."""
    if invited.invitation is None:
        return
    if not live_invitations().filter(pk=invited.invitation.pk).update(uses=F("uses") + 1):
        raise forbidden(_("This invitation is not valid any more. Ask for a new one."))


def one_at_a_time() -> None:
    """Two first accounts must not found two organizations. (SQLite's immediate transaction already sees to it.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FIRST_ACCOUNT_LOCK])
