"""Pascal VOC: an XML file per image with its rectangles in whole pixels, beside a folder of the images."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from xml.sax.saxutils import escape

from django.utils.translation import gettext_lazy as _

from data_export.archive import Archive, joined
from data_export.availability import rectangles
from data_export.formats import Format, Options
from data_export.geometry import box_in
from data_export.items import Item, Region, source_of
from data_export.media import Media, Medium, items_with_media, packed
from data_export.picture import Picture, picture_of
from data_export.queries import Tasks
from projects.queries import config_of

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RETURN = {"\r": "&#13;"}  # else a reader makes a line break of it
INDENT = "    "
CHANNELS = 3  # of an image that is not at hand


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return joined(_pieces(selection, options.download_resources))


def _pieces(selection: Tasks, download: bool | None) -> Iterator[bytes]:
    config = config_of(selection.project)
    pictures = download is not False
    with closing(Archive()) as archive, Media(selection.project, remote=download is True) as media:
        yield archive.folder("images/")
        yield archive.folder("Annotations/")
        for item, medium in items_with_media(selection, config, source_of(config, "Image"), media, reference_first=True):
            pack = pictures and medium.first
            with media.opened(medium, note=pack) as file:
                picture = picture_of(file) if file is not None else None
                if file is not None and pack:
                    yield from packed(archive, f"images/{medium.name}", file)
            yield archive.file(f"Annotations/{media.companion(medium, item)}.xml", document(item, medium, picture))
        yield from media.missing(archive)
        yield from archive.end()


def document(item: Item, medium: Medium, picture: Picture | None) -> bytes:
    """The XML of an answer. Without regions it says that the image shows nothing; its size is 0 when nothing tells it."""
    width, height = item.size or ((picture.width, picture.height) if picture else (0, 0))
    source = {"database": "Unknown", "annotation": "Unknown", "image": "Unknown", "flickrid": "NULL", "annotator": item.annotator}
    size = {"width": int(width), "height": int(height), "depth": picture.channels if picture else CHANNELS}
    parts = [
        _fields(1, {"folder": "images", "filename": medium.name}),
        _node(1, "source", _fields(2, source)),
        _node(1, "owner", _fields(2, {"flickrid": "NULL", "name": "Label Studio"})),
        _node(1, "size", _fields(2, size)),
        _fields(1, {"segmented": 0}),
        *(_object(region, (width, height)) for region in item.regions),
    ]
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_node(0, "annotation", "".join(parts))}'.encode()


def _object(region: Region, size: tuple[float, float]) -> str:
    labels, box, picture = region.labels("rectanglelabels", "labels"), box_in(region.value), region.size or size
    if not labels or box is None or not picture[0]:
        return ""
    x, y, width, height = box.hull(picture)
    left, top = int(x), int(y)
    around = _fields(3, {"xmin": left, "ymin": top, "xmax": left + int(width), "ymax": top + int(height)})
    about = _fields(2, {"name": labels[0], "pose": "Unspecified", "truncated": 0, "difficult": 0})
    return _node(1, "object", about + _node(2, "bndbox", around))


def _fields(depth: int, values: Mapping[str, str | int]) -> str:
    return "".join(f"{INDENT * depth}<{name}>{escape(NOT_XML.sub('', str(value)), RETURN)}</{name}>\n" for name, value in values.items())


def _node(depth: int, name: str, content: str) -> str:
    return f"{INDENT * depth}<{name}>\n{content}{INDENT * depth}</{name}>\n"


VOC = Format(
    "VOC",
    "Pascal VOC XML",
    _("An XML file per image with its rectangles, and the images."),
    "zip",
    "application/zip",
    write,
    tags=("image segmentation", "object detection"),
    fits=rectangles,
)
