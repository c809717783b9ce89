"""The server's own Google credentials: `GOOGLE_APPLICATION_CREDENTIALS` as a file's path or as the JSON itself (a Space has no files), else what
the machine gives (Application Default Credentials)."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from core.rawjson import JSONRefused, read_json

SCOPES = ("https://www.googleapis.com/auth/devstorage.read_write",)


class NoCredentials(Exception):
    """There are none; the message is a sentence for the administrator."""


def credentials() -> tuple[Any, str | None]:
    """(credentials, the project they belong to or None). Raises `NoCredentials`."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError

    said = settings.ENVIRONMENT.google_application_credentials.strip()
    try:
        if said.startswith("{"):
            return google.auth.load_credentials_from_dict(read_json(said), scopes=SCOPES)
        if said:
            return google.auth.load_credentials_from_file(said, scopes=SCOPES)
        return google.auth.default(scopes=SCOPES)
    except (GoogleAuthError, JSONRefused, ValueError) as error:
        raise NoCredentials(f"The server's Google credentials (GOOGLE_APPLICATION_CREDENTIALS) do not work: {error}") from None
