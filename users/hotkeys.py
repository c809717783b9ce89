"""Hotkeys that people choose: `{"section:action": {"key": "ctrl+k", "active": true}}`, as Label Studio's API has them."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused

MOST = 200
LONGEST_NAME = 100
LONGEST_COMBINATION = 50
_COMBINATION = re.compile(r"[a-zA-Z0-9+\-=,.\[\]/\\;:'\"`~!@#$%^&*()_<>?| ]+")
# The system or the browser takes these before a page sees them.
TAKEN = frozenset(
    {"ctrl+alt+delete", "ctrl+alt+del", "alt+f4", "alt+tab", "meta+q", "meta+tab", "cmd+q", "cmd+tab", "ctrl+w", "meta+w", "cmd+w"}
    | {"ctrl+t", "meta+t", "cmd+t", "ctrl+n", "meta+n", "cmd+n", "ctrl+shift+w", "ctrl+shift+n", "ctrl+shift+t", "f11"}
)


def check_hotkeys(value: Any) -> dict[str, dict[str, Any]]:
    """The hotkeys to store. Raises 400 with `error` and `details`."""
    if not isinstance(value, dict):
        raise _refused(_("custom_hotkeys must be an object."))
    if len(value) > MOST:
        raise _refused(_("At most %(count)s hotkeys can be kept.") % {"count": MOST})
    return {name: _entry(name, entry) for name, entry in value.items()}


def _entry(name: str, entry: Any) -> dict[str, Any]:
    section, colon, action = name.partition(":")
    if not (colon and section and action) or len(name) > LONGEST_NAME:
        raise _refused(_("Name hotkeys section:action, with at most %(count)s characters.") % {"count": LONGEST_NAME}, name)
    if not isinstance(entry, dict) or "key" not in entry:
        raise _refused(_("A hotkey is an object with a key."), name)
    key, active = entry["key"], entry.get("active", True)
    if not isinstance(active, bool):
        raise _refused(_("active must be true or false."), name)
    if key is not None:
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_COMBINATION or not _COMBINATION.fullmatch(key):
            raise _refused(_("This is not a key combination."), name)
        if key.replace(" ", "").lower() in TAKEN:
            raise _refused(_("%(key)s belongs to the browser or the system; choose another.") % {"key": key}, name)
    return {"key": key, "active": active} if "active" in entry else {"key": key}


def _refused(text: str, name: str = "") -> Refused:
    detail = f"{name}: {text}" if name else text
    return Refused(detail, 400, error=_("These hotkeys cannot be kept."), details={"custom_hotkeys": [detail]})
