"""The beginning of some results as one line to read: the columns annotations_results and predictions_results."""

from __future__ import annotations

import re
from collections.abc import Sequence

LENGTH = 500  # characters of the line
READ = 2 * LENGTH  # characters of the results that are looked at

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"?|([,:])|([^",:]+)')
_ESCAPE = re.compile(r"\\(u([0-9a-fA-F]{4})|.)")
_SPELT = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}


def preview(texts: Sequence[str | None]) -> str:
    """Results' JSON texts one after the other, without quotation marks: `[{id: a, type: choices}], [{…`."""
    raw = ",".join((text or "null")[:READ] for text in texts)[:READ]
    line = _TOKEN.sub(_plain, raw)[:LENGTH]
    return line.encode("utf-8", "ignore").decode()  # without half of a surrogate pair, where the text was cut


def _plain(token: re.Match[str]) -> str:
    if token[1] is not None:
        return _ESCAPE.sub(lambda escape: chr(int(escape[2], 16)) if escape[2] else _SPELT.get(escape[1], escape[1]), token[1])
    return f"{token[2]} " if token[2] else token[3].strip()
