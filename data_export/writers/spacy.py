"""SPACY: texts with their entities as spaCy's DocBin, ready for `spacy train`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from data_export.archive import Archive, joined
from data_export.availability import text_spans
from data_export.formats import ExportedFile, Format, Options
from data_export.items import Item, content_of, exported_tasks, source_of
from data_export.queries import Tasks
from data_export.writers.conll import spans_of
from projects.queries import config_of

DOCS = 10_000  # of one file: a DocBin is whole in memory while it is made


def choose(selection: Tasks, options: Options) -> ExportedFile:
    """One file, or an archive of several when there are many texts. Raises `Refused` (400) when spaCy is not installed."""
    try:
        import spacy  # noqa: F401
    except ImportError:
        raise Refused("This format needs the spacy package on the server: pip install 'labelspace[spacy]'.", 400) from None
    files = _files(selection)
    first = list(islice(files, 2))
    if len(first) == 1:
        return ExportedFile("spacy", "application/octet-stream", iter(first))
    return ExportedFile("zip", "application/zip", joined(_archive(chain(first, files))))


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return choose(selection, options).pieces


def _archive(files: Iterator[bytes]) -> Iterator[bytes]:
    with closing(Archive()) as archive:
        for number, content in enumerate(files, 1):
            yield archive.file(f"train-{number:05}.spacy", content)
        yield from archive.end()


def _files(selection: Tasks) -> Iterator[bytes]:
    import spacy
    from spacy.tokens import DocBin

    config = config_of(selection.project)
    source, language = source_of(config, "Text"), spacy.blank("xx")
    docs, count, sent = DocBin(), 0, False
    for tasks in exported_tasks(selection):
        for task in tasks:
            for item in task.items(config):
                docs.add(_doc(language, content_of(source, task.data), item))
                count += 1
                if count == DOCS:
                    yield docs.to_bytes()
                    docs, count, sent = DocBin(), 0, True
    if count or not sent:
        yield docs.to_bytes()


def _doc(language: Any, text: str, item: Item) -> Any:
    """A text with its labelled passages, widened to whole tokens; where they overlap the longest stays, as spaCy wants it."""
    from spacy.util import filter_spans

    doc = language.make_doc(text)
    places = ((max(int(start), 0), min(int(end), len(text)), label) for start, end, label in spans_of(item))
    found = [doc.char_span(start, end, label, alignment_mode="expand") for start, end, label in places if start < end]
    doc.ents = filter_spans([span for span in found if span is not None])
    return doc


SPACY = Format(
    "SPACY",
    "spaCy",
    _("Texts with their entities as spaCy's DocBin, ready to train."),
    "spacy",
    "application/octet-stream",
    write,
    tags=("sequence labeling", "named entity recognition"),
    fits=text_spans,
    choose=choose,
)
