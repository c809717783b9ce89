"""YOLO and YOLO OBB: a text file of labels per image, the names of the classes in `classes.txt`, beside a folder of the images."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.rawjson import dump_json
from data_export.archive import Archive, joined
from data_export.availability import shapes, turned_rectangles
from data_export.categories import Categories, keypoint_order, labels_of_tag
from data_export.formats import Format, Options
from data_export.geometry import Box, box_in, polygon_in
from data_export.items import Item, Region, source_of
from data_export.media import Media, items_with_media, packed
from data_export.numbers import number
from data_export.queries import Tasks
from projects.queries import config_of

if TYPE_CHECKING:
    from labeling import Config

SHAPES = ("rectanglelabels", "polygonlabels", "labels")
UNIT = (1.0, 1.0)  # stands for the picture's size where nothing is turned, so that its sides do not matter


def write(selection: Tasks, options: Options, *, oriented: bool, images: bool) -> Iterator[bytes]:
    return joined(_pieces(selection, oriented, images, remote=images and options.download_resources is not False))


def _pieces(selection: Tasks, oriented: bool, images: bool, *, remote: bool) -> Iterator[bytes]:
    config = config_of(selection.project)
    classes = Classes(config, oriented)
    with closing(Archive()) as archive, Media(selection.project, remote=remote) as media:
        yield archive.folder("images/")
        yield archive.folder("labels/")
        # A label file belongs to an image, so an image's first answer gets it: the ground truth, else the newest. Others get a name of their own.
        for item, medium in items_with_media(selection, config, source_of(config, "Image"), media, reference_first=True):
            if images and medium.first:
                with media.opened(medium) as file:
                    if file is not None:
                        yield from packed(archive, f"images/{medium.name}", file)
            lines = "".join(f"{' '.join(map(str, line))}\n" for line in classes.lines(item))
            yield archive.file(f"labels/{media.companion(medium, item)}.txt", lines.encode())
        yield archive.file("classes.txt", "".join(f"{name}\n" for name in classes.names()).encode())
        yield archive.file("notes.json", dump_json(classes.notes()))
        yield from media.missing(archive)
        yield from archive.end()


class Classes:
    """The classes of a config, in its order, and the lines of label files. With key points the classes are the rectangles they lie in.

    `task` is what the set is for, as training tools name it: four corners are a turned box in one set, a polygon in another.
    """

    def __init__(self, config: Config, oriented: bool) -> None:
        self._keypoints = keypoint_order(config)
        self._oriented = oriented
        polygons = bool(labels_of_tag(config, "PolygonLabels"))
        self._task = "pose" if self._keypoints else "obb" if oriented else "segment" if polygons else "detect"
        if self._keypoints:
            self._categories = Categories.in_order(labels_of_tag(config, "RectangleLabels"))
        else:
            self._categories = Categories.of(config, order=list).without_gaps()

    def lines(self, item: Item) -> Iterator[list[float]]:
        """The class's number and the shape, in parts of the picture's width and height; a region with several labels has a line for each."""
        if self._keypoints:
            yield from self._poses(item)
            return
        for region in item.regions:
            if (labels := region.labels(*SHAPES)) and (shape := _shape(region, item.size, self._oriented)):
                for label in labels:
                    yield [self._categories.number(label), *shape]

    def names(self) -> list[str]:
        return [" ".join(name.split()) for _, name in self._categories.rows()]

    def notes(self) -> dict[str, Any]:
        points = {"keypoints": self._keypoints} if self._keypoints else {}
        rows = [{"id": number_, "name": name, **points} for number_, name in self._categories.rows()]
        info = {"year": timezone.now().year, "version": "1.0", "contributor": "Label Studio", "task": self._task}
        return {"categories": rows, "info": info}

    def _poses(self, item: Item) -> Iterator[list[float]]:
        """A line per rectangle with the key points inside of it: x, y and 2 (visible), or three zeros."""
        inside: dict[Any, dict[str, tuple[float, float]]] = {}
        for region in item.regions:
            x, y, parent = number(region.value.get("x")), number(region.value.get("y")), region.row.get("parentID")
            if x is not None and y is not None and isinstance(parent, str):
                inside.setdefault(parent, {}).update(dict.fromkeys(region.labels("keypointlabels")[:1], (x / 100, y / 100)))
        for region in item.regions:
            labels, box = region.labels("rectanglelabels"), box_in(region.value)
            if labels and box:
                points = inside.get(region.row.get("id"), {}) if isinstance(region.row.get("id"), str) else {}
                flat = [part for label in self._keypoints for part in ((*points[label], 2) if label in points else (0.0, 0.0, 0))]
                yield [self._categories.number(labels[0]), *_upright(box, region.size or item.size), *flat]


def _shape(region: Region, size: tuple[float, float] | None, oriented: bool) -> list[float] | None:
    if box := box_in(region.value):
        picture = region.size or size
        if not oriented:
            return _upright(box, picture)
        if picture is None and box.rotation:
            return None
        across, down = picture or UNIT
        return [part for x, y in box.corners((across, down)) for part in (x / across, y / down)]
    return [min(max(part / 100, 0.0), 1.0) for point in polygon_in(region.value) for part in point] or None


def _upright(box: Box, picture: tuple[float, float] | None) -> list[float]:
    """Centre and size of the upright rectangle around a box, cut off at the edges of the picture: a number outside of 0 to 1 makes training tools refuse the file."""
    x, y, width, height = box.x, box.y, box.width, box.height
    if box.rotation and picture:
        left, top, wide, high = box.hull(picture)
        x, y, width, height = left / picture[0] * 100, top / picture[1] * 100, wide / picture[0] * 100, high / picture[1] * 100
    x, width = _inside(x, width)
    y, height = _inside(y, height)
    return [(x + width / 2) / 100, (y + height / 2) / 100, width / 100, height / 100]


def _inside(start: float, length: float) -> tuple[float, float]:
    if start >= 0 and start + length <= 100:
        return start, length
    low, high = min(max(start, 0.0), 100.0), min(max(start + length, 0.0), 100.0)
    return low, high - low


POSES = ("image segmentation", "object detection", "keypoints")
TURNED = ("image segmentation", "object detection")


def _format(name: str, title: str, description: Any, *, oriented: bool, images: bool) -> Format:
    return Format(
        name,
        title,
        description,
        "zip",
        "application/zip",
        partial(write, oriented=oriented, images=images),
        tags=TURNED if oriented else POSES,
        fits=turned_rectangles if oriented else shapes,
    )


YOLO = _format(
    "YOLO",
    "YOLO",
    _("A text file per image: class, centre, width and height of each box; polygons point by point."),
    oriented=False,
    images=False,
)
YOLO_WITH_IMAGES = _format("YOLO_WITH_IMAGES", "YOLO with Images", _("YOLO, with the images in the archive."), oriented=False, images=True)
YOLO_OBB = _format(
    "YOLO_OBB",
    "YOLOv8 OBB",
    _("A text file per image with the four corners of each box, for boxes that are turned."),
    oriented=True,
    images=False,
)
YOLO_OBB_WITH_IMAGES = _format(
    "YOLO_OBB_WITH_IMAGES", "YOLOv8 OBB with Images", _("YOLOv8 OBB, with the images in the archive."), oriented=True, images=True
)
