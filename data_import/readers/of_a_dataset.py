"""Files that say something only as a part of an annotation format: class lists, label files, documents of one format."""

from __future__ import annotations

from collections.abc import Iterator

from data_import.readers.dataset import Mistake
from data_import.readers.source import Item, Reader


class DatasetFile(Reader):
    """Without its data set around it (see `dataset.py`) such a file has no tasks."""

    extensions = ("conll", "spacy", "yaml", "yml")

    def items(self) -> Iterator[Item]:
        yield None, Mistake("this file is no data set that is known. Send it together with the files it belongs to")
