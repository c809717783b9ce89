"""The gallery's most used templates, offered where there is nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from labeling import Template


@dataclass(frozen=True)
class Starter:
    icon: str
    title: str | _StrPromise
    text: str | _StrPromise
    template: Template


# (icon, what people call it, what it takes, words that find the template in the gallery)
_KINDS = (
    ("text", _("Sort texts into classes"), _("Reviews, messages, documents"), "text classification"),
    ("tag", _("Mark words in texts"), _("Names, places, amounts"), "named entity"),
    ("image", _("Draw boxes on images"), _("Photos, scans, screenshots"), "object detection bounding boxes"),
)


@cache
def starters() -> list[Starter]:
    import labeling

    found = []
    for icon, title, text, words in _KINDS:
        matches = labeling.search(words) or labeling.search(words.split()[0])
        if matches:
            found.append(Starter(icon, title, text, matches[0]))
    return found
