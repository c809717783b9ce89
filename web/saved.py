"""The line of the header that says how old the copy off this machine is."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from durability import state


@dataclass(frozen=True)
class Saved:
    """`level` is `ok`, `late` or `failing`."""

    level: str
    words: str
    reason: str


def saved() -> Saved | None:
    """None when the database is not copied."""
    if not settings.ENVIRONMENT.replicated:
        return None
    found = state.read(settings.DATA_DIR)
    if found is None:
        return Saved("late", _("Not yet saved off this machine"), _("Copying begins."))
    if found.fenced:
        return Saved("failing", _("Read-only: another server has taken over"), _("Reload the page to reach the new server."))
    seconds = max(0, int(time.time() - found.saved_at))
    words = _("Saved off this machine %(time)s ago") % {"time": _span(seconds)}
    if found.level == "ok":
        return Saved("ok", words, found.target)
    return Saved(found.level, words, found.error or _("The copy is late."))


def _span(seconds: int) -> str:
    if seconds < 120:
        return _("%(count)d s") % {"count": seconds}
    if seconds < 7200:
        return _("%(count)d min") % {"count": seconds // 60}
    return _("%(count)d h") % {"count": seconds // 3600}
