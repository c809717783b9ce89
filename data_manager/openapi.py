"""What the operations of the data page take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    OBJECT,
    TEXT,
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

VIEW = component("View", obj(id=ID, data=OBJECT, order=null(INTEGER), user=null(INTEGER), project=ID))
NEW_VIEW = may(project=INTEGER, data=OBJECT)
TASKS = obj(tasks=array(OBJECT), total=INTEGER, total_annotations=INTEGER, total_predictions=INTEGER)
PROJECT = {"project": INTEGER}

describe(
    "tasks",
    GET=Operation(
        "A page of tasks",
        TASKS,
        query={
            **PROJECT, "view": INTEGER, "page": INTEGER, "page_size": INTEGER, "fields": one_of("all", "task_only"), "include": TEXT,
            "query": TEXT, "resolve_uri": BOOLEAN,
        },
    ),
    POST=Operation("Add a task", ref("Task"), status=201, body=must("project", "data", project=INTEGER, data=OBJECT, meta=OBJECT, overlap=INTEGER)),
)  # fmt: skip
describe("dm-columns", GET=Operation("The columns of the data page", obj(columns=array(OBJECT)), query=PROJECT))
describe("dm-project", GET=Operation("The project as the data page needs it", OBJECT, query=PROJECT))
describe(
    "dm-views", GET=Operation("Saved views", array(VIEW), query=PROJECT), POST=Operation("Save a view", VIEW, status=201, body=NEW_VIEW)
)
describe(
    "dm-view",
    GET=Operation("A view", VIEW),
    PATCH=Operation("Change a view", VIEW, body=NEW_VIEW),
    PUT=Operation("Change a view", VIEW, body=NEW_VIEW),
    DELETE=NOTHING,
)
describe("dm-views-reset", DELETE=Operation("Delete all views", status=204, query=PROJECT, body=may(project=INTEGER)))
describe("dm-views-order", POST=Operation("Order the views", status=200, body=must("project", "ids", project=INTEGER, ids=array(INTEGER))))
describe(
    "dm-actions",
    GET=Operation("What can be done with a selection", array(OBJECT), query=PROJECT),
    POST=Operation("Do it", ANYTHING, answers={201: ANYTHING, 202: ANYTHING}, body=OBJECT, query={**PROJECT, "id": TEXT, "view": INTEGER}),
)
describe(
    "dm-totals",
    GET=Operation("Numbers of what a filter finds", OBJECT, answers={202: OBJECT}, query={**PROJECT, "view": INTEGER, "query": TEXT}),
)
describe("dm-action-form", GET=Operation("What an action asks", ANYTHING, query=PROJECT))
describe("dm-action-counts", POST=Operation("What an action would do", OBJECT, body=OBJECT, query=PROJECT))
describe("recycle-bin", GET=Operation("What was deleted and can come back", ANYTHING, query={"page": INTEGER}))
describe("recycle-entry", DELETE=NOTHING)
describe("recycle-undo", POST=Operation("Bring it back", OBJECT, answers={202: OBJECT}))
