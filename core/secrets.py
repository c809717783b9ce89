"""Secrets that must be readable again (a legacy token, a connector's key) are kept encrypted; those that need not be are kept hashed."""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# The library is loaded by the first secret, not by every process: it weighs as much as all our rooms.
TOKEN_BYTES = 32


class SecretUnreadable(Exception):
    """The stored secret was encrypted with another SECRET_KEY, for another purpose, or was changed."""


def derived_key(purpose: str) -> bytes:
    """32 bytes from SECRET_KEY (HKDF-SHA256) that are good for one purpose only."""
    return _derived_key(settings.SECRET_KEY, purpose)


def encrypt(text: str, purpose: str) -> str:
    """The text as Fernet's URL-safe token. `purpose` keeps a secret of one column from being read through another."""
    return _fernet(settings.SECRET_KEY, purpose).encrypt(text.encode()).decode("ascii")


def decrypt(token: str, purpose: str) -> str:
    """What `encrypt` was given. Raises `SecretUnreadable`."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet(settings.SECRET_KEY, purpose).decrypt(token).decode()
    except (InvalidToken, ValueError):
        raise SecretUnreadable(f"The stored {purpose} cannot be read with this SECRET_KEY.") from None


def new_token() -> str:
    """256 random bits as URL-safe text of 43 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """How a token of ours is kept: SHA-256 in hex. (Tokens are random, so neither salt nor a slow hash adds anything.)"""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(16)
def _derived_key(secret: str, purpose: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"labelspace:{purpose}".encode()).derive(secret.encode())


@lru_cache(16)
def _fernet(secret: str, purpose: str) -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(_derived_key(secret, purpose)))
