"""What the operations on storages take and answer."""

from __future__ import annotations

from typing import Any

from core.openapi.describe import (
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    OBJECT,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    may,
    must,
    null,
    obj,
    one_of,
)
from io_storages.kinds import Field, kinds

TYPES = {"text": null(TEXT), "boolean": BOOLEAN, "integer": null(INTEGER)}


def _fields(*, secret: bool) -> dict[str, Any]:
    """The settings of every kind by name; of the same name they are of the same type."""
    found: dict[str, Field] = {field.name: field for kind in kinds().values() for field in kind.fields}
    return {name: TYPES[field.type] for name, field in found.items() if secret or not field.secret}


CONNECTION_ID = {"anyOf": [INTEGER, one_of("server"), {"type": "null"}]}
CONNECTION = component("StorageConnection", obj(id={"anyOf": [ID, one_of("server")]}, type=TEXT, title=TEXT))
STATUS = one_of("initialized", "queued", "in_progress", "failed", "completed", "completed_with_errors")
STORAGE = component(
    "Storage",
    obj(
        id=ID,
        type=TEXT,
        synchronizable=BOOLEAN,
        title=null(TEXT),
        description=null(TEXT),
        created_at=TIME,
        last_sync=null(TIME),
        last_sync_count=null(INTEGER),
        last_sync_job=null(TEXT),
        status=STATUS,
        traceback=null(TEXT),
        meta=OBJECT,
        project=ID,
        connection={"anyOf": [ID, TEXT, {"type": "null"}]},
        secrets_set=array(TEXT),
        **{name: (shape,) for name, shape in _fields(secret=False).items()},
    ),
)
KIND = array(obj(name=TEXT, title=TEXT))
FIELDS = may(project=INTEGER, connection=CONNECTION_ID, title=null(TEXT), description=null(TEXT), **_fields(secret=True))
ROW = obj(columnCount=INTEGER, fields=array(obj(type=TEXT, name=TEXT, label=TEXT)))
FOUND = obj(files=array(obj(key=TEXT, last_modified=null(TEXT), size=null(INTEGER))))
TESTED = obj(ok=BOOLEAN, steps=array(obj(name=TEXT, ok=BOOLEAN, said=TEXT, fix=TEXT)))
DRY_RUN = may(dry_run=BOOLEAN)
PROJECT = {"project": INTEGER}

describe(
    "storage-connections",
    GET=Operation("Storages connected for all projects", array(CONNECTION)),
    POST=Operation(
        "Connect a storage for all projects", CONNECTION, status=201, body=must("type", type=TEXT, title=TEXT, **_fields(secret=True))
    ),
)
describe(
    "storage-connection",
    GET=Operation("A connection", CONNECTION),
    PATCH=Operation("Change a connection", CONNECTION, body=may(title=TEXT, **_fields(secret=True))),
    DELETE=NOTHING,
)

for side in ("source", "target"):
    describe(f"{side}-storages", GET=Operation("Storages of a project", array(STORAGE), query=PROJECT))
    describe(f"{side}-storage-types", GET=Operation("Kinds of storages", KIND))
    describe(
        f"{side}-storages-of-kind",
        GET=Operation("Storages of one kind", array(STORAGE), query=PROJECT),
        POST=Operation("Connect a storage", STORAGE, status=201, body=FIELDS),
    )
    describe(f"{side}-storage-validate", POST=Operation("Whether a storage can be reached", body=FIELDS))
    describe(f"{side}-storage-form", GET=Operation("The fields of a storage", array(ROW)))
    describe(f"{side}-storage-files", POST=Operation("The first files there", FOUND, body=FIELDS))
    describe(
        f"{side}-storage",
        GET=Operation("A storage", STORAGE),
        PATCH=Operation("Change a storage", STORAGE, body=FIELDS),
        PUT=Operation("Change a storage", STORAGE, body=FIELDS),
        DELETE=NOTHING,
    )
    describe(
        f"{side}-storage-notifications",
        POST=Operation("Open an address for the cloud's notifications", obj(url=TEXT), status=201),
        DELETE=NOTHING,
    )
    describe(f"{side}-storage-test", POST=Operation("Load one object as a browser would", TESTED))
    describe(
        f"{side}-storage-sync",
        POST=Operation(
            "Read or write anew; with `dry_run` say what would change", {"anyOf": [STORAGE, obj(job=ID, status=TEXT)]}, body=DRY_RUN
        ),
    )

describe("storage-notified", POST=Operation("What a cloud tells of a storage's objects", OBJECT, body=OBJECT))
describe(
    "task-media-info",
    GET=Operation("Length, peaks and frames of a task's sound or video", OBJECT, answers={202: OBJECT}, query={"key": TEXT}),
)
describe("task-thumbnail", GET=Operation("A task's picture made small", TEXT, query={"key": TEXT, "size": INTEGER}, media="image/webp"))
