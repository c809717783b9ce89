"""Words as the Penn Treebank splits them: the tokens that CoNLL files have a line for.

Punctuation stands alone but for periods inside a text and commas and colons inside numbers; brackets, quotes, dashes, ellipses and the signs
; @ # $ / % & stand alone; contractions are split before their ending (do n't, they 'll, Peter 's) or in two (gon na, can not).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Each group is a token of its own wherever it stands.
ALONE = re.compile(r"""(\.{3}|``|''|--|["?!;@\#$/%&\[\](){}<>]|[:,](?!\d))""", re.VERBOSE)
# The period that ends the text, not one of several; brackets and quotes may close after it.
LAST_PERIOD = re.compile(r"""(?<=[^.])\.(?=[\])}>"']*\s*\Z)""")
# What is cut off from the word before it: one of the first, then one of the second.
ENDINGS = (re.compile(r"(?i)(?<=[^'])'[smd]?$"), re.compile(r"(?<=[^'])(?:'ll|'LL|'re|'RE|'ve|'VE|n't|N'T)$"))
# Words that are two: where the second begins.
PAIRS = {"cannot": 3, "d'ye": 1, "gimme": 3, "gonna": 3, "gotta": 3, "lemme": 3, "more'n": 4, "wanna": 3, "'tis": 2, "'twas": 2}


def token_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each token, in characters of `text`."""
    last = next((match.start() for match in LAST_PERIOD.finditer(text)), -1)
    for chunk in re.finditer(r"\S+", text):
        start, end = chunk.span()
        for begin, stop in _pieces(text, start, end, last):
            yield from _words(text, begin, stop)


def _pieces(text: str, start: int, end: int, last: int) -> Iterator[tuple[int, int]]:
    """A chunk without white space, cut around what stands alone."""
    at = start
    while at < end:
        match = ALONE.search(text, at, end)
        cut = min(match.start() if match else end, last if at <= last < end else end)
        if cut > at:
            yield at, cut
        if cut == end:
            return
        at = match.end() if match and cut == match.start() else cut + 1
        yield cut, at


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece, cut where a contraction is."""
    cuts = [end]
    for ending in ENDINGS:
        if (match := ending.search(text, start, cuts[0])) and match.start() > start:
            cuts.insert(0, match.start())
    if second := PAIRS.get(text[start : cuts[0]].lower()):
        cuts.insert(0, start + second)
    for cut in cuts:
        yield start, cut
        start = cut
