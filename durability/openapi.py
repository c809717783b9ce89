"""What the bundle operations take and answer."""

from __future__ import annotations

from core.openapi.describe import BOOLEAN, ID, INTEGER, TEXT, TIME, Operation, array, component, describe, may, null, obj, one_of, ref

BUNDLE = component(
    "Bundle",
    obj(
        id=ID,
        status=one_of("in_progress", "completed", "failed", "cancelled"),
        size=null(INTEGER),
        done=INTEGER,
        total=null(INTEGER),
        error=TEXT,
        available=BOOLEAN,
        created_at=TIME,
        expires_at=null(TIME),
    ),
)
describe(
    "bundles",
    GET=Operation("A project's bundles, newest first", array(BUNDLE)),
    POST=Operation("Make a bundle: the whole project in one file", BUNDLE, 201),
)
describe("bundle-download", GET=Operation("A bundle, as a file", media="*/*"))
describe(
    "project-copy",
    POST=Operation(
        "A second project with everything that this one has", ref("Job"), 201, body=may(title={"type": "string", "maxLength": 50})
    ),
)
describe(
    "bring-bundle",
    POST=Operation("A project of a bundle (the body, or the one file of a form)", ref("Job"), 201, query={"title": TEXT}, upload=True),
)
