"""CONLL2003: a line per token with its tag (B-, I- or O), an empty line after each text."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from data_export.archive import joined
from data_export.availability import text_spans
from data_export.formats import Format, Options
from data_export.items import Item, content_of, exported_tasks, source_of
from data_export.numbers import number
from data_export.queries import Tasks
from data_export.treebank import token_spans
from projects.queries import config_of


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return joined(_pieces(selection))


def _pieces(selection: Tasks) -> Iterator[bytes]:
    config = config_of(selection.project)
    source = source_of(config, "Text")
    yield b"-DOCSTART- -X- O\n"
    for tasks in exported_tasks(selection):
        for task in tasks:
            text = content_of(source, task.data)
            tokens = list(token_spans(text))
            for item in task.items(config):
                lines = (f"{text[start:end]} -X- _ {tag}\n" for (start, end), tag in zip(tokens, tags(tokens, spans_of(item))))
                yield ("".join(lines) + "\n").encode()


def spans_of(item: Item) -> list[tuple[float, float, str]]:
    """(start, end, label) of an answer's labelled passages in the order of the text; of several labels the first counts."""
    found = []
    for region in item.regions:
        start, end, labels = number(region.value.get("start")), number(region.value.get("end")), region.labels("labels")
        if region.control.tag == "Labels" and start is not None and end is not None and labels:
            found.append((start, end, " ".join(labels[0].split())))
    return sorted(found, key=lambda span: span[:2])


def tags(tokens: list[tuple[int, int]], spans: list[tuple[float, float, str]]) -> Iterator[str]:
    """The tag of each token: where passages overlap, that of the one which began first."""
    at = 0
    prefix = "B-"
    for start, end in tokens:
        while at < len(spans) and spans[at][1] <= start:
            at, prefix = at + 1, "B-"
        if at < len(spans) and spans[at][0] < end:
            yield prefix + spans[at][2]
            prefix = "I-"
        else:
            yield "O"


CONLL2003 = Format(
    "CONLL2003",
    "CONLL2003",
    _("Words with their tags, one per line, as the CoNLL-2003 task has them."),
    "conll",
    "text/plain; charset=utf-8",
    write,
    tags=("sequence labeling", "text tagging", "named entity recognition"),
    fits=text_spans,
)
