"""BRUSH_TO_NUMPY and BRUSH_TO_PNG: each painted mask as an array or a picture in grey."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from data_export.archive import Archive, joined
from data_export.availability import masks
from data_export.brush_rle import MaskRefused, decode_alpha
from data_export.entry_names import safe_name
from data_export.formats import ExportedFile, Format, Options
from data_export.items import Item, Region, exported_tasks
from data_export.queries import Tasks
from projects.queries import config_of

Encode = Callable[[bytearray, int, int], bytes]
NPY_ALIGNMENT = 64
MISSING = "missing.txt"


def npy(mask: bytearray, width: int, height: int) -> bytes:
    """An array of `height` rows and `width` columns of unsigned bytes in NumPy's NPY format, version 1.0."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({height}, {width}), }}"
    room = -(len(header) + 11) % NPY_ALIGNMENT
    return b"\x93NUMPY\1\0" + (len(header) + room + 1).to_bytes(2, "little") + header.encode() + b" " * room + b"\n" + mask


def png(mask: bytearray, width: int, height: int) -> bytes:
    """A PNG in grey."""
    from PIL import Image  # imported here: most exports never need it

    file = io.BytesIO()
    Image.frombytes("L", (width, height), bytes(mask)).save(file, "PNG")
    return file.getvalue()


def choose(selection: Tasks, options: Options, *, encode: Encode, extension: str, content_type: str) -> ExportedFile:
    """The mask itself when there is only one, else an archive of them."""
    entries = _entries(selection, encode, extension)
    first = list(islice(entries, 2))
    if len(first) == 1 and first[0][0] != MISSING:
        return ExportedFile(extension, content_type, iter([first[0][1]]))
    return ExportedFile("zip", "application/zip", joined(_archive(chain(first, entries))))


def write(selection: Tasks, options: Options, *, encode: Encode, extension: str) -> Iterator[bytes]:
    return joined(_archive(_entries(selection, encode, extension)))


def _archive(entries: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    with closing(Archive()) as archive:
        for name, content in entries:
            yield archive.file(name, content)
        yield from archive.end()


def _entries(selection: Tasks, encode: Encode, extension: str) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each mask, and at the end the list of those that cannot be read, when there are any."""
    config = config_of(selection.project)
    unreadable: list[str] = []
    for tasks in exported_tasks(selection):
        for task in tasks:
            for item in task.items(config):
                for name, region in _named(item):
                    try:
                        mask, width, height = mask_of(region)
                    except MaskRefused as refused:
                        unreadable.append(f"{name}\t{refused}\n")
                        continue
                    yield f"{name}.{extension}", encode(mask, width, height)
    if unreadable:
        yield MISSING, "".join(unreadable).encode()


def _named(item: Item) -> Iterator[tuple[str, Region]]:
    """The painted regions of an answer with their names: the task's, the annotation's and the person's number, control, labels, and a count."""
    seen: Counter[str] = Counter()
    for region in item.regions:
        if region.control.tag in ("BrushLabels", "Labels") and "rle" in region.value:
            labels = region.labels("brushlabels", "labels") or ["no_label"]
            about = safe_name(f"{region.name}-{'-'.join(labels)}".replace("/", "-").replace("\\", "-"), "mask")
            count, seen[about] = seen[about], seen[about] + 1
            yield f"task-{item.task}-annotation-{item.annotation}-by-{item.annotator}-{about}-{count}", region


def mask_of(region: Region) -> tuple[bytearray, int, int]:
    """(mask, width, height) of a painted region. Raises `MaskRefused`."""
    size, rle = region.size, region.value.get("rle")
    if size is None or not isinstance(rle, list):
        raise MaskRefused("the region does not say how large its picture is" if size is None else "the mask is not a list of bytes")
    width, height = int(size[0]), int(size[1])
    return decode_alpha(rle, width, height), width, height


def _format(name: str, title: str, description: Any, encode: Encode, extension: str, content_type: str) -> Format:
    return Format(
        name,
        title,
        description,
        "zip",
        "application/zip",
        partial(write, encode=encode, extension=extension),
        tags=("image segmentation",),
        fits=masks,
        choose=partial(choose, encode=encode, extension=extension, content_type=content_type),
    )


BRUSH_TO_NUMPY = _format(
    "BRUSH_TO_NUMPY", "Brush labels to NumPy", _("Each painted mask as a NumPy array."), npy, "npy", "application/octet-stream"
)
BRUSH_TO_PNG = _format("BRUSH_TO_PNG", "Brush labels to PNG", _("Each painted mask as a PNG in grey."), png, "png", "image/png")
