"""A COCO file read once, item by item, whatever its size: images and annotations wait on disk until they are asked for together."""

from __future__ import annotations

import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from core.rawjson import JSONRefused, read_json
from data_import.json_stream import json_members
from data_import.readers.bundle import Bundle, refused

LISTS = frozenset({"images", "annotations", "categories"})
AT_ONCE = 5_000  # annotations that are put down together
MOST_CATEGORIES = 100_000


class COCODocument:
    """`name` is the file in the bundle; `categories` by id; `counts` how many annotations each category id has. Raises `Refused` (400) for a file
    that cannot be read."""

    def __init__(self, bundle: Bundle, name: str) -> None:
        self.name = name
        self.categories: dict[Any, dict[str, Any]] = {}
        self.counts: Counter[Any] = Counter()
        self.kinds: Counter[str] = Counter()  # what annotations hold: bbox, polygon, mask, keypoints
        # A database without name is a file of its own that SQLite deletes; small ones stay in memory.
        self._waiting = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._waiting.close)
        self._waiting.executescript("CREATE TABLE image (id TEXT, body TEXT); CREATE TABLE annotation (image TEXT, body TEXT);")
        try:
            self._read(bundle)
        except JSONRefused as error:
            raise refused(name, str(error)) from None
        self._waiting.execute("CREATE INDEX annotation_image ON annotation (image)")

    def images(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """The images in the order of the file, each with its annotations."""
        for key, body in self._waiting.execute("SELECT id, body FROM image ORDER BY rowid"):
            found = self._waiting.execute("SELECT body FROM annotation WHERE image = ? ORDER BY rowid", [key])
            yield read_json(body), [read_json(text) for (text,) in found]

    def _read(self, bundle: Bundle) -> None:
        held: dict[str, list[tuple[str, str]]] = {"images": [], "annotations": []}
        self._waiting.execute("BEGIN")
        with bundle.open(self.name) as file:
            for key, text in json_members(cast(BinaryIO, file), LISTS):
                if key not in LISTS:
                    continue
                item = read_json(text)
                if not isinstance(item, dict):
                    continue
                if key == "categories":
                    if isinstance(item.get("id"), int | str) and len(self.categories) < MOST_CATEGORIES:
                        self.categories[item["id"]] = item
                    continue
                if key == "annotations":
                    self._count(item)
                held[key].append((_key(item.get("id" if key == "images" else "image_id")), text))
                if len(held[key]) == AT_ONCE:
                    self._put(held)
        self._put(held)
        self._waiting.execute("COMMIT")

    def _count(self, item: dict[str, Any]) -> None:
        category = item.get("category_id")
        self.counts[category if isinstance(category, int | str) else None] += 1
        segmentation = item.get("segmentation")
        if isinstance(segmentation, dict):
            self.kinds["mask"] += 1
        elif isinstance(segmentation, list) and segmentation:
            self.kinds["polygon"] += 1
        elif item.get("bbox"):
            self.kinds["bbox"] += 1
        if item.get("keypoints"):
            self.kinds["keypoints"] += 1

    def _put(self, held: dict[str, list[tuple[str, str]]]) -> None:
        for table, rows in (("image", held["images"]), ("annotation", held["annotations"])):
            self._waiting.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
            rows.clear()


def _key(said: Any) -> str:
    """An id as text, so that 1 is 1.0 but not "1"."""
    return repr(int(said) if isinstance(said, float) and said.is_integer() else said)
