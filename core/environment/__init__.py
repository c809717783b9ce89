"""The environment, typed. `read_environment()` needs no Django, so that a bad value can stop the start before anything else is loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.environment import kinds
from core.environment.reader import SettingError, read
from core.environment.space import PORT, read_space
from core.environment.variables import Variables

__all__ = ["HUGGING_FACE", "Environment", "SettingError", "check_key", "read_environment"]

SHORTEST_KEY = 32
SHORTEST_TOKEN = 6
PLACEHOLDER_KEYS = ("changeme", "change-me", "change_me", "secret", "insecure", "placeholder", "your-", "your_", "example")
HUGGING_FACE = "https://huggingface.co"
SPACE_VOLUME = "/data"  # where Hugging Face mounts a volume
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, kw_only=True)
class Environment(Variables):
    """All settings, with the defaults that depend on where the server runs filled in."""

    @property
    def on_space(self) -> bool:
        return bool(self.space)

    @property
    def data_directory(self) -> Path:
        """The data directory (absolute; not made here)."""
        if self.data_dir is not None and self.volume is None:
            return self.data_dir
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "labelspace"

    @property
    def volume(self) -> Path | None:
        """The mounted volume that a Space's data directory was said to be, when a live database would not be safe there: it is copied there instead."""
        said = self.data_dir
        if said is None or not (self.on_space and self.replicated) or self.database_name is not None:
            return None
        return said if said.is_relative_to(SPACE_VOLUME) and os.path.ismount(SPACE_VOLUME) else None

    @property
    def sqlite_file(self) -> Path:
        return self.database_name or self.data_directory / "labelspace.sqlite3"

    @property
    def listening_port(self) -> int:
        """The port to open; a Space's when nobody chose one there."""
        return PORT if self.on_space and not self.port_chosen else self.port

    @property
    def port_chosen(self) -> bool:
        return "port" in self.sources

    @property
    def public_url(self) -> str:
        """`https://host/path` or "" when nobody said it."""
        return self.host or (f"https://{self.space.host}" if self.space.host else "")

    @property
    def public_path(self) -> str:
        """The path under which a proxy serves us, "/labels", or ""."""
        return urlsplit(self.public_url).path

    @property
    def issuer(self) -> str:
        """Whose accounts people may sign in with, "" for nobody's."""
        return self.openid_provider_url or (HUGGING_FACE if self.on_space else "")

    @property
    def https(self) -> bool:
        """Whether the server itself speaks https."""
        return self.tls_cert is not None

    @property
    def waitress(self) -> bool:
        """Whether waitress serves, with nothing that only Unix has."""
        return (self.web_server or ("waitress" if sys.platform == "win32" else "gunicorn")) == "waitress"

    @property
    def secure(self) -> bool:
        """Whether cookies travel over https only."""
        return (
            self.session_cookie_secure if self.session_cookie_secure is not None else self.https or self.public_url.startswith("https://")
        )

    @property
    def samesite(self) -> str:
        return self.session_cookie_samesite or ("None" if self.on_space else "Lax")

    @property
    def proxies(self) -> int:
        return self.trusted_proxy_count if "trusted_proxy_count" in self.sources else int(self.on_space)

    @property
    def persistent(self) -> bool:
        return self.storage_persistence if self.storage_persistence is not None else not self.on_space or self.replicated

    @property
    def durable_address(self) -> str:
        """Where the database is copied to: what was said, else the first place that this server has; "" for nowhere."""
        said = self.durable_target.strip()
        if said:
            return "" if said.lower() in ("off", "none", "false", "0") else said
        inside = f"{self._cloud_folder.strip('/')}/database".lstrip("/")
        if self.storage_type == "s3" and self.storage_aws_bucket_name:
            return f"s3://{self.storage_aws_bucket_name}/{inside}"
        if self.storage_type == "gcs" and self.storage_gcs_bucket_name:
            return f"gs://{self.storage_gcs_bucket_name}/{inside}"
        if self.storage_type == "azure" and self.storage_azure_container_name:
            return f"az://{self.storage_azure_container_name}/{inside}"
        if self.storage_type == "hub" and self.storage_hub_bucket:
            return f"hf://buckets/{self.storage_hub_bucket}-database"
        if self.on_space and self.hf_token and "/" in self.space.id:
            return f"hf://buckets/{self.space.id}-data"
        if self.on_space and os.access(SPACE_VOLUME, os.W_OK | os.X_OK) and os.path.ismount(SPACE_VOLUME):
            return f"{SPACE_VOLUME}/labelspace"
        return ""

    @property
    def _cloud_folder(self) -> str:
        return {"s3": self.storage_aws_folder, "gcs": self.storage_gcs_folder, "azure": self.storage_azure_folder}.get(
            self.storage_type, ""
        )

    @property
    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite") if self.database_url else self.django_db == "sqlite"

    @property
    def replicated(self) -> bool:
        """Whether the database is copied off this machine by us. PostgreSQL has ways of its own."""
        return self.on_sqlite and bool(self.durable_address)

    def said(self, field: str) -> str:
        """The full name of the variable that set a field, for messages."""
        return self.sources[field]


def read_environment(environ: Mapping[str, str] | None = None) -> Environment:
    """Read and check all variables. Raises SettingError, whose text is one sentence, for the first that the server cannot start with."""
    environ = os.environ if environ is None else environ
    values, sources = read(Variables, _without_other_meanings(environ))
    found = Environment(**values, sources=sources, space=read_space(environ))
    _check(found)
    return found


