"""What an owner does to the Space from inside it. Each asks Hugging Face, then records what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid
from core.events.record import record
from spaces.hub import hub, told

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LONGEST_NAME = 200


def _restart(api: HfApi, space: str, name: str, value: str) -> None:
    api.restart_space(space)


def _rebuild(api: HfApi, space: str, name: str, value: str) -> None:
    api.restart_space(space, factory_reboot=True)


def _pause(api: HfApi, space: str, name: str, value: str) -> None:
    api.pause_space(space)


def _hardware(api: HfApi, space: str, name: str, value: str) -> None:
    api.request_space_hardware(space, value)  # type: ignore[arg-type]


def _sleep(api: HfApi, space: str, name: str, value: str) -> None:
    if not value.isdecimal():
        raise invalid(value=_("Give a number of seconds."))
    api.set_space_sleep_time(space, int(value))


def _secret(api: HfApi, space: str, name: str, value: str) -> None:
    api.add_space_secret(space, _named(name), value)


def _delete_secret(api: HfApi, space: str, name: str, value: str) -> None:
    api.delete_space_secret(space, _named(name))


def _variable(api: HfApi, space: str, name: str, value: str) -> None:
    api.add_space_variable(space, _named(name), value)


def _delete_variable(api: HfApi, space: str, name: str, value: str) -> None:
    api.delete_space_variable(space, _named(name))


ACTIONS: dict[str, Callable[[HfApi, str, str, str], None]] = {
    "restart": _restart,
    "rebuild": _rebuild,
    "pause": _pause,
    "hardware": _hardware,
    "sleep": _sleep,
    "secret": _secret,
    "delete-secret": _delete_secret,
    "variable": _variable,
    "delete-variable": _delete_variable,
}


def manage(actor: Actor, action: str, name: str = "", value: str = "") -> None:
    """Do one of ACTIONS to the Space that this server is. Raises Refused for what Hugging Face refuses, 409 when this is no Space."""
    space = settings.ENVIRONMENT.space.id
    if not space:
        raise Refused(_("This server is not a Space."), 409)
    if action not in ACTIONS:
        raise invalid(action=_("There is no such action."))
    # What is recorded afterwards may be lost with a container that restarts at once: so before, and taken back when it is refused.
    with transaction.atomic():
        record(f"space.{action}", actor, name=name)
        with told(space):
            ACTIONS[action](hub(), space, name, value)


def _named(name: str) -> str:
    if not name.isidentifier() or len(name) > LONGEST_NAME:
        raise invalid(name=_("Give a name of letters, digits and underscores."))
    return name
