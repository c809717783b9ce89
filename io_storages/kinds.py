"""The table of storage kinds. A kind is a folder beside this file with a `KIND`; it is listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import not_found
from io_storages.connector import Connector

FOLDERS = ("s3", "gcs", "azure", "hub", "http", "redis", "localfiles")


SOURCE = ("source",)
TARGET = ("target",)


@dataclass(frozen=True)
class Field:
    """One setting. `type` is text, boolean or integer; a `secret` is stored encrypted and never shown; `directions` says where it is asked for."""

    name: str
    label: Any
    type: str = "text"
    default: Any = None
    secret: bool = False
    required: bool = False
    help: Any = ""
    pattern: str = ""  # what the whole value must match
    directions: tuple[str, ...] = ("source", "target")


@dataclass(frozen=True)
class Kind:
    """`connect` makes a connector from a storage's values. `name` is what addresses of the API say."""

    name: str
    title: str
    fields: tuple[Field, ...]
    connect: Callable[[Mapping[str, Any]], Connector]
    directions: tuple[str, ...] = ("source", "target")

    def fields_of(self, direction: str, *, connected: bool = False) -> tuple[Field, ...]:
        """The settings of a storage; of one with a ready-made connection only how the project uses it."""
        return tuple(field for field in self.all_fields if direction in field.directions and not (connected and field in self.place_fields))

    @property
    def place_fields(self) -> tuple[Field, ...]:
        """Where it is and with which keys: what a connection holds that is made once for many projects."""
        return tuple(field for field in self.fields if field.name not in OF_A_PROJECT)

    @property
    def connection_fields(self) -> tuple[Field, ...]:
        return (*self.place_fields, *(field for field in self.fields if field.name == "prefix"))

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return (*self.fields, *EVERYWHERE)


PREFIX = Field("prefix", _("Folder"), help=_("Only objects whose key begins with this. Empty: the whole bucket."))
REGEX = Field("regex_filter", _("File filter"), help=_("A regular expression that keys must match, like .*\\.(jpe?g|png)$"))
GLOB = Field("glob_filter", _("Names like"), help=_("Like photos/**/*.jpg; several with blanks between."), directions=SOURCE)
SYNC_EVERY = Field(
    "sync_every",
    _("Synchronize every (minutes)"),
    "integer",
    0,
    directions=SOURCE,
    help=_("0: only when somebody asks for it."),
)
BLOB_URLS = Field(
    "use_blob_urls",
    _("Every object is a task"),
    "boolean",
    False,
    help=_("On: each image, audio or other file becomes a task. Off: JSON, JSONL and Parquet files hold the tasks."),
)
PRESIGN = Field(
    "presign",
    _("Browsers load from the storage"),
    "boolean",
    True,
    directions=SOURCE,
    help=_("On: by addresses that expire (the bucket must allow it by CORS). Off: through this server."),
)
PRESIGN_TTL = Field("presign_ttl", _("Addresses expire after (minutes)"), "integer", 1, directions=SOURCE)
RECURSIVE = Field("recursive_scan", _("Also in folders below"), "boolean", False, directions=SOURCE)
ON_GONE = Field(
    "on_gone",
    _("When an object is gone"),
    default="keep",
    directions=SOURCE,
    pattern="keep|delete",
    help=_("keep: its task stays. delete: its task goes, unless somebody has annotated it."),
)
DELETE = Field(
    "can_delete_objects",
    _("Delete with the annotation"),
    "boolean",
    False,
    directions=TARGET,
    help=_("On: a deleted annotation's object is deleted as well."),
)
COMMON = (PREFIX, REGEX, BLOB_URLS, PRESIGN, PRESIGN_TTL, RECURSIVE, ON_GONE, DELETE)
EVERYWHERE = (GLOB, SYNC_EVERY)  # what each kind of source has
OF_A_PROJECT = frozenset(field.name for field in (*COMMON, *EVERYWHERE))


@cache
def kinds() -> dict[str, Kind]:
    return {(kind := import_module(f"io_storages.{folder}").KIND).name: kind for folder in FOLDERS}


def kind_named(name: str, direction: str = "source") -> Kind:
    """Raises 404 for a kind that there is not, or not for this direction."""
    found = kinds().get(name)
    if found is None or direction not in found.directions:
        raise not_found()
    return found
