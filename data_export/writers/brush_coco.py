"""BRUSH_TO_COCO: painted masks as the polygons around their parts, with polygons and rectangles, in a COCO file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.contours import outlines
from core.rawjson import dump_json
from data_export.archive import Archive, joined
from data_export.availability import masks
from data_export.brush_rle import MaskRefused
from data_export.categories import Categories
from data_export.formats import Format, Options
from data_export.geometry import area, bounds
from data_export.items import Item, Region, source_of
from data_export.media import Media, Medium, items_with_media, packed
from data_export.picture import picture_of
from data_export.queries import Tasks
from data_export.spool import Spool
from data_export.writers.brush import mask_of
from data_export.writers.coco import shape_of
from projects.queries import config_of

if TYPE_CHECKING:
    from labeling import Config

COLOUR = "#ffa39e"  # of a label without a background


def write(selection: Tasks, options: Options) -> Iterator[bytes]:
    return joined(_pieces(selection, images=options.download_resources is True))


def _pieces(selection: Tasks, *, images: bool) -> Iterator[bytes]:
    config = config_of(selection.project)
    document = Document(config)
    with closing(Archive()) as archive, Media(selection.project, remote=images) as media, document.images, document.annotations:
        yield archive.folder("images/")
        for item, medium in items_with_media(selection, config, source_of(config, "Image"), media):
            size, pack = item.size, images and medium.first
            if pack or size is None:
                with media.opened(medium, note=pack) as file:
                    if file is not None and size is None and (picture := picture_of(file)):
                        size = (picture.width, picture.height)
                    if file is not None and pack:
                        yield from packed(archive, f"images/{medium.name}", file)
            document.add(item, medium, size, media)
        yield from archive.stream("result_coco.json", document.pieces(), document.size)
        yield from media.missing(archive)
        yield from archive.end()


class Document:
    """`result_coco.json` in the making. Categories count from 1; every part of a mask is an annotation of its own."""

    def __init__(self, config: Config) -> None:
        self.images, self.annotations = Spool(), Spool()
        self._categories = Categories.of(config, first=1)
        attributes = {label: values for control in config.controls.values() for label, values in control.labels_attrs.items()}
        self._colours = {label: values.get("background") or COLOUR for label, values in attributes.items()}

    def add(self, item: Item, medium: Medium, size: tuple[float, float] | None, media: Media) -> None:
        image = self.images.count
        width, height = size or (None, None)
        self.images.add({"id": image, "file_name": medium.name, "path": medium.url, "width": width, "height": height})
        for region in item.regions:
            try:
                found = _shapes(region, size)
            except MaskRefused as refused:
                media.note(medium, f"annotation {item.annotation}: {refused}")
                continue
            for label in region.labels("brushlabels", "polygonlabels", "rectanglelabels", "labels"):
                for shape in found:
                    head = {"id": self.annotations.count, "image_id": image, "category_id": self._categories.number(label)}
                    self.annotations.add({**head, **shape, "iscrowd": 0, "annotator": item.annotator})

    def pieces(self) -> Iterator[bytes]:
        categories = [
            {"id": number, "name": name, "supercategory": "", "color": self._colours.get(name, COLOUR), "metadata": {}}
            for number, name in self._categories.rows()
        ]
        now = timezone.now()
        yield b'{"images":['
        yield from self.images.pieces()
        yield b'],"annotations":['
        yield from self.annotations.pieces()
        info = {"year": now.year, "version": "1.0", "description": "", "contributor": "Label Studio", "date_created": str(now)}
        yield b'],"categories":' + dump_json(categories) + b',"info":' + dump_json(info) + b"}"

    @property
    def size(self) -> int:
        """At most so many bytes; categories and the rest take the spare ones."""
        return self.images.size + self.annotations.size + (64 << 20)


def _shapes(region: Region, size: tuple[float, float] | None) -> list[dict[str, Any]]:
    """Polygons in pixels around the parts of a mask that have an area, or the one shape of another region. Raises `MaskRefused`."""
    if "rle" in region.value:
        return [
            {"segmentation": [[coordinate for point in points for coordinate in point]], "area": int(area(points)), "bbox": _around(points)}
            for points in outlines(*mask_of(region))
            if len(points) > 2
        ]
    picture = region.size or size
    shape = shape_of(region, picture) if picture else None
    return [{key: shape[key] for key in ("segmentation", "area", "bbox")}] if shape else []


def _around(points: list[tuple[int, int]]) -> list[float]:
    """The box around pixels: the last one belongs to it."""
    x, y, width, height = bounds(points)
    return [x, y, width + 1, height + 1]


BRUSH_TO_COCO = Format(
    "BRUSH_TO_COCO",
    "Brush labels to COCO",
    _("Painted masks as polygons in one JSON file, in pixels."),
    "zip",
    "application/zip",
    write,
    tags=("image segmentation", "brush annotations"),
    fits=masks,
)