def _without_other_meanings(environ: Mapping[str, str]) -> dict[str, str]:
    """Shells set HOST, USERNAME and PASSWORD for purposes of their own: those count only when they can only be meant for us."""
    ours = dict(environ)
    for name in ("LABEL_STUDIO_HOST", "HEARTEX_HOST", "HOST"):
        # As Label Studio's own template for Spaces writes it.
        if ours.get(name) and ours[name] == ours.get("SPACE_HOST"):
            ours[name] = f"https://{ours[name]}"
    if not ours.get("HOST", "").startswith(("http://", "https://")):
        ours.pop("HOST", None)
    if not (kinds.is_email(ours.get("USERNAME", "")) and (ours.get("PASSWORD") or ours.get("PASSWORD_FILE"))):
        for name in ("USERNAME", "PASSWORD", "PASSWORD_FILE"):
            ours.pop(name, None)
    return ours


def _check(found: Environment) -> None:
    """Values that are fine alone and wrong together, or dangerous."""
    if found.secret_key:
        check_key(found.said("secret_key"), found.secret_key)
    if bool(found.username) != bool(found.password):
        there, missing = ("username", "PASSWORD") if found.username else ("password", "USERNAME")
        raise SettingError(found.said(there), f"is set but LABEL_STUDIO_{missing} is not, and the first account needs both")
    if found.user_token and not found.username:
        raise SettingError(found.said("user_token"), "is set but LABEL_STUDIO_USERNAME is not, so nobody can be given the token")
    if found.user_token and len(found.user_token) < SHORTEST_TOKEN:
        raise SettingError(found.said("user_token"), f"must have at least {SHORTEST_TOKEN} characters")
    if bool(found.tls_cert) != bool(found.tls_key):
        there, missing = ("tls_cert", "--key (TLS_KEY)") if found.tls_cert else ("tls_key", "--cert (TLS_CERT)")
        raise SettingError(found.said(there), f"is set but {missing} is not, and https needs both")
    if found.waitress and (found.https or found.use_gevent):
        what = "tls_cert" if found.https else "use_gevent"
        raise SettingError(
            found.said(what),
            "is set, but waitress (the server on Windows) cannot do it: put a proxy that speaks https in front"
            if found.https
            else "is set, but waitress (the server on Windows) has no greenlets",
        )
    if found.oauth_client_id and not found.oauth_client_secret:
        raise SettingError(found.said("oauth_client_id"), "is set but OAUTH_CLIENT_SECRET is not, and signing in elsewhere needs both")
    if found.oauth_client_id and not found.issuer:
        raise SettingError(
            found.said("oauth_client_id"), "is set but OPENID_PROVIDER_URL is not, which says whose accounts people sign in with"
        )
    if found.oauth_client_id and not found.public_url:
        raise SettingError(
            found.said("oauth_client_id"), "is set but LABEL_STUDIO_HOST is not, and the address to come back to is made from it"
        )
    if found.public_url.startswith("http://") and found.https:
        raise SettingError(found.said("host"), "begins with http://, but with a certificate the server speaks https only")
    if found.session_cookie_samesite == "None" and not found.secure:
        raise SettingError(
            found.said("session_cookie_samesite"),
            "is None, which browsers accept over https only: set SESSION_COOKIE_SECURE=true or an https LABEL_STUDIO_HOST",
        )
    if found.email_host and not found.public_url:
        raise SettingError(found.said("email_host"), "is set but LABEL_STUDIO_HOST is not, and the links in mails are made from it")
    if found.debug and (found.on_space or (found.host and not any(f"//{name}" in found.host for name in LOCAL_NAMES))):
        raise SettingError(found.said("debug"), "is true, which shows secrets to visitors and is refused on a public address")
    _check_media_store(found)
    if found.database_url:
        clash = next((name for name in ("django_db", "postgre_host", "postgre_name", "database_name") if name in found.sources), None)
        if clash:
            raise SettingError(
                found.said(clash), f"and {found.said('database_url')} are both set, and only one may say which database to use"
            )
        from core.environment.database_url import parse

        parse(found.said("database_url"), found.database_url)


# What each kind of store of media cannot do without.
MEDIA_STORES = {
    "s3": ("storage_aws_bucket_name",),
    "gcs": ("storage_gcs_bucket_name",),
    "azure": ("storage_azure_account_name", "storage_azure_container_name"),
    "hub": ("storage_hub_bucket", "hf_token"),
}


def _check_media_store(found: Environment) -> None:
    missing = next((name for name in MEDIA_STORES.get(found.storage_type, ()) if not getattr(found, name)), None)
    if missing:
        raise SettingError(found.said("storage_type"), f"is {found.storage_type}, which needs {missing.upper()} as well")
    key = found.google_application_credentials.strip()
    if found.storage_type == "gcs" and key and not key.startswith("{") and not Path(key).is_file():
        raise SettingError(
            found.said("google_application_credentials"), "names a file that is not there: give the JSON itself, or the path of its file"
        )


def check_key(name: str, key: str) -> None:
    """Raises SettingError for a key that can be guessed."""
    if len(key) < SHORTEST_KEY:
        raise SettingError(
            name, f"has {len(key)} characters and must have at least {SHORTEST_KEY}: take random ones, or leave it away and one is made"
        )
    if any(word in key.lower() for word in PLACEHOLDER_KEYS) or len(set(key)) < 8:
        raise SettingError(name, "looks like a placeholder: take random characters, or leave it away and a key is made")
