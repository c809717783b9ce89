"""`DATABASE_URL` → Django's description of a database."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from core.environment.reader import SettingError

POSTGRESQL_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "application_name", "options", "target_session_attrs", "channel_binding"}
)


def parse(name: str, url: str) -> dict[str, Any]:
    """ENGINE, NAME and so on, as in settings.DATABASES. Raises SettingError (which never repeats the address: it holds a password)."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # sqlite:////absolute/path; three slashes are a path relative to the working directory.
        if parts.netloc or len(parts.path) < 2:
            raise SettingError(name, "must name a file, like sqlite:////srv/labelspace.sqlite3")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:])}
    if parts.scheme not in ("postgres", "postgresql"):
        raise SettingError(name, "must begin with postgresql:// or sqlite://")
    try:
        port = parts.port
    except ValueError:
        raise SettingError(name, "holds a port that is no number") from None
    if len(parts.path) < 2:
        raise SettingError(name, "must end with the name of the database, like postgresql://user@host:5432/name")
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - POSTGRESQL_OPTIONS - {"host"}):
        raise SettingError(name, f"holds the option {unknown[0]}, which is not known")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or "localhost"),
        "PORT": str(port or 5432),
        "OPTIONS": options,
    }
