"""What the export operations take and answer."""

from __future__ import annotations

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

describe("export-formats", GET=Operation("Formats, those that fit first", array(obj(name=TEXT, title=TEXT, description=TEXT))))
describe(
    "export",
    GET=Operation(
        "Export, as a file",
        media="*/*",
        query={
            "exportType": TEXT,
            "download_all_tasks": BOOLEAN,
            "download_resources": BOOLEAN,
            "interpolate_key_frames": BOOLEAN,
            "ids": TEXT,
        },
    ),
)

STATUS = one_of("created", "in_progress", "failed", "completed")
SNAPSHOT = component(
    "Export",
    obj(
        id=ID,
        title=TEXT,
        created_by=null(obj(id=ID, first_name=TEXT, last_name=TEXT, email=TEXT)),
        created_at=TIME,
        finished_at=null(TIME),
        status=STATUS,
        md5=TEXT,
        counters=obj(task_number=INTEGER),
        converted_formats=array(obj(id=ID, status=STATUS, export_type=TEXT, traceback=null(TEXT))),
        expires_at=null(TIME),
    ),
)
ONLY = {"type": ["string", "null"], "enum": ["only", "exclude", None]}
NEW_SNAPSHOT = may(
    title=TEXT,
    keep_days=null({"type": "integer", "minimum": 1}),
    task_filter_options=null(
        may(view=null(INTEGER), skipped=ONLY, finished=ONLY, annotated=ONLY, only_with_annotations=null(BOOLEAN)),
    ),
    annotation_filter_options=null(may(usual=null(BOOLEAN), ground_truth=null(BOOLEAN), skipped=null(BOOLEAN))),
    serialization_options=null(OBJECT),
)
describe(
    "exports",
    GET=Operation("Snapshots, the newest first", array(SNAPSHOT)),
    POST=Operation("Make a snapshot", SNAPSHOT, status=201, body=NEW_SNAPSHOT, query={"interpolate_key_frames": BOOLEAN}),
)
describe("one-export", GET=Operation("A snapshot", SNAPSHOT), DELETE=NOTHING)
describe(
    "export-convert",
    POST=Operation(
        "A snapshot in another format",
        obj(export_type=TEXT, converted_format=ID),
        body=must("export_type", export_type=TEXT, download_resources=BOOLEAN),
    ),
)
describe(
    "export-download",
    GET=Operation("The file of a snapshot, whole or a range", media="*/*", answers={206: None}, query={"exportType": TEXT}),
)
