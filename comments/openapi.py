"""What the operations on comments and notifications take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
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
    ref,
)

COMMENT = component(
    "Comment",
    obj(
        id=ID,
        project=ID,
        task=ID,
        annotation=null(ID),
        draft=null(ID),
        parent=null(ID),
        text=TEXT,
        region_ref=ANYTHING,
        classifications=ANYTHING,
        is_resolved=BOOLEAN,
        resolved_at=null(TIME),
        resolved_by=null(ID),
        created_by={"anyOf": [ID, ref("UserSimple"), {"type": "null"}]},
        created_at=TIME,
        updated_at=TIME,
        state={"type": "null"},
    ),
)
NOTIFICATION = component(
    "Notification",
    obj(id=ID, reason=one_of("mention", "reply", "annotation"), project=ID, task=ID, comment=COMMENT, created_at=TIME, read_at=null(TIME)),
)
FIELDS = {
    "annotation": null(INTEGER),
    "draft": null(INTEGER),
    "task": null(INTEGER),
    "parent": null(INTEGER),
    "text": TEXT,
    "is_resolved": BOOLEAN,
    "region_ref": ANYTHING,
    "classifications": ANYTHING,
}
EXPAND = {"expand_created_by": BOOLEAN}
QUERY = {
    "annotation": INTEGER,
    "draft": INTEGER,
    "task": INTEGER,
    "parent": INTEGER,
    "projects": TEXT,
    "annotators": TEXT,
    "is_resolved": BOOLEAN,
    "ordering": TEXT,
}

describe(
    "comments",
    GET=Operation("Comments", array(COMMENT), query={**QUERY, **EXPAND}),
    POST=Operation("Write a comment", COMMENT, status=201, body=must("text", **FIELDS), query=EXPAND),
)
describe("comments-export", GET=Operation("Comments as CSV", media="text/csv", query={**QUERY, "tz": TEXT}))
describe(
    "comment",
    GET=Operation("A comment", COMMENT, query=EXPAND),
    PATCH=Operation("Change or resolve a comment", COMMENT, body=may(**FIELDS), query=EXPAND),
    PUT=Operation("Change or resolve a comment", COMMENT, body=may(**FIELDS), query=EXPAND),
    DELETE=NOTHING,
)
describe(
    "notifications",
    GET=Operation("What one is told", array(NOTIFICATION), query={"unread": BOOLEAN}),
    POST=Operation("Mark as read", obj(read=INTEGER), body=may(ids=array(INTEGER))),
)
