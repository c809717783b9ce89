"""COCO: one `result.json` with images, categories and annotations, beside a folder of the images."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json
from data_export.archive import Archive, joined
from data_export.availability import shapes
from data_export.categories import Categories, keypoint_order, labels_of_tag
from data_export.formats import Format, Options
from data_export.geometry import area, bounds, box_in, polygon_in
from data_export.items import Item, Region, source_of
from data_export.media import Media, Medium, items_with_media, packed
from data_export.numbers import number
from data_export.picture import picture_of
from data_export.queries import Tasks
from data_export.spool import Spool
from projects.queries import config_of

if TYPE_CHECKING:
    from labeling import Config

SHAPES = ("rectanglelabels", "polygonlabels", "labels")
Points = dict[str, tuple[float, float]]


def write(selection: Tasks, options: Options, *, images: bool) -> Iterator[bytes]:
    return joined(_pieces(selection, images, remote=images and options.download_resources is not False))


def _pieces(selection: Tasks, images: bool, *, remote: bool) -> Iterator[bytes]:
    config = config_of(selection.project)
    document = Document(config)
    with closing(Archive()) as archive, Media(selection.project, remote=remote) as media, document.images, document.annotations:
        yield archive.folder("images/")
        for item, medium in items_with_media(selection, config, source_of(config, "Image"), media):
            size = item.size
            pack = images and medium.first
            if pack or size is None:
                with media.opened(medium, note=pack) as file:
                    if file is not None and size is None and (picture := picture_of(file)):
                        size = (picture.width, picture.height)
                    if file is not None and pack:
                        yield from packed(archive, f"images/{medium.name}", file)
            document.add(item, medium, size)
        yield from archive.stream("result.json", document.pieces(), document.size)
        yield from media.missing(archive)
        yield from archive.end()


class Document:
    """`result.json` in the making. Every item is an image, also one without labels; ids count from 0."""

    def __init__(self, config: Config) -> None:
        self.images, self.annotations = Spool(), Spool()
        self._categories = Categories.of(config)
        self._order = keypoint_order(config)
        self._skeleton: int | None = None
        if self._order:
            # Key points together are one category, whose points have the order of `model_index`.
            own = {label for tag in ("RectangleLabels", "PolygonLabels", "Labels") for label in labels_of_tag(config, tag)}
            self._categories.leave_out(set(self._order) - own)
            self._skeleton = self._categories.add("default")

    def add(self, item: Item, medium: Medium, size: tuple[float, float] | None) -> None:
        width, height = size or (None, None)
        image = self.images.count
        self.images.add({"width": width, "height": height, "id": image, "file_name": f"images/{medium.name}"})
        for region in item.regions:
            picture = region.size or size
            labels = region.labels(*SHAPES)
            if labels and picture and (shape := shape_of(region, picture)):
                category = self._categories.number(labels[0])
                self.annotations.add({"id": self.annotations.count, "image_id": image, "category_id": category, **shape})
        for points in keypoint_sets(item.regions, self._order, size):
            self.annotations.add(
                {"id": self.annotations.count, "image_id": image, "category_id": self._skeleton, **self._keypoints(points)}
            )

    def pieces(self) -> Iterator[bytes]:
        categories: list[dict[str, Any]] = []
        for number_, name in self._categories.rows():
            skeleton = {"supercategory": "default", "keypoints": self._order, "skeleton": []} if number_ == self._skeleton else {}
            categories.append({"id": number_, "name": name, **skeleton})
        now = timezone.now()
        info = {"year": now.year, "version": "1.0", "description": "", "contributor": "Label Studio", "url": "", "date_created": str(now)}
        yield b'{"images":['
        yield from self.images.pieces()
        yield b'],"categories":' + dump_json(categories) + b',"annotations":['
        yield from self.annotations.pieces()
        yield b'],"info":' + dump_json(info) + b"}"

    @property
    def size(self) -> int:
        """At most so many bytes; categories and the rest take the spare ones."""
        return self.images.size + self.annotations.size + (64 << 20)

    def _keypoints(self, points: Points) -> dict[str, Any]:
        flat: list[int] = []
        for label in self._order:
            x, y = points.get(label, (0.0, 0.0))
            flat += (round(x), round(y), 2 if label in points else 0)
        box = bounds([(flat[at], flat[at + 1]) for at in range(0, len(flat), 3) if flat[at + 2]])
        return {
            "keypoints": flat,
            "num_keypoints": len(points),
            "segmentation": [],
            "bbox": list(box),
            "ignore": 0,
            "iscrowd": 0,
            "area": box[2] * box[3],
        }


def shape_of(region: Region, picture: tuple[float, float]) -> dict[str, Any] | None:
    """A rectangle (the upright one around it when it is turned) or a polygon in pixels; None for what COCO has no shape for."""
    if box := box_in(region.value):
        x, y, width, height = box.hull(picture)
        return {"segmentation": [], "bbox": [x, y, width, height], "ignore": 0, "iscrowd": 0, "area": width * height}
    if corners := polygon_in(region.value):
        points = [(x / 100 * picture[0], y / 100 * picture[1]) for x, y in corners]
        flat = [[coordinate for point in points for coordinate in point]]
        return {"segmentation": flat, "bbox": list(bounds(points)), "ignore": 0, "iscrowd": 0, "area": area(points)}
    return None


def keypoint_sets(regions: list[Region], order: list[str], size: tuple[float, float] | None) -> list[Points]:
    """Key points that belong together, in pixels by label: those in one region, and those in none; a label that comes again begins a new set.
    Labels outside of `order` have no place in the format."""
    groups: dict[Any, list[Points]] = {}
    for region in regions:
        x, y, picture = number(region.value.get("x")), number(region.value.get("y")), region.size or size
        labels = [label for label in region.labels("keypointlabels") if label in order]
        if x is None or y is None or picture is None or not labels:
            continue
        parent = region.row.get("parentID")
        sets = groups.setdefault(parent if isinstance(parent, str) else None, [])
        for label in labels:
            free = next((points for points in sets if label not in points), None)
            if free is None:
                sets.append(free := {})
            free[label] = (x / 100 * picture[0], y / 100 * picture[1])
    return [points for sets in groups.values() for points in sets]


TAGS = ("image segmentation", "object detection", "keypoints")
COCO = Format(
    "COCO",
    "COCO",
    _("Rectangles, polygons and key points in one JSON file, in pixels."),
    "zip",
    "application/zip",
    partial(write, images=False),
    tags=TAGS,
    fits=shapes,
)
COCO_WITH_IMAGES = Format(
    "COCO_WITH_IMAGES",
    "COCO with Images",
    _("COCO, with the images in the archive."),
    "zip",
    "application/zip",
    partial(write, images=True),
    tags=TAGS,
    fits=shapes,
)
