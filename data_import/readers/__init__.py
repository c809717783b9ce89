"""Import formats.

**A format of one file whose rows are tasks** (JSON, CSV …): a file beside this one with a class like `source.Reader`, and its name in `READERS`.
It is found by the file's extension.

**An annotation format** (COCO, YOLO …), which looks at everything that was uploaded together: a file beside this one with a class like
`dataset.DatasetReader`, and its name in `DATASETS`. It gets

- a `Bundle`: the members of a ZIP archive, a dropped folder, or a single file. `names` are paths with `/`; `open`, `head` and `read` give bytes;
  `find_media` finds the image that an annotation file means and `address` what the task's data says for it;
- the project's labeling `Config`. `self.target("RectangleLabels", "Rectangle")` finds the control and object that answers are for;
- `Choices` of the person who imports: which class becomes which label (`self.label(name)`), annotations or predictions (`self.task(data, result)`).

`recognizes(bundle)` tells by content whether the bundle holds the format; the first of `DATASETS` that says so reads it, unless a format was chosen
by name. `classes()` names what is in the file, for the class mapping and the preview; `rows()` yields `Row(task, file, line)`, and
`Row(Mistake("why"), file, line)` for what cannot be read, which goes into the report of refused rows. The preview shows the first rows as they would
be imported: there is nothing else to write for it.
"""

from __future__ import annotations

from data_import.readers.bundle import Archive, Bundle, Files
from data_import.readers.coco import COCO
from data_import.readers.conll import CoNLL
from data_import.readers.dataset import Choices, DatasetReader, Mistake, Row, Target
from data_import.readers.json_document import JSONDocument, JSONLines
from data_import.readers.markup import MarkupDocument
from data_import.readers.media import MediaFile
from data_import.readers.of_a_dataset import DatasetFile
from data_import.readers.parquet import ParquetTable
from data_import.readers.source import UNDEFINED, Item, Reader, Source
from data_import.readers.spacy import SpaCy
from data_import.readers.table import CSVTable, TSVTable
from data_import.readers.text import TextLines
from data_import.readers.voc import VOC
from data_import.readers.yolo import YOLO

READERS: tuple[type[Reader], ...] = (
    JSONDocument,
    JSONLines,
    CSVTable,
    TSVTable,
    ParquetTable,
    TextLines,
    MarkupDocument,
    MediaFile,
    DatasetFile,
)

# The more telling first: a YOLO archive may hold text files that look like anything.
DATASETS: tuple[type[DatasetReader], ...] = (COCO, VOC, SpaCy, CoNLL, YOLO)

BY_EXTENSION: dict[str, type[Reader]] = {extension: reader for reader in READERS for extension in reader.extensions}


def reader_of(source: Source, *, as_list: bool = True) -> Reader:
    """The reader for a file. `as_list` false: a table or text is one task that holds the file's address (time series, for one).

    Raises KeyError for an extension that is not in the table; uploads have been checked against it.
    """
    reader = BY_EXTENSION[source.extension]
    return MediaFile(source) if reader.tasks_list and not as_list else reader(source)


def dataset_of(bundle: Bundle) -> type[DatasetReader] | None:
    """The annotation format that a bundle holds, by its content; None when it holds none."""
    return next((reader for reader in DATASETS if reader.recognizes(bundle)), None)


__all__ = [
    "BY_EXTENSION",
    "DATASETS",
    "READERS",
    "UNDEFINED",
    "Archive",
    "Bundle",
    "Choices",
    "DatasetReader",
    "Files",
    "Item",
    "Mistake",
    "Reader",
    "Row",
    "Source",
    "Target",
    "dataset_of",
    "reader_of",
]
