"""What an owner does to the Space from inside it. Each asks Hugging Face, then records what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

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
NEVER = "-1"
LONGEST_SLEEP = 43_200  # minutes: thirty days
VOLUME_TYPES = ("bucket", "model", "dataset", "space")


def _restart(api: HfApi, space: str, name: str, value: str) -> None:
    api.restart_space(space)


def _rebuild(api: HfApi, space: str, name: str, value: str) -> None:
    api.restart_space(space, factory_reboot=True)


def _pause(api: HfApi, space: str, name: str, value: str) -> None:
    api.pause_space(space)


def _hardware(api: HfApi, space: str, name: str, value: str) -> None:
    api.request_space_hardware(space, value)  # type: ignore[arg-type]


def _sleep(api: HfApi, space: str, name: str, value: str) -> None:
    if value != NEVER and not (value.isdecimal() and 0 < int(value) <= LONGEST_SLEEP):
        raise invalid(value=_("Give a number of minutes from 1 to 43200, or -1 for never."))
    runtime = api.get_space_runtime(space)
    if (runtime.requested_hardware or runtime.hardware) in (None, "cpu-basic"):
        raise Refused(_("cpu-basic always sleeps after 48 hours without visitors: a sleep time needs paid hardware."), 400)
    api.set_space_sleep_time(space, -1 if value == NEVER else int(value) * 60)


def _volumes(api: HfApi, space: str, name: str, value: str) -> None:
    """One volume a line; none at all takes every volume away."""
    volumes = [volume_of(line) for line in value.split("\n") if line.strip()]
    if volumes:
        api.set_space_volumes(space, volumes)
    else:
        api.delete_space_volumes(space)


def volume_of(text: str) -> Any:
    """What `TYPE:SOURCE:PATH[:ro]` says. Raises Refused."""
    from huggingface_hub import Volume

    parts = text.strip().split(":")
    if len(parts) not in (3, 4) or parts[0] not in VOLUME_TYPES or not parts[1] or parts[2][:1] != "/" or parts[3:] not in ([], ["ro"]):
        raise Refused(_("Write a volume as %(form)s, like bucket:me/data:/data.") % {"form": "TYPE:SOURCE:PATH[:ro]"}, 400)
    return Volume(type=parts[0], source=parts[1], mount_path=parts[2], read_only=True if parts[3:] else None)


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
    "volumes": _volumes,
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
