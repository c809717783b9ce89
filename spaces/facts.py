"""What is right about this installation and what is not, each with its fix: the page "This Space" and `labelspace doctor` show this one list."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from core.errors import Refused
from core.permissions import Role
from durability import state
from organizations.models import Membership
from organizations.queries import first_organization, sign_up_is_open
from spaces.hub import hub, told
from users.openid import provider

LEAST_FREE = 2 << 30
READ = "read"
MOMENT = "%Y-%m-%d %H:%M:%S UTC"


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Fact:
    """`text` says how it is, `fix` what to do about it ("" when nothing needs to be done)."""

    name: str
    title: str
    level: Level
    text: str
    fix: str = ""


def local_facts() -> list[Fact]:
    """What this machine knows by itself. Never raises."""
    found = []
    for fact in (_sign_up, _owner, _sign_in, _durable, _database, _disk, _key, _hardware, _version):
        try:
            found += list(fact())
        except DatabaseError:
            continue  # told once, by the fact about the database
    return found


def hub_facts() -> list[Fact]:
    """What only Hugging Face knows: the token's rights, who may see the Space, its hardware. Two requests; none without a Space or token."""
    space = settings.ENVIRONMENT.space
    if not space and not os.environ.get("HF_TOKEN"):
        return []
    facts: list[Fact] = []
    for ask in (_token, *((_visibility,) if space else ())):
        facts += ask()
    return facts


def _sign_up() -> Iterator[Fact]:
    organization = first_organization()
    title = _("Sign-up")
    if not sign_up_is_open(organization):
        yield Fact("sign-up", title, Level.GOOD, _("Closed: people come by invitation or approval."))
    elif organization is None:
        yield Fact("sign-up", title, Level.WARNING, _("Nobody has an account yet: the first one owns everything."), _("Sign up now."))
    else:
        yield Fact(
            "sign-up",
            title,
            Level.WARNING,
            _("Open: anybody who reaches this server can make an account."),
            _("Close it on Organization → Policies, or set LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK=true."),
        )


def _owner() -> Iterator[Fact]:
    owners = list(Membership.objects.present().filter(role=Role.OWNER).values_list("user__email", flat=True).order_by("pk")[:5])
    if owners:
        yield Fact("owner", _("Owners"), Level.GOOD, ", ".join(owners))
    else:
        yield Fact("owner", _("Owners"), Level.WARNING, _("Nobody owns this server yet."), _("Sign in, or sign up, as the first."))


def _sign_in() -> Iterator[Fact]:
    issuer = provider()
    if issuer is not None:
        yield Fact("sign-in", _("Signing in"), Level.GOOD, _("With %(name)s, or with a password.") % {"name": issuer.name})
    elif settings.ENVIRONMENT.on_space:
        yield Fact(
            "sign-in",
            _("Signing in"),
            Level.WARNING,
            _("With passwords only."),
            _("Write `hf_oauth: true` into the head of the Space's README.md: people then sign in with Hugging Face."),
        )
    else:
        yield Fact("sign-in", _("Signing in"), Level.GOOD, _("With passwords."))


def _durable() -> Iterator[Fact]:
    title = _("Data lasts")
    if connection.vendor == "postgresql":
        yield Fact("durable", title, Level.GOOD, _("The PostgreSQL database keeps it, wherever this server runs. Copies are off."))
    elif settings.ENVIRONMENT.replicated:
        yield from _copied(title)
    elif settings.STORAGE_PERSISTENCE:
        said = "storage_persistence" in settings.ENVIRONMENT.sources
        yield Fact(
            "durable",
            title,
            Level.GOOD,
            _("STORAGE_PERSISTENCE says that the data directory lasts.") if said else _("On this machine's disk."),
        )
    else:
        yield Fact(
            "durable",
            title,
            Level.BAD,
            _("A restart of this Space loses everything."),
            _("Add the secret HF_TOKEN with write access, a PostgreSQL database (DJANGO_DB, POSTGRE_*) or a cloud (STORAGE_TYPE)."),
        )


def _copied(title: str) -> Iterator[Fact]:
    """How old the copy off this machine is and where it lies, and what came of restoring it for a trial."""
    found = state.read(settings.DATA_DIR)
    if found is None:
        yield Fact(
            "durable", title, Level.BAD, _("Nothing has been copied off this machine yet."), _("Start the server: it copies by itself.")
        )
        return
    since = datetime.fromtimestamp(found.saved_at, UTC).strftime(MOMENT) if found.saved_at else "-"
    text = _("Copied to %(target)s; everything up to %(since)s is safe there.") % {"target": found.target, "since": since}
    if found.fenced:
        text, fix = _("Another server has taken over; this one is read-only."), _("Reload the page to reach the new server.")
        yield Fact("durable", title, Level.BAD, text, fix)
    elif found.level == "ok":
        yield Fact("durable", title, Level.GOOD, text)
    else:
        level = Level.BAD if found.level == "failing" else Level.WARNING
        fix = _("Look whether the server runs, and check the target's address and credentials (DURABLE_TARGET).")
        yield Fact("durable", title, level, f"{text} {found.error}".strip(), fix)
    yield _trial(found)


