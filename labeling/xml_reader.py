"""Reads the XML of a config safely: no document type, no entities of its own, bounded in size, elements and depth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape
from xml.sax.xmlreader import InputSource

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from labeling.problems import ConfigError, Problem, closest
from labeling.tag_table import tag_table
from labeling.variables import WHITE_SPACE

MAX_BYTES = 1024 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 60
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))


@dataclass(slots=True)
class Element:
    """One element as written. `text` follows the README's rules 3 and 4; inner markup has no children."""

    name: str
    attributes: list[tuple[str, str]]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    text: str | None = None
    pieces: list[str] = field(default_factory=list)
    markup: bool = False


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class _TreeBuilder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Element | None = None
        self.stack: list[Element] = []
        self.elements = 0
        self.markup_names: list[str] = []  # the open elements inside a markup body
        self.open_tag_pending = False
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:
        self.locator = locator

    def _here(self) -> tuple[int, int]:
        return self.locator.getLineNumber(), self.locator.getColumnNumber() + 1

    def startElement(self, name: str, attrs: Any) -> None:
        line, column = self._here()
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise _Refused(Problem(f"The config has more than {MAX_ELEMENTS:,} elements.", line, column))
        if len(self.stack) + len(self.markup_names) >= MAX_DEPTH:
            raise _Refused(Problem(f"The config is nested more than {MAX_DEPTH} levels deep.", line, column))
        if self.markup_names or (self.stack and self.stack[-1].markup):
            self._close_pending()
            self.markup_names.append(name)
            written = "".join(f' {key}="{escape(value, {chr(34): "&quot;"})}"' for key, value in attrs.items())
            self.stack[-1].pieces.append(f"<{name}{written}")
            self.open_tag_pending = True
            return
        spec = tag_table().find(name)
        element = Element(name, list(attrs.items()), line, column, markup=spec is not None and spec.body == "markup")
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def endElement(self, name: str) -> None:
        if self.markup_names:
            self.markup_names.pop()
            pieces = self.stack[-1].pieces
            if self.open_tag_pending:
                self.open_tag_pending = False
                pieces.append(">" if name.lower() in _VOID else f"></{name}>")
            else:
                pieces.append(f"</{name}>")
            return
        element = self.stack.pop()
        text = "".join(element.pieces)
        element.text = None if element.children or not text.strip(WHITE_SPACE) else text
        element.pieces.clear()

    def characters(self, content: str) -> None:
        if not self.stack:
            return
        element = self.stack[-1]
        if self.markup_names or element.markup:
            self._close_pending()
            element.pieces.append(escape(content))
        else:
            element.pieces.append(content)

    def open_name(self) -> str:
        """The name of the innermost element that is open, as written."""
        if self.markup_names:
            return self.markup_names[-1]
        return self.stack[-1].name

    def _close_pending(self) -> None:
        if self.open_tag_pending:
            self.open_tag_pending = False
            self.stack[-1].pieces.append(">")


_EXPLAINED: tuple[tuple[str, str, str], ...] = (
    ("no element found", "The config ends before its tags are closed.", "Close every tag, as in <View>…</View>."),
    ("unclosed token", "The config ends in the middle of a tag.", 'Finish the tag with ">".'),
    ("duplicate attribute", "An attribute stands twice in one tag.", "Remove one of the two."),
    ("syntax error", "The config does not start with a tag.", "Start with <View>."),
    ("undefined entity", "An unknown entity is used.", "Use the character itself, or a number like &#160;."),
    ("junk after document element", "There is something after the end of the first tag.", "Put everything into one <View>."),
    ("XML or text declaration not at start", "The XML declaration must be the very first thing.", "Remove what stands before <?xml …?>."),
)


def _line(source: str, line: int) -> str:
    """Line `line` of the source as expat counts them."""
    lines = re.split(r"\r\n|\r|\n", source)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _explain(error: SAXParseException, builder: _TreeBuilder, source: str) -> Problem:
    line, column = error.getLineNumber() or 1, (error.getColumnNumber() or 0) + 1
    detail = str(error.getMessage())
    text = _line(source, line)
    before, rest = text[: column - 1], text[column - 1 :]
    if detail.startswith("mismatched tag") and builder.stack:
        opened = builder.open_name()
        closing = (re.match(r"[^\s>]*", rest.removeprefix("</")) or [""])[0]
        hint = f"Did you mean </{opened}>?" if closest(closing, [opened]) else f"Close it with </{opened}> first."
        return Problem(f"</{closing}> does not close <{opened}>, which is still open.", line, column, hint)
    if detail.startswith("not well-formed"):
        if rest.startswith("<"):
            hint = "Write &lt; for the character itself, and close the tag before it."
            return Problem('A "<" stands inside a tag or a value.', line, column, hint)
        if re.search(r"&\w*$", before):
            return Problem('A lone "&" is not allowed.', line, column, "Write &amp; instead.")
        if re.search(r"=\s*$", before):
            return Problem("The value of an attribute is not in quotes.", line, column, 'Write name="value".')
        return Problem(
            "This is not well-formed XML.", line, column, "Check quotes, angle brackets and closing tags just before this place."
        )
    for start, message, hint in _EXPLAINED:
        if detail.startswith(start):
            return Problem(message, line, column, hint)
    return Problem(f"This is not well-formed XML ({detail}).", line, column)


def read_xml(source: str) -> Element:
    """The root element of `source`. Raises `ConfigError` with one problem, naming line and column."""
    if not source.strip():
        raise ConfigError([Problem("The config is empty.", 1, 1, "Start with <View></View>.")])
    try:
        encoded = source.encode("utf-8")
    except UnicodeEncodeError as error:
        line = source.count("\n", 0, error.start) + 1
        column = error.start - source.rfind("\n", 0, error.start)
        raise ConfigError([Problem("The config holds a broken character (half of a surrogate pair).", line, column)]) from None
    if len(encoded) > MAX_BYTES:
        raise ConfigError([Problem("The config is larger than 1 MB.", 1, 1, "Put long texts into the task data.")])
    if source[0] in "\ufeff \t\r\n":
        # A declaration must come first in XML; people paste blank lines before it. Blanks keep all positions.
        lead = len(source) - len(source.lstrip("\ufeff \t\r\n"))
        if source.startswith("<?xml", lead):
            source = source[:lead].replace("\ufeff", "") + re.sub(r"<\?xml.*?\?>", lambda m: " " * len(m.group()), source[lead:], count=1)
            encoded = source.encode("utf-8")
    builder = _TreeBuilder()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(builder)
    stream = InputSource()
    stream.setByteStream(BytesIO(encoded))
    stream.setEncoding("utf-8")
    try:
        parser.parse(stream)
    except _Refused as refused:
        raise ConfigError([refused.problem]) from None
    except DefusedXmlException:
        # Expat reports the end of the declaration; the "<" it starts with is what has to go.
        before = re.split(r"\r\n|\r|\n", source[: max(0, source.upper().find("<!DOCTYPE"))])
        message = "A document type is not allowed in a config."
        raise ConfigError([Problem(message, len(before), len(before[-1]) + 1, "Remove the <!DOCTYPE …> part.")]) from None
    except SAXParseException as error:
        raise ConfigError([_explain(error, builder, source)]) from None
    if builder.root is None:
        raise ConfigError([Problem("The config is empty.", 1, 1, "Start with <View></View>.")])
    return builder.root
