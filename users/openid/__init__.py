"""Signing in with another server's account, by OpenID Connect: on a Space Hugging Face's, elsewhere any issuer's."""

from users.openid.claims import Claims
from users.openid.provider import Provider, provider

__all__ = ["Claims", "Provider", "provider"]
