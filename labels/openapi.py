"""What the operations on added labels take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    PAGING,
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
    page,
)

LABEL = component(
    "Label",
    obj(
        id=ID,
        title=TEXT,
        value=ANYTHING,
        description=null(TEXT),
        approved=BOOLEAN,
        approved_by=null(ID),
        created_by=null(ID),
        created_at=TIME,
        updated_at=TIME,
        organization=ID,
        projects=array(ID),
    ),
)
LINK = component("LabelLink", obj(id=ID, project=ID, label=ID, from_name=TEXT, annotations_count=INTEGER))
FIELDS = {"title": TEXT, "value": array(TEXT), "description": null(TEXT)}
CHANGE = may(**FIELDS, approved=BOOLEAN)
NEW = must("project", "from_name", "title", "value", project=INTEGER, from_name=TEXT, **FIELDS)
NAME = must("from_name", from_name=TEXT)

describe(
    "labels",
    GET=Operation("A page of labels", page(LABEL), query={**PAGING, "project": INTEGER}),
    POST=Operation("Add labels", array(LABEL), status=201, body=array(NEW)),
)
describe(
    "labels-bulk",
    POST=Operation(
        "Rename a label in all annotations",
        obj(annotations_updated=INTEGER),
        body=must("old_label", "new_label", project=INTEGER, old_label=array(TEXT), new_label=array(TEXT)),
    ),
)
describe(
    "label",
    GET=Operation("A label", LABEL),
    PATCH=Operation("Change a label", LABEL, body=CHANGE),
    PUT=Operation("Change a label", LABEL, body=CHANGE),
    DELETE=NOTHING,
)
describe(
    "label-links",
    GET=Operation(
        "Labels of projects",
        page(LINK),
        query={
            **PAGING,
            "project": INTEGER,
            "label": INTEGER,
            "label__created_by": INTEGER,
            "label__created_at__gte": TIME,
            "label__created_at__lte": TIME,
        },
    ),
    POST=Operation(
        "Offer a label in a project",
        LINK,
        status=201,
        body=must("project", "label", "from_name", project=INTEGER, label=INTEGER, from_name=TEXT),
    ),
)
describe(
    "label-link",
    GET=Operation("A label of a project", LINK),
    PATCH=Operation("Move it to another control", LINK, body=NAME),
    PUT=Operation("Move it to another control", LINK, body=NAME),
    DELETE=NOTHING,
)
