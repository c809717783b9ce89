"""API tokens as text: legacy tokens (40 hex digits) and JWTs (HS256) with Label Studio's claims.

refresh: `token_type, exp, iat, jti, user_id` — personal token, long-lived, exchanged for access tokens.
access: the same and `parent` (the personal token's jti) and `token_version` — five minutes, and dead as soon as either is revoked.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from core.secrets import derived_key

ACCESS_LIFETIME = timedelta(seconds=300)
LEGACY_PATTERN = re.compile(r"[\x21-\x7e]{6,256}")
_ALGORITHM = "HS256"
_PURPOSE = "jwt"


class TokenInvalid(Exception):
    """Not one of our tokens, expired, or of the wrong type."""


@dataclass(frozen=True)
class Claims:
    user_id: int
    jti: str
    expires_at: datetime
    parent: str = ""
    token_version: int = 0


def new_legacy_token() -> str:
    return secrets.token_hex(20)


def new_jti() -> str:
    return secrets.token_hex(16)


def is_jwt(text: str) -> bool:
    return text.count(".") == 2


def refresh_token(user_id: int, jti: str, created_at: datetime, expires_at: datetime) -> str:
    """The personal token of a stored jti: always the same text, so that nothing but the jti has to be kept."""
    return _encode({"token_type": "refresh", "exp": expires_at, "iat": created_at, "jti": jti, "user_id": str(user_id)})


def without_signature(token: str) -> str:
    """header.payload: enough to recognise a token, too little to use it."""
    return token.rpartition(".")[0]


def access_token(user_id: int, parent: str, token_version: int) -> str:
    now = timezone.now()
    return _encode(
        {
            "token_type": "access",
            "exp": now + ACCESS_LIFETIME,
            "iat": now,
            "jti": new_jti(),
            "user_id": str(user_id),
            "parent": parent,
            "token_version": token_version,
        }
    )


def read(token: str, token_type: str) -> Claims:
    """The claims of a token of ours. Raises `TokenInvalid`; whether it was revoked is for the database to say."""
    import jwt

    try:
        payload = _signed_by_us(token, derived_key(_PURPOSE))
        claims = _claims(payload)
    except (jwt.InvalidTokenError, ValueError, TypeError, KeyError, OverflowError):
        raise TokenInvalid from None
    if payload.get("token_type") != token_type or claims.expires_at <= timezone.now():
        raise TokenInvalid
    return claims


@lru_cache(1024)
def _signed_by_us(token: str, key: bytes) -> dict[str, Any]:
    """The payload, when the signature is right: that does not change, so it is worked out once. The end is checked at each use."""
    import jwt

    payload: dict[str, Any] = jwt.decode(
        token, key, algorithms=[_ALGORITHM], options={"require": ["exp", "iat", "jti"], "verify_iat": False, "verify_exp": False}
    )
    return payload


def read_unsigned(text: str) -> Claims:
    """The claims of header.payload without its signature. Good only to find one's own token by. Raises `TokenInvalid`."""
    import jwt

    try:
        payload: dict[str, Any] = jwt.decode(text + ".", options={"verify_signature": False})
        return _claims(payload)
    except (jwt.InvalidTokenError, ValueError, TypeError, KeyError, OverflowError):
        raise TokenInvalid from None


def _claims(payload: dict[str, Any]) -> Claims:
    return Claims(
        user_id=int(payload["user_id"]),
        jti=str(payload["jti"]),
        expires_at=datetime.fromtimestamp(int(payload["exp"]), UTC),
        parent=str(payload.get("parent", "")),
        token_version=int(payload.get("token_version", 0)),
    )


def _encode(payload: dict[str, Any]) -> str:
    import jwt

    return jwt.encode(payload, derived_key(_PURPOSE), algorithm=_ALGORITHM)
