"""Which name a file has inside an archive: readable, safe on every system, and only once.

Names come from people, so they are content until they have gone through `safe_name` (rule F2 of docs/security.md). Those in use are kept in a
temporary database on disk: a million of them do not fit into memory politely.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from types import TracebackType

LENGTH = 180  # bytes of UTF-8, which leaves room for a longer ending
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(text: str, otherwise: str = "file") -> str:
    """`text` as the name of a file: its last part, in any script, without control and format characters and what Windows refuses."""
    text = unicodedata.normalize("NFC", text.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join("_" if letter in '<>:"|?*' else letter for letter in text if unicodedata.category(letter)[0] != "C")
    stem, dot, extension = text.rpartition(".")
    if not dot or len(extension) > 16:
        stem, extension = text, ""
    stem, extension = stem.strip(" ."), extension.strip()
    ending = f".{extension}" if extension else ""
    stem = stem.encode()[: LENGTH - len(ending.encode())].decode("utf-8", "ignore").strip(" .") or otherwise
    return f"_{stem}{ending}" if RESERVED.fullmatch(stem) else f"{stem}{ending}"


def stem_of(name: str) -> str:
    """The name without its extension."""
    stem, dot, _ = name.rpartition(".")
    return stem if dot else name


class EntryNames:
    """Gives names out, each stem once: `a.jpg` and `a.png` would share `a.txt`, and `A.jpg` and `a.jpg` are one file on some systems."""

    def __init__(self) -> None:
        # "": a database that SQLite keeps in a file of its own as soon as its small cache is full, and removes at the end.
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE taken (stem TEXT PRIMARY KEY) WITHOUT ROWID")
        self._rows.execute("CREATE TABLE given (source TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def __enter__(self) -> EntryNames:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._rows.close()

    def give(self, source: str, wanted: str, otherwise: str) -> tuple[str, bool]:
        """(the name of what `source` identifies, whether it is given for the first time): `wanted`, else `otherwise`, else that with a number."""
        found = self._rows.execute("SELECT name FROM given WHERE source = ?", (source,)).fetchone()
        if found:
            return found[0], False
        name, number = wanted, 1
        while not self._take(name):
            stem = stem_of(otherwise)
            name = otherwise if number == 1 else f"{stem}-{number}{otherwise[len(stem) :]}"
            number += 1
        self._rows.execute("INSERT INTO given VALUES (?, ?)", (source, name))
        return name, True

    def _take(self, name: str) -> bool:
        return self._rows.execute("INSERT OR IGNORE INTO taken VALUES (?)", (stem_of(name).casefold(),)).rowcount == 1
