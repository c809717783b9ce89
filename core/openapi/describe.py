"""How a room says what an operation takes and answers.

`describe("project", GET=Operation(answer=ref("Project")))` in `<room>/openapi.py`; shapes that several operations share are named by `component`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

# A JSON Schema as a dictionary, or a DRF serializer (whose fields then say what may be written).
Shape = Any


@dataclass(frozen=True)
class Operation:
    """`answer` is the JSON that comes with `status`; None when there is none. `query` are the parameters of the address, `body` what is sent.

    `answers` are further statuses that are no error; `media` is what the answer is when it is no JSON; `upload` says that files may be sent.
    """

    summary: str = ""
    answer: Shape = None
    status: int = 200
    answers: dict[int, Shape] = field(default_factory=dict)
    body: Shape = None
    query: dict[str, Shape] = field(default_factory=dict)
    media: str = "application/json"
    upload: bool = False


OPERATIONS: dict[tuple[str, str], Operation] = {}
COMPONENTS: dict[str, Shape] = {}

INTEGER: Shape = {"type": "integer"}
ID: Shape = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
NUMBER: Shape = {"type": "number"}
TEXT: Shape = {"type": "string"}
BOOLEAN: Shape = {"type": "boolean"}
TIME: Shape = {"type": "string", "format": "date-time"}
OBJECT: Shape = {"type": "object"}
ANYTHING: Shape = {"description": "Any JSON."}


def describe(route: str, **methods: Operation) -> None:
    """Say what the methods of a route (by its name) do."""
    for method, operation in methods.items():
        OPERATIONS[route, method] = operation


def component(name: str, shape: Shape) -> Shape:
    """Name a shape; returns a reference to it."""
    COMPONENTS[name] = shape
    return ref(name)


def ref(name: str) -> Shape:
    return {"$ref": f"#/components/schemas/{name}"}


def obj(**fields: Shape) -> Shape:
    """An object that has all these fields. A shape given as a tuple of one, `(INTEGER,)`, is of a field that may be absent."""
    return {
        "type": "object",
        "properties": {name: shape[0] if isinstance(shape, tuple) else shape for name, shape in fields.items()},
        "required": [name for name, shape in fields.items() if not isinstance(shape, tuple)],
    }


def may(**fields: Shape) -> Shape:
    """An object that may have these fields: what a body can say."""
    return {"type": "object", "properties": fields}


def must(*names: str, **fields: Shape) -> Shape:
    """As `may`, with the fields named first required."""
    return {"type": "object", "properties": fields, "required": list(names)}


def array(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def null(shape: Shape) -> Shape:
    """The shape, or null."""
    if set(shape) == {"type"} and isinstance(shape["type"], str):
        return {"type": [shape["type"], "null"]}
    return {"anyOf": [shape, {"type": "null"}]}


def mapping(shape: Shape) -> Shape:
    return {"type": "object", "additionalProperties": shape}


def one_of(*values: str) -> Shape:
    return {"type": "string", "enum": list(values)}


def page(shape: Shape) -> Shape:
    """A page as Django REST framework numbers them."""
    return obj(count=INTEGER, next=null(TEXT), previous=null(TEXT), results=array(shape))


PAGING: dict[str, Shape] = {"page": {"type": "integer", "minimum": 1}, "page_size": INTEGER}
NOTHING = Operation(status=204)

ERROR = component(
    "Error",
    {
        **obj(
            id={"type": "string", "format": "uuid"},
            status_code=INTEGER,
            version=TEXT,
            detail=TEXT,
            exc_info={"type": "null"},
            validation_errors=({"type": "object"},),
        ),
        "description": "What went wrong, in one sentence (`detail`); for a validation error, field by field.",
    },
)
