"""HF_DATASET: a folder that `datasets.load_dataset` and the Hugging Face Hub read: a README card with the features, beside a Parquet file, or
beside the images with their answers (an image folder)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json
from data_export.archive import Archive, joined
from data_export.formats import ExportedFile, Format, Options
from data_export.items import source_of
from data_export.media import Media, items_with_media, packed
from data_export.queries import Tasks
from data_export.spool import Spool
from data_export.typed_table import Columns, need_pyarrow
from data_export.writers.flat import answers_of
from projects.queries import config_of

LARGE = 1 << 40  # bytes: more than any file here, so that its place in the archive can be as large
CARD = """---
pretty_name: {title}
configs:
- config_name: default
  data_files:
  - split: train
    path: {path}
{info}---

# {heading}

{count}

The labeling set-up:

```xml
{config}
```
"""


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    pictures = source_of(config_of(selection.project), "Image") is not None
    return joined(_images(selection, options.download_resources) if pictures else _table(selection))


def choose(selection: Tasks, options: Options) -> ExportedFile:
    need_pyarrow()
    return ExportedFile("zip", "application/zip", write(selection, options))


def _table(selection: Tasks) -> Iterator[bytes]:
    columns = Columns.of(selection)
    features = "".join(f"  - name: {dump_json(name).decode()}\n    dtype: {kind}\n" for name, kind in columns.types.items())
    with closing(Archive()) as archive:
        yield archive.file("README.md", card(selection, "data/train.parquet", f"dataset_info:\n  features:\n{features}"))
        yield from archive.stream("data/train.parquet", columns.pieces(selection), LARGE, packed=False)
        yield from archive.end()


def _images(selection: Tasks, download: bool | None) -> Iterator[bytes]:
    config = config_of(selection.project)
    with closing(Archive()) as archive, Media(selection.project, remote=download is True) as media, Spool(b"\n") as lines:
        yield archive.file("README.md", card(selection, "train/**", ""))
        for item, medium in items_with_media(selection, config, source_of(config, "Image"), media, reference_first=True):
            if medium.first:
                with media.opened(medium) as file:
                    if file is None:
                        continue
                    yield from packed(archive, f"train/{medium.name}", file)
                # An image folder tells each file once: its ground truth, else its newest answer.
                said = {name: _text(value) for name, value in answers_of([region.row for region in item.regions]).items()}
                lines.add({"file_name": medium.name, "id": item.task, "annotation_id": item.annotation, **said})
        yield from archive.stream("train/metadata.jsonl", lines.pieces(), lines.size + 1)
        yield from media.missing(archive)
        yield from archive.end()


def card(selection: Tasks, path: str, info: str) -> bytes:
    """The README of a data set: what the Hub reads is YAML at its top."""
    project = selection.project
    title = " ".join(project.title.split()) or f"Project {project.pk}"
    count = f"Labelled with Labelspace: {project.task_number} tasks, {project.total_annotations_number} annotations in the project."
    text = CARD.format(title=dump_json(title).decode(), path=path, info=info, heading=title, count=count, config=project.label_config)
    return text.encode()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else dump_json(value).decode()


HF_DATASET = Format(
    "HF_DATASET",
    "Hugging Face dataset",
    _("A folder that load_dataset and the Hub read: a card, and a Parquet file or the images with their answers."),
    "zip",
    "application/zip",
    write,
    choose=choose,
)