def _trial(found: state.State) -> Fact:
    title = _("Restore drill")
    if not found.drill.get("at"):
        return Fact("drill", title, Level.GOOD, _("The first one comes a few minutes after the start, then one every week."))
    when = datetime.fromtimestamp(found.drill["at"], UTC).strftime(MOMENT)
    if found.drill.get("error"):
        text = _("The copy was restored for a trial on %(when)s, and it is not right: %(why)s") % {
            "when": when,
            "why": found.drill["error"],
        }
        return Fact(
            "drill",
            title,
            Level.BAD,
            text,
            _("Make a copy by hand (`labelspace backup FILE`), then restart the server: it copies everything anew."),
        )
    text = _("The copy was restored for a trial on %(when)s in %(seconds)s s: %(rows)s rows, as many as here.")
    shown = {"when": when, "seconds": found.drill.get("seconds", "-"), "rows": f"{found.drill.get('rows', 0):,}"}
    return Fact("drill", title, Level.GOOD, text % shown)


def _database() -> Iterator[Fact]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        yield Fact("database", _("Database"), Level.BAD, str(error).splitlines()[0], _("Check DJANGO_DB and POSTGRE_*."))
        return
    names = {"sqlite": f"SQLite {sqlite3.sqlite_version}", "postgresql": "PostgreSQL"}
    yield Fact("database", _("Database"), Level.GOOD, _("%(name)s answers.") % {"name": names.get(connection.vendor, connection.vendor)})


def _disk() -> Iterator[Fact]:
    free = shutil.disk_usage(settings.DATA_DIR).free
    text = _("%(size).1f GB free in %(folder)s.") % {"size": free / 1e9, "folder": settings.DATA_DIR}
    if free < LEAST_FREE:
        yield Fact("disk", _("Disk"), Level.BAD, text, _("Delete projects or files that nobody needs, or give the server a larger disk."))
    else:
        yield Fact("disk", _("Disk"), Level.GOOD, text)


def _key() -> Iterator[Fact]:
    if settings.ENVIRONMENT.secret_key or settings.STORAGE_PERSISTENCE or state.read(settings.DATA_DIR) is not None:
        yield Fact("key", _("Secret key"), Level.GOOD, _("It stays the same when the server restarts."))
    else:
        yield Fact(
            "key",
            _("Secret key"),
            Level.WARNING,
            _("It is made anew at every restart: everybody is signed out."),
            _("Set the secret SECRET_KEY to 50 random characters, or make data last."),
        )


def _hardware() -> Iterator[Fact]:
    space = settings.ENVIRONMENT.space
    if not space:
        return
    if space.hardware and space.hardware != "none":
        yield Fact(
            "hardware",
            _("Hardware"),
            Level.WARNING,
            _("%(name)s, which is paid by the minute and which labeling does not need.") % {"name": space.hardware},
            _("Give it back: `labelspace space hardware %(id)s cpu-basic`.") % {"id": space.id},
        )
    else:
        size = _("%(cores)s cores, %(memory).0f GB of memory.") % {"cores": space.cores, "memory": (space.memory or 0) / 2**30}
        yield Fact("hardware", _("Hardware"), Level.GOOD, size if space.cores and space.memory else "cpu-basic")


def _version() -> Iterator[Fact]:
    text = f"Labelspace {settings.VERSION}, Python {platform.python_version()}"
    yield Fact("version", _("Version"), Level.GOOD, text)


def _asked(title: str, name: str, question: Callable[[], Any]) -> tuple[Any, list[Fact]]:
    try:
        with told(settings.ENVIRONMENT.space.id):
            return question(), []
    except Refused as refused:
        return None, [Fact(name, title, Level.WARNING, refused.sentence, _("Look again later, or put the token right."))]


def _token() -> list[Fact]:
    title = _("Token")
    if not os.environ.get("HF_TOKEN"):
        return [
            Fact(
                "token",
                title,
                Level.WARNING,
                _("There is none: copies, datasets and managing the Space from here need one."),
                _("Make one with write access at https://huggingface.co/settings/tokens and add it as the secret HF_TOKEN."),
            )
        ]
    who, trouble = _asked(title, "token", lambda: hub().whoami())
    if who is None:
        return trouble
    role = str(((who.get("auth") or {}).get("accessToken") or {}).get("role") or "")
    text = _("Of %(name)s, with the right to %(role)s.") % {"name": who.get("name"), "role": role or "?"}
    if role == READ:
        return [Fact("token", title, Level.BAD, text, _("Make one with write access at https://huggingface.co/settings/tokens."))]
    return [Fact("token", title, Level.GOOD, text)]


def _visibility() -> list[Fact]:
    title, space = _("Visibility"), settings.ENVIRONMENT.space
    info, trouble = _asked(title, "visibility", lambda: hub().space_info(space.id))
    if info is None:
        return trouble
    if info.private:
        return [
            Fact(
                "visibility",
                title,
                Level.WARNING,
                _("Private: API clients, webhooks and model servers outside need a Hugging Face token in the header X-HF-Authorization."),
                _("Make the Space protected or public at %(url)s: people still have to sign in.") % {"url": space.settings_page},
            )
        ]
    return [Fact("visibility", title, Level.GOOD, _("Reachable by everybody, who then have to sign in."))]
