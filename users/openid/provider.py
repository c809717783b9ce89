"""The one issuer that this server signs people in with, as the environment names it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings

HUB = "huggingface.co"


@dataclass(frozen=True)
class Provider:
    """`url` is the issuer's address. `is_hub`: its user names and organizations are Hugging Face's, which nobody can take from another."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    is_hub: bool

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """How people call it."""
        return "Hugging Face" if self.is_hub else self.host


def provider() -> Provider | None:
    """None when people sign in with a password only."""
    environment = settings.ENVIRONMENT
    if not environment.oauth_client_id:
        return None
    url = environment.issuer
    return Provider(
        url,
        environment.oauth_client_id,
        environment.oauth_client_secret,
        " ".join(dict.fromkeys(["openid", "profile", *environment.oauth_scopes])),
        is_hub=environment.on_space or urlsplit(url).hostname == HUB,
    )
