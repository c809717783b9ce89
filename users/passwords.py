"""Checking passwords and judging new ones."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.errors import invalid
from users.models import User

# A hash costs memory and time by design; nobody types more than this.
LONGEST = 256


def is_password_of(user: User | None, password: str) -> bool:
    """Whether it is the user's password. For nobody (None) it takes as long and is False."""
    if len(password) > LONGEST:
        return False
    if user is None or not user.is_active or not user.has_usable_password():
        make_password(password)
        return False

    def upgrade(raw: str) -> None:
        user.set_password(raw)
        user.save(update_fields=["password"])

    return check_password(password, user.password, upgrade)


def check_new_password(password: str, user: User | None = None, field: str = "password") -> None:
    """Raises 400 with sentences for a password that is too short, too common, or too much like the account's name."""
    if len(password) > LONGEST:
        raise invalid(**{field: f"Ensure this field has no more than {LONGEST} characters."})
    if "\0" in password:
        raise invalid(**{field: "Null characters are not allowed."})
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise invalid(**{field: list(error.messages)}) from None
