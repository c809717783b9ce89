"""What the operations on models take and answer."""

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
    may,
    must,
    null,
    obj,
    one_of,
)
from ml.serializers import MLBackendSerializer

BACKEND = component(
    "MLBackend",
    obj(
        id=ID,
        state=one_of("CO", "DI", "ER", "TR", "PR"),
        readable_state=TEXT,
        is_interactive=BOOLEAN,
        url=TEXT,
        error_message=null(TEXT),
        title=TEXT,
        auth_method=TEXT,
        basic_auth_user=null(TEXT),
        basic_auth_pass_is_set=BOOLEAN,
        description=null(TEXT),
        extra_params=ANYTHING,
        model_version=null(TEXT),
        timeout=NUMBER,
        created_at=TIME,
        updated_at=TIME,
        auto_update=BOOLEAN,
        project=ID,
        secret=(TEXT,),
    ),
)
SAID = may(data=OBJECT, errors=array(TEXT), task=ANYTHING)

describe(
    "ml-backends",
    GET=Operation("Models of projects", array(BACKEND), query={"project": INTEGER, "is_interactive": BOOLEAN}),
    POST=Operation("Connect a model that answers", BACKEND, status=201, body=MLBackendSerializer),
)
describe(
    "ml-backend",
    GET=Operation("A model", BACKEND),
    PATCH=Operation("Change a model's connection", BACKEND, body=MLBackendSerializer),
    PUT=Operation("Change a model's connection", BACKEND, body=MLBackendSerializer),
    DELETE=NOTHING,
)
describe("ml-train", POST=Operation("Train", BACKEND, body=OBJECT))
describe("ml-predict", POST=Operation("Predict all tasks", obj(job=ID, total=null(INTEGER)), query={"batch_size": INTEGER}))
describe(
    "ml-predict-test",
    POST=Operation("What the model says about a task, or a random one", SAID, query={"random": BOOLEAN}, body=may(task=INTEGER)),
)
describe(
    "ml-interactive",
    POST=Operation("What the model makes of what was drawn", SAID, body=must("task", task=INTEGER, context=ANYTHING)),
)
describe(
    "ml-chat",
    POST=Operation(
        "What a model says next in a conversation",
        may(role=TEXT, content=TEXT, errors=array(TEXT)),
        body=must("name", "messages", name=TEXT, messages=array(obj(role=TEXT, content=TEXT))),
    ),
)
describe("ml-versions", GET=Operation("Versions of the model", {**obj(versions=array(ANYTHING)), "additionalProperties": True}))
