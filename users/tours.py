"""Product tours: which of them a person has seen. Kept with the other preferences; what a tour shows is the front end's business."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from core.errors import invalid
from users.models import User

STATES = ("ready", "completed", "skipped")
NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
KEY = "product_tours"
MOST = 50


def checked_name(name: str | None) -> str:
    """Raises 400 for what is no tour's name."""
    if not name:
        raise invalid(name=_("Name the tour: ?name=…"))
    if not NAME.fullmatch(name):
        raise invalid(name=_("A tour's name has letters, digits, dots, dashes and underscores."))
    return name


def tour_json(user: User, name: str) -> dict[str, Any]:
    kept = (user.preferences.get(KEY) or {}).get(name) or {}
    return {
        "user": user.pk,
        "name": name,
        "state": kept.get("state", "ready"),
        "interaction_data": kept.get("interaction_data") or {},
        "awaiting": False,
        "steps": [],
    }


def changed(user: User, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The preferences to merge for a change of one tour. Raises 400."""
    tours = dict(user.preferences.get(KEY) or {})
    tour = dict(tours.get(name) or {})
    if "state" in body:
        if body["state"] not in STATES:
            raise invalid(state=_("Use one of %(states)s.") % {"states": ", ".join(STATES)})
        tour["state"] = body["state"]
    if "interaction_data" in body:
        if not isinstance(body["interaction_data"], dict | None):
            raise invalid(interaction_data=_("Expected an object."))
        tour["interaction_data"] = body["interaction_data"] or {}
    tours[name] = tour
    if len(tours) > MOST:
        raise invalid(name=_("At most %(most)s tours are kept.") % {"most": MOST})
    return {KEY: tours}
