"""What people do to their API tokens: make, list, exchange, rotate, revoke."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import Refused, invalid, not_found
from core.events.record import record
from core.secrets import SecretUnreadable, decrypt, digest, encrypt
from users import tokens
from users.models import ApiToken, User

LEGACY, PERSONAL = ApiToken.Kind.LEGACY, ApiToken.Kind.PERSONAL
LONGEST_LIFE_DAYS = 73_000  # two hundred years: "never", but clients want a date
MOST_TOKENS = 100
_PURPOSE = "legacy token"


def legacy_token(user: User) -> str:
    """The person's legacy token; it is made when there is none."""
    row = ApiToken.objects.filter(user=user, kind=LEGACY, revoked_at=None).first()
    if row is not None:
        try:
            return decrypt(row.encrypted, _PURPOSE)
        except SecretUnreadable:
            return reset_legacy_token(None, user)  # SECRET_KEY was changed: nobody can know the old one any more
    return reset_legacy_token(None, user)


def reset_legacy_token(actor: Actor | None, user: User, token: str | None = None) -> str:
    """Replace the person's legacy token, by `token` or a new one; the former dies at once. Raises 400 for a token that will not do or is taken."""
    token = token or tokens.new_legacy_token()
    if not tokens.LEGACY_PATTERN.fullmatch(token):
        raise invalid(token=_("A token has 6 to 256 visible ASCII characters."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one at a time
        ApiToken.objects.filter(user=user, kind=LEGACY).delete()
        if ApiToken.objects.filter(lookup=digest(token)).exists():
            raise invalid(token=_("This token is already in use."))
        row = ApiToken.objects.create(
            user=user, kind=LEGACY, lookup=digest(token), encrypted=encrypt(token, _PURPOSE), created_at=timezone.now()
        )
        if actor is not None:
            record("token.created", actor, ids=[row.pk], token_kind=LEGACY)
        credentials_changed()
    return token


def live_tokens(user_id: int) -> list[ApiToken]:
    """The person's personal tokens that work, oldest first."""
    return list(
        ApiToken.objects.filter(user_id=user_id, kind=PERSONAL, revoked_at=None, expires_at__gt=timezone.now()).order_by("pk")[:MOST_TOKENS]
    )


def text_of(row: ApiToken) -> str:
    """A personal token itself, as it was shown when it was made."""
    return tokens.refresh_token(row.user_id, row.lookup, row.created_at, row.expires_at or _end(row.created_at, LONGEST_LIFE_DAYS))


def create_token(actor: Actor, *, name: str = "", days: int | None = None, longest_days: int = LONGEST_LIFE_DAYS) -> ApiToken:
    """A new personal token that lives `days` (None: as long as the organization lets it).

    Raises 409 for a second one without a name (Label Studio's clients know one per person), 400 for too many or too long a life.
    """
    if days is not None and days > longest_days:
        raise invalid(expires_in_days=_("Your organization lets tokens live at most %(count)s days.") % {"count": longest_days})
    now = timezone.now().replace(microsecond=0)  # JWTs count whole seconds
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.user_id)
        live = live_tokens(actor.user_id)
        if not name and any(not row.name for row in live):
            raise Refused(_("You have a token already. Revoke it first, or name the new one."), 409)
        if len(live) >= MOST_TOKENS:
            raise invalid(name=_("You have %(count)s tokens: revoke some first.") % {"count": MOST_TOKENS})
        row = ApiToken.objects.create(
            user_id=actor.user_id,
            kind=PERSONAL,
            name=name,
            lookup=tokens.new_jti(),
            created_at=now,
            expires_at=_end(now, days or longest_days),
        )
        record("token.created", actor, ids=[row.pk], token_kind=PERSONAL, name=name)
    return row


def revoke_token(actor: Actor, token_id: int) -> None:
    """Raises 404 when it is not the actor's, or dead already."""
    with transaction.atomic():
        if not ApiToken.objects.filter(pk=token_id, user_id=actor.user_id, revoked_at=None).update(revoked_at=timezone.now()):
            raise not_found()
        record("token.revoked", actor, ids=[token_id])
        credentials_changed()


def blacklist(actor: Actor | None, text: str) -> None:
    """Revoke a personal token: by anybody who has all of it, or by its owner, who needs only the part that lists show. Raises 404."""
    try:
        if tokens.is_jwt(text):
            claims = tokens.read(text, "refresh")
        elif actor is not None:
            claims = tokens.read_unsigned(text)
        else:
            raise not_found(_("There is no such token."))
    except tokens.TokenInvalid:
        raise not_found(_("There is no such token.")) from None
    if actor is not None and claims.user_id != actor.user_id:
        raise not_found(_("There is no such token."))
    row = _live(claims)
    if row is None:
        raise not_found(_("There is no such token."))
    with transaction.atomic():
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
        record("token.revoked", actor, ids=[row.pk])
        credentials_changed()


def rotate(actor: Actor, text: str) -> ApiToken:
    """A new personal token in place of a live one of the actor's, with its name and its end. Raises 400 when it is not."""
    refused = invalid(refresh=_("This is not a live token of yours."))
    try:
        claims = tokens.read(text, "refresh")
    except tokens.TokenInvalid:
        raise refused from None
    if claims.user_id != actor.user_id:
        raise refused
    now = timezone.now().replace(microsecond=0)
    with transaction.atomic():
        row = _live(claims)
        if row is None or not ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now):
            raise refused
        fresh = ApiToken.objects.create(
            user_id=row.user_id, kind=PERSONAL, name=row.name, lookup=tokens.new_jti(), created_at=now, expires_at=row.expires_at
        )
        record("token.rotated", actor, ids=[row.pk, fresh.pk])
        credentials_changed()
    return fresh


def live_token(text: str) -> ApiToken:
    """The live row of a personal token given in full, with its user. Raises 401."""
    try:
        row = _live(tokens.read(text, "refresh"))
    except tokens.TokenInvalid:
        row = None
    if row is None:
        raise Refused("Token is invalid", 401)
    return row


def touch(row: ApiToken) -> None:
    ApiToken.objects.filter(pk=row.pk).update(last_used_at=timezone.now())


def _live(claims: tokens.Claims) -> ApiToken | None:
    return (
        ApiToken.objects.select_related("user")
        .filter(
            kind=PERSONAL,
            lookup=claims.jti,
            user_id=claims.user_id,
            revoked_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
        )
        .first()
    )


def _end(start: datetime, days: int) -> datetime:
    return start + timedelta(days=min(days, LONGEST_LIFE_DAYS))
