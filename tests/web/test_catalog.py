"""The words of the front end in another language."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override, trans_real

from core.permissions import Role
from tests.people import somebody
from web import catalog

PLURALS = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def write_mo(path: Path, words: dict[str, str]) -> None:
    """A compiled catalog (GNU gettext's MO format): a table of lengths and places of the words, one of the translations."""
    entries = sorted({"": PLURALS, **words}.items())
    pairs = [(key.encode() + b"\0", value.encode() + b"\0") for key, value in entries]
    count = len(pairs)
    place = 28 + 16 * count
    tables: list[bytes] = []
    for side in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[side]) - 1, place))
            place += len(pair[side])
    body = b"".join(pair[0] for pair in pairs) + b"".join(pair[1] for pair in pairs)
    path.parent.mkdir(parents=True)
    path.write_bytes(struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + b"".join(tables) + body)


@pytest.mark.django_db
def test_a_page_brings_the_words_of_its_scripts_in_the_readers_language(tmp_path: Path, settings: Any) -> None:
    write_mo(
        tmp_path / "de" / "LC_MESSAGES" / "djangojs.mo",
        {"Undo": "Rückgängig", "{count} region\0{count} regions": "{count} Region\0{count} Regionen"},
    )
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    trans_real.get_languages.cache_clear()
    catalog._catalog.cache_clear()
    ann = somebody(Role.MANAGER)
    page = ann.client.get("/projects/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="de"' in page
    found = re.search(r'<script[^>]*id="catalog"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    words = json.loads(found[1])
    assert words["Undo"] == "Rückgängig"
    assert words["{count} region"] == ["{count} Region", "{count} Regionen"]
    catalog._catalog.cache_clear()


@pytest.mark.django_db
def test_english_needs_none() -> None:
    with override("en"):
        assert catalog.catalog() is None
    assert 'id="catalog"' not in somebody(Role.MANAGER).client.get("/projects/").content.decode()
