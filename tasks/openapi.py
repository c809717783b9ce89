"""What the operations on tasks, annotations, drafts and predictions take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    mapping,
    may,
    must,
    null,
    obj,
    one_of,
    page,
    ref,
)

RESULT = component("Result", {"type": "array", "items": {"type": "object"}, "description": "The rows of an answer, one per region."})
PERSON = null(obj(id=ID, first_name=TEXT, last_name=TEXT, email=TEXT, initials=TEXT, avatar=null(TEXT)))
TASK_FIELDS = {
    "id": ID, "data": OBJECT, "meta": OBJECT, "created_at": TIME, "updated_at": TIME, "is_labeled": BOOLEAN, "overlap": INTEGER,
    "inner_id": INTEGER, "total_annotations": INTEGER, "cancelled_annotations": INTEGER, "total_predictions": INTEGER,
    "comment_count": INTEGER, "unresolved_comment_count": INTEGER, "last_comment_updated_at": null(TIME), "project": ID,
    "comment_authors": array(INTEGER),
}  # fmt: skip
TASK = component("Task", obj(**TASK_FIELDS, updated_by=null(INTEGER), file_upload=null(INTEGER)))
ANNOTATION_FIELDS = {
    "id": ID, "result": null(RESULT), "created_username": TEXT, "created_ago": TEXT, "was_cancelled": BOOLEAN, "ground_truth": BOOLEAN,
    "created_at": TIME, "updated_at": TIME, "draft_created_at": null(TIME), "lead_time": null(NUMBER), "import_id": null(INTEGER),
    "last_action": null(TEXT), "bulk_created": BOOLEAN, "task": ID, "project": ID, "updated_by": null(INTEGER),
    "parent_prediction": null(INTEGER), "parent_annotation": null(INTEGER), "last_created_by": {"type": "null"},
    "warnings": (array(TEXT),), "next_task": (null(OBJECT),),
}  # fmt: skip
ANNOTATION = component("Annotation", obj(**ANNOTATION_FIELDS, completed_by=null(INTEGER)))
WHOLE_ANNOTATION = component("AnnotationWithPerson", obj(**ANNOTATION_FIELDS, completed_by=PERSON))
DRAFT = component(
    "Draft",
    obj(
        id=ID, user=TEXT, created_username=TEXT, created_ago=TEXT, result=RESULT, lead_time=null(NUMBER), was_postponed=BOOLEAN,
        import_id=null(INTEGER), created_at=TIME, updated_at=TIME, task=ID, annotation=null(INTEGER),
    ),
)  # fmt: skip
PREDICTION = component(
    "Prediction",
    obj(
        id=ID, result=RESULT, model_version=null(TEXT), created_ago=TEXT, score=null(NUMBER), cluster=null(INTEGER), neighbors=ANYTHING,
        mislabeling=NUMBER, created_at=TIME, updated_at=TIME, task=ID, project=ID,
    ),
)  # fmt: skip
DETAILS = component(
    "TaskDetails",
    obj(
        **TASK_FIELDS, updated_by=array(obj(user_id=ID)), file_upload=null(TEXT), annotations=array(WHOLE_ANNOTATION),
        predictions=array(PREDICTION), drafts=array(DRAFT), annotators=array(INTEGER), avg_lead_time=null(NUMBER), draft_exists=BOOLEAN,
    ),
)  # fmt: skip
SIMPLE = component("TaskSimple", {"allOf": [TASK, obj(annotations=array(ANNOTATION), predictions=array(PREDICTION))]})
NEXT = component(
    "NextTask",
    obj(
        **TASK_FIELDS, file_upload=ANYTHING, updated_by=array(obj(user_id=ID)), predictions=array(PREDICTION), annotations=array(OBJECT),
        drafts=array(DRAFT), queue=TEXT,
    ),
)  # fmt: skip
VERSION = component(
    "AnnotationVersion",
    obj(
        annotation=ID, version=INTEGER, task=ID, project=ID, result=null(RESULT), was_cancelled=BOOLEAN, ground_truth=BOOLEAN,
        lead_time=null(NUMBER), completed_by=null(INTEGER), created_at=TIME, created_by=PERSON, replaced_at=TIME, replaced_by=PERSON, reason=TEXT,
    ),
)  # fmt: skip

ROWS = array(OBJECT)
NEW_ANNOTATION = may(
    result=null(ROWS), was_cancelled=BOOLEAN, ground_truth=BOOLEAN, lead_time=null(NUMBER), completed_by=INTEGER, draft_id=INTEGER,
    parent_prediction=null(INTEGER), parent_annotation=null(INTEGER), unique_id={"type": "string", "format": "uuid"}, import_id=INTEGER,
    last_action=TEXT,
)  # fmt: skip
NEW_TASK = may(data=OBJECT, meta=OBJECT, overlap=INTEGER, inner_id=INTEGER, allow_skip=BOOLEAN)
NEW_DRAFT = may(result=ROWS, lead_time=null(NUMBER), was_postponed=BOOLEAN, import_id=INTEGER)
NEW_PREDICTION = may(
    task=INTEGER, result={"anyOf": [ROWS, OBJECT, TEXT, INTEGER]}, score=null(NUMBER), model_version=TEXT, cluster=null(INTEGER),
    mislabeling=NUMBER,
)  # fmt: skip
SELECTED = may(all=BOOLEAN, included=array(INTEGER), excluded=array(INTEGER))

describe("next-task", GET=Operation("The next task of the queue, held for one", NEXT, query={"after": INTEGER}))
describe(
    "project-model-versions",
    GET=Operation(
        "Versions of the project's predictions", OBJECT, query={"extended": BOOLEAN, "include_live_models": BOOLEAN, "limit": INTEGER}
    ),
    DELETE=Operation(
        "Delete a version's predictions",
        obj(deleted_predictions=INTEGER),
        body=must("model_version", model_version=TEXT),
        query={"model_version": TEXT},
    ),
)
describe(
    "project-duplicate",
    POST=Operation(
        "A copy of the project",
        obj(id=ID),
        status=201,
        body=may(mode=one_of("settings", "settings,data"), title=TEXT, description=TEXT, include_members=BOOLEAN),
    ),
)
describe("state-history", GET=Operation("An empty page", page(OBJECT), query={"page": INTEGER, "page_size": INTEGER}))
describe("state-transition", POST=Operation("Changes nothing", obj(success=BOOLEAN, new_state={"type": "null"}), body=OBJECT))
describe("project-summary-reset", POST=Operation("Count anew", status=200))
describe(
    "task-annotations",
    GET=Operation("A task's annotations, without the skipped", array(ANNOTATION), query={"ordering": TEXT}),
    POST=Operation(
        "Submit an annotation, or skip", ANNOTATION, status=201, body=NEW_ANNOTATION, query={"was_cancelled": BOOLEAN, "next": BOOLEAN}
    ),
)
describe(
    "task",
    GET=Operation("A task with its annotations, predictions and one's drafts", DETAILS, query={"resolve_uri": BOOLEAN}),
    PATCH=Operation("Change a task", SIMPLE, body=NEW_TASK),
    PUT=Operation("Change a task", SIMPLE, body=NEW_TASK),
    DELETE=NOTHING,
)
describe("task-lease", POST=Operation("Keep a task in hand", OBJECT), DELETE=NOTHING)
for name in ("task-drafts", "annotation-drafts"):
    describe(name, GET=Operation("Drafts", array(DRAFT)), POST=Operation("Save one's draft", DRAFT, status=201, body=NEW_DRAFT))
describe(
    "task-agreement",
    GET=Operation("How the annotations answer each control", obj(total_annotations=INTEGER, distributions=mapping(OBJECT))),
)
describe("task-annotation-versions", GET=Operation("Former states", array(VERSION), query={"deleted": BOOLEAN}))
describe("label-stream-history", GET=Operation("What one was given", array(obj(taskId=ID, annotationId=null(ID)))))
describe(
    "project-tasks",
    GET=Operation(
        "Tasks, last changed first", array(SIMPLE), query={"page": INTEGER, "page_size": INTEGER, "start": INTEGER, "length": INTEGER}
    ),
    POST=Operation("Add a task", ref("Task"), status=201, body=NEW_TASK),
    DELETE=NOTHING,
)
describe(
    "annotations-bulk",
    POST=Operation(
        "The same answer for many tasks",
        array(obj(id=ID, warnings=(array(TEXT),))),
        status=201,
        body=may(
            tasks=array(INTEGER), project=INTEGER, selected_items=SELECTED, result=null(ROWS), was_cancelled=BOOLEAN, lead_time=null(NUMBER)
        ),
    ),
)
describe(
    "annotations-bulk-delete",
    POST=Operation("Delete annotations", obj(deleted_count=INTEGER), body=must("ids", "project", ids=array(INTEGER), project=INTEGER)),
)
describe(
    "annotation",
    GET=Operation("An annotation", ANNOTATION),
    PATCH=Operation("Change an annotation", ANNOTATION, body=NEW_ANNOTATION),
    PUT=Operation("Change an annotation", ANNOTATION, body=NEW_ANNOTATION),
    DELETE=NOTHING,
)
describe("annotation-convert-to-draft", POST=Operation("Make it a draft again", DRAFT, status=201))
describe("annotation-versions", GET=Operation("Former states", array(VERSION)))
describe("annotation-restore", POST=Operation("Take a former state back", ANNOTATION))
describe(
    "draft",
    GET=Operation("A draft", DRAFT),
    PATCH=Operation("Change a draft", DRAFT, body=NEW_DRAFT),
    PUT=Operation("Change a draft", DRAFT, body=NEW_DRAFT),
    DELETE=NOTHING,
)
describe(
    "predictions",
    GET=Operation("Predictions", array(PREDICTION), query={"task": INTEGER, "project": INTEGER, "task__project": INTEGER}),
    POST=Operation("Add a prediction", PREDICTION, status=201, body={**NEW_PREDICTION, "required": ["task", "result"]}),
)
describe(
    "prediction",
    GET=Operation("A prediction", PREDICTION),
    PATCH=Operation("Change a prediction", PREDICTION, body=NEW_PREDICTION),
    PUT=Operation("Change a prediction", PREDICTION, body=NEW_PREDICTION),
    DELETE=NOTHING,
)
