"""What people set for themselves in the interface: a small object of the front end's making, kept for it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import invalid
from core.rawjson import dump_json

MOST_BYTES = 16 << 10


def merged(kept: dict[str, Any], changes: Any) -> dict[str, Any]:
    """`kept` with the keys of `changes`; a null removes its key. Raises 400 for what is no object, or more than 16 kB altogether."""
    if not isinstance(changes, dict):
        raise invalid(non_field_errors=_("Send an object of preferences."))
    together = {name: value for name, value in {**kept, **changes}.items() if value is not None}
    if len(dump_json(together)) > MOST_BYTES:
        raise invalid(non_field_errors=_("These are too many preferences: at most 16 kB are kept."))
    return together
