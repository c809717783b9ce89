"""What people do to their own account: make it, sign out, change password and profile. Each function checks, does, records, in one transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import invalid, not_found
from core.events.record import record
from core.secrets import digest, new_token
from users import avatars
from users.hotkeys import check_hotkeys
from users.models import ApiToken, PasswordLink, Session, User
from users.operations import attempts
from users.passwords import check_new_password, is_password_of
from users.preferences import merged

PASSWORD_LINK_LIFETIME = timedelta(hours=24)
PROFILE_FIELDS = ("username", "first_name", "last_name", "phone", "allow_newsletters")


def new_account(email: str, password: str | None, **fields: Any) -> User:
    """An account that is not stored yet, its password hashed (slow, so before any transaction). None: until it is set by a link.

    Raises 400 for an address or password that will not do.
    """
    user = User(email=checked_email(email), **fields)
    user.username = user.username or user.email.partition("@")[0]
    if password is None:
        user.set_unusable_password()
    else:
        check_new_password(password, user)
        user.set_password(password)
    return user


def store_account(user: User) -> User:
    """Write a new account, in the caller's transaction. Raises 400 when the address is taken."""
    taken = invalid(email=_("An account with this e-mail address already exists."))
    if User.objects.filter(email=user.email).exists():
        raise taken
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        raise taken from None
    return user


def checked_email(email: str) -> str:
    """The address in lower case. Raises 400 for what is none."""
    email = email.strip().lower()
    if not email:
        raise invalid(email=_("This field is required."))
    try:
        validate_email(email)
    except ValidationError:
        raise invalid(email=_("Enter a valid e-mail address.")) from None
    if len(email) > 254:
        raise invalid(email=_("This e-mail address is too long."))
    return email


def sign_out(actor: Actor) -> None:
    """End the session that the actor came with."""
    with transaction.atomic():
        Session.objects.filter(key_digest=actor.session_key).delete()
        record("account.signed_out", actor, ids=[actor.user_id])
        credentials_changed()


def end_session(actor: Actor, session_id: int) -> None:
    """End one of one's own sessions. Raises 404 for another's."""
    with transaction.atomic():
        if not Session.objects.filter(pk=session_id, user_id=actor.user_id).delete()[0]:
            raise not_found()
        record("session.ended", actor, ids=[session_id])
        credentials_changed()


def end_other_sessions(actor: Actor) -> int:
    """End every session of one's own but the one the actor came with. Returns how many."""
    with transaction.atomic():
        ended: int = Session.objects.filter(user_id=actor.user_id).exclude(key_digest=actor.session_key).delete()[0]
        if ended:
            record("session.ended", actor, others=ended)
        credentials_changed()
    return ended


def end_credentials(user: User) -> None:
    """Sessions, tokens and password links of a person die, in the caller's transaction."""
    now = timezone.now()
    Session.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    PasswordLink.objects.filter(user=user, used_at=None).delete()
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    credentials_changed()


def change_password(actor: Actor, old: str, new: str, address: str) -> None:
    """Raises 400 when `old` is wrong (429 when that happens too often) or `new` will not do. Ends one's other sessions."""
    user = User.objects.get(pk=actor.user_id)
    attempts.begin_attempt(user.email, address)
    if user.has_usable_password() and not is_password_of(user, old):
        raise invalid(old_password=_("This is not your current password."))
    attempts.forget(user.email, address)
    check_new_password(new, user, "new_password")
    user.set_password(new)
    with transaction.atomic():
        user.save(update_fields=["password"])
        Session.objects.filter(user=user).exclude(key_digest=actor.session_key).delete()
        PasswordLink.objects.filter(user=user, used_at=None).delete()
        record("account.password_changed", actor, ids=[user.pk])
        credentials_changed()


def make_password_link(actor: Actor | None, user: User, *, lifetime: timedelta = PASSWORD_LINK_LIFETIME) -> str:
    """A token with which the person chooses a new password; earlier ones stop working. Whether the actor may do that is for the caller to say."""
    token, now = new_token(), timezone.now()
    with transaction.atomic():
        PasswordLink.objects.filter(user=user, used_at=None).delete()
        PasswordLink.objects.create(
            user=user,
            token_digest=digest(token),
            created_by_id=actor.user_id if actor else None,
            created_at=now,
            expires_at=now + lifetime,
        )
        record("account.password_link_made", actor, ids=[user.pk])
    return token


def password_link(token: str) -> PasswordLink:
    """The live link of a token. Raises 404 when it is unknown, used or too old."""
    link = (
        PasswordLink.objects.select_related("user")
        .filter(token_digest=digest(token), used_at=None, expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )
    if link is None:
        raise not_found(_("This link is not valid any more. Ask for a new one."))
    return link


def set_password_by_link(token: str, new: str) -> User:
    """Use a password link up. Ends every session. Raises 404 for a dead link, 400 for a password that will not do."""
    user = password_link(token).user
    check_new_password(new, user, "new_password")
    user.set_password(new)
    with transaction.atomic():
        now = timezone.now()
        if not PasswordLink.objects.filter(token_digest=digest(token), used_at=None, expires_at__gt=now).update(used_at=now):
            raise not_found(_("This link is not valid any more. Ask for a new one."))
        user.save(update_fields=["password"])
        Session.objects.filter(user=user).delete()
        record("account.password_changed", None, ids=[user.pk], by_link=True)
        credentials_changed()
    attempts.forget_account(user.email)
    return user


def update_profile(actor: Actor, user: User, fields: dict[str, Any]) -> User:
    """Change the fields of PROFILE_FIELDS and `custom_hotkeys`; others are ignored."""
    changes = {name: value for name, value in fields.items() if name in PROFILE_FIELDS}
    if "custom_hotkeys" in fields:
        changes["custom_hotkeys"] = check_hotkeys(fields["custom_hotkeys"])
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        changes = {name: value for name, value in changes.items() if getattr(user, name) != value}
        for name, value in changes.items():
            setattr(user, name, value)
        if changes:
            user.save(update_fields=list(changes))
            record("account.updated", actor, ids=[user.pk], fields=sorted(changes))
    return user


def set_preferences(actor: Actor, changes: Any) -> dict[str, Any]:
    """Merge preferences: each key replaces the kept one, null removes it. Returns all. Raises 400 for what is no object or too much."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        user.preferences = merged(user.preferences, changes)
        user.save(update_fields=["preferences"])
    kept: dict[str, Any] = user.preferences
    return kept


def set_avatar(actor: Actor, upload: Any) -> User:
    """Store the picture of oneself, in place of the former. Raises 400 for what is not a picture."""
    name = avatars.write_avatar(upload)
    return _replace_avatar(actor, name)


def remove_avatar(actor: Actor) -> User:
    return _replace_avatar(actor, "")


def _replace_avatar(actor: Actor, name: str) -> User:
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        former, user.avatar = user.avatar, name
        user.save(update_fields=["avatar"])
        record("account.updated", actor, ids=[user.pk], fields=["avatar"])
        transaction.on_commit(lambda: avatars.delete_avatar(former))
    return user


def require_self(actor: Actor, user_id: int) -> None:
    """Raises 404 for anybody else: whether there is such a person is not said."""
    if actor.user_id != user_id:
        raise not_found()
