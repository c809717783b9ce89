"""Top-level items of a JSON document, one by one, in constant memory.

A document is an array of items, a single object, or several of either one after the other (JSON Lines). Only the item under the cursor is in
memory, however long the document is. The standard library's C scanner finds where an item ends; whoever takes the item's text parses it
strictly (`core.rawjson.read_json`), once, or skips it unparsed.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from typing import BinaryIO

from core.rawjson import JSONRefused

PIECE = 512 << 10  # bytes read at a time
MAX_ITEM = 64 << 20  # characters of one item
SPACE = " \t\n\r"
TAIL = 12  # an error this near to the end of what was read may be a value cut in two: \uXXXX\uXXXX at most

_scan = JSONDecoder().raw_decode


def json_items(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """(line from 1, JSON text) of each item of a UTF-8 document, in order.

    Raises `JSONRefused`, with the line, where the document is not JSON. An item's text has been scanned, not yet checked strictly.
    """
    return _Document(file).items()


def json_members(file: BinaryIO, lists: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(key, JSON text) of the members of a document that is one object, in order; a list under a key of `lists` comes item by item.

    Raises `JSONRefused` as `json_items` does, and for a document that is no object.
    """
    return _Document(file).members(lists)


class _Document:
    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
        self.text = ""
        self.at = 0
        self.line = 1  # of `self.counted`
        self.counted = 0
        self.ended = False

    def items(self) -> Iterator[tuple[int, str]]:
        while (first := self._peek()) is not None:
            if first != "[":
                yield self._line(), self._value()
            else:
                yield from self._list()

    def members(self, lists: frozenset[str]) -> Iterator[tuple[str, str]]:
        if self._peek() != "{":
            raise self._refused("it is not an object")
        self.at += 1
        if self._peek() == "}":
            return
        while True:
            if self._peek() != '"':
                raise self._refused("a key in quotation marks is missing")
            key = str(_scan(self._value())[0])
            if self._peek() != ":":
                raise self._refused('":" is missing')
            self.at += 1
            if self._peek() == "[" and key in lists:
                for _line, text in self._list():
                    yield key, text
            else:
                yield key, self._value()
            after = self._peek()
            self.at += 1
            if after == "}":
                return
            if after != ",":
                raise self._refused("the object is cut off" if after is None else f'"," or "}}" is missing before {after!r}')

    def _list(self) -> Iterator[tuple[int, str]]:
        """The items of the list that starts at `at`; moves behind it."""
        self.at += 1
        if self._peek() == "]":
            self.at += 1
            return
        while True:
            self._peek()
            yield self._line(), self._value()
            after = self._peek()
            self.at += 1
            if after == "]":
                return
            if after != ",":
                raise self._refused("the list is cut off" if after is None else f'"," or "]" is missing before {after!r}')

    def _peek(self) -> str | None:
        """The next character that is not white space, None at the end. Leaves `at` on it."""
        while True:
            text = self.text
            at = self.at
            while at < len(text) and text[at] in SPACE:
                at += 1
            self.at = at
            if at < len(text):
                return text[at]
            if not self._read(PIECE):
                return None

    def _value(self) -> str:
        """The text of the value that starts at `at`; moves behind it."""
        size = PIECE
        while True:
            try:
                _, end = _scan(self.text, self.at)
            except RecursionError:
                raise self._refused("it is nested too deeply") from None
            except JSONDecodeError as error:
                unterminated = error.msg.startswith("Unterminated string")
                if self.ended or not (unterminated or error.pos >= len(self.text) - TAIL):
                    cut = unterminated or error.pos >= len(self.text.rstrip())
                    raise self._refused("it is cut off" if cut else f"{error.msg.lower()} (character {error.pos - self.at + 1})") from None
            else:
                # A number near to the end of the text may go on in the next piece.
                if self.text[end - 1] in '}]"' or end + TAIL <= len(self.text) or self.ended:
                    text = self.text[self.at : end]
                    self.at = end
                    return text
            if len(self.text) - self.at > MAX_ITEM:
                raise self._refused(f"an item may have at most {MAX_ITEM >> 20} million characters")
            if not self._read(size):
                self.ended = True
            size *= 2  # so that a long item is scanned again only a few times

    def _read(self, size: int) -> bool:
        """Add the next piece to what is left of the text; False at the end of the file."""
        raw = self.file.read(size)
        try:
            more = self.decoder.decode(raw, final=not raw)
        except UnicodeDecodeError:
            raise self._refused("the file is not in UTF-8. Save it as UTF-8 and try again") from None
        self._line()
        self.text = self.text[self.at :] + more
        self.at = self.counted = 0
        return bool(raw)

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.line

    def _refused(self, why: str) -> JSONRefused:
        return JSONRefused(f"JSON parse error in line {self._line()}: {why}.")
