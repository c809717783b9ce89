"""The words of the front end in the reader's language, for `t()` in TypeScript: one JSON object in the page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation.trans_real import DjangoTranslation
from django.views.i18n import JavaScriptCatalog

SOURCE = "en"  # what the words are written in: needs no catalog


def catalog() -> dict[str, Any] | None:
    """`{words: translation, or its plural forms}`, from the domain `djangojs` of web/locale; None for English."""
    language = get_language()
    return None if language is None or language.split("-")[0] == SOURCE else _catalog(language)


@lru_cache(32)
def _catalog(language: str) -> dict[str, Any]:
    view = JavaScriptCatalog()
    view.translation = DjangoTranslation(language, domain="djangojs")
    found: dict[str, Any] = view.get_catalog()
    return found
