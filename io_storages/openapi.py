"""What the operations on storages take and answer."""

from __future__ import annotations

from core.openapi.describe import ANYTHING, ID, INTEGER, NOTHING, OBJECT, TEXT, Operation, array, component, describe, may, null, obj

STORAGE = component("Storage", obj(id=ID, type=TEXT, title=null(TEXT), project=ID, status=TEXT, last_sync_count=null(INTEGER)))
KIND = array(obj(name=TEXT, title=TEXT))
FIELDS = {**may(project=INTEGER, title=TEXT, bucket=TEXT, container=TEXT, path=TEXT, prefix=TEXT, regex_filter=TEXT)}
PROJECT = {"project": INTEGER}

for side in ("source", "target"):
    describe(f"{side}-storages", GET=Operation("Storages of a project", array(OBJECT), query=PROJECT))
    describe(f"{side}-storage-types", GET=Operation("Kinds of storages", KIND))
    describe(
        f"{side}-storages-of-kind",
        GET=Operation("Storages of one kind", array(STORAGE), query=PROJECT),
        POST=Operation("Connect a storage", STORAGE, status=201, body=FIELDS),
    )
    describe(f"{side}-storage-validate", POST=Operation("Whether a storage can be reached", ANYTHING, answers={204: None}, body=FIELDS))
    describe(f"{side}-storage-form", GET=Operation("The fields of a storage", ANYTHING))
    describe(f"{side}-storage-files", POST=Operation("The first files there", OBJECT, body=FIELDS))
    describe(
        f"{side}-storage",
        GET=Operation("A storage", STORAGE),
        PATCH=Operation("Change a storage", STORAGE, body=FIELDS),
        PUT=Operation("Change a storage", STORAGE, body=FIELDS),
        DELETE=NOTHING,
    )
    describe(f"{side}-storage-sync", POST=Operation("Read or write anew", STORAGE, body=OBJECT))
