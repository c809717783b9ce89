"""A JSON export imported into a new project and exported again says the same, whatever was in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.permissions import Role
from tests.labelled import import_tasks, make_project, whole
from tests.people import Person, somebody

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
OBJECT = st.dictionaries(TEXT, JSON, max_size=3)
MOMENT = st.integers(0, 60 * 366 * 86_400 * 1_000_000).map(
    lambda n: (datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=n)).isoformat().replace("+00:00", "Z")
)
ROW = st.fixed_dictionaries(
    {
        "from_name": TEXT,
        "to_name": TEXT,
        "type": st.sampled_from(["choices", "labels", "unheard-of"]),
        "value": st.just({"choices": ["Positive"], "start": 0, "end": 1, "labels": ["x"]}),
    },
    optional={"id": TEXT.filter(bool), "score": st.floats(0, 1), "meta": OBJECT},
)
RESULT = st.lists(ROW, max_size=3)
TIMES = {"created_at": MOMENT, "updated_at": MOMENT}
PREDICTION = st.fixed_dictionaries(
    {"id": st.integers(1, 3), "result": RESULT},
    optional={
        "score": st.none() | st.floats(0, 1),
        "model_version": st.none() | TEXT,
        "cluster": st.none() | st.integers(0, 9),
        "mislabeling": st.floats(0, 1),
        **TIMES,
    },
)
ANNOTATION = st.fixed_dictionaries(
    {"id": st.integers(1, 2**62), "result": st.none() | RESULT},
    optional={
        "was_cancelled": st.booleans(), "ground_truth": st.booleans(), "lead_time": st.none() | st.floats(0, 1e9), "unique_id": st.uuids().map(str),
        "prediction": OBJECT, "parent_prediction": st.none() | st.integers(1, 3), "draft_created_at": st.none() | MOMENT, "last_action": st.none() | st.just("imported"),
        "bulk_created": st.booleans(), **TIMES,
    },
)  # fmt: skip
DRAFT = st.fixed_dictionaries(
    {"result": RESULT}, optional={"lead_time": st.none() | st.floats(0, 1e9), "was_postponed": st.booleans(), **TIMES}
)
TASK = st.fixed_dictionaries(
    {"data": st.dictionaries(TEXT, JSON, max_size=3).map(lambda data: {**data, "text": "some"})},
    optional={"meta": OBJECT, "annotations": st.lists(ANNOTATION, max_size=3), "predictions": st.lists(PREDICTION, max_size=3, unique_by=lambda item: item["id"]),
              "drafts": st.lists(DRAFT, max_size=1), **TIMES},
)  # fmt: skip

# What names other rows is compared by position; a new import has its own numbers. Each import notes what it made the row of.
NUMBERS = {"id", "task", "project", "import_id", "unique_id", "updated_by"}


def exported(person: Person, project: int) -> list[dict[str, Any]]:
    return orjson.loads(whole(person.get(f"/api/projects/{project}/export", exportType="JSON", download_all_tasks="1")))  # type: ignore[no-any-return]


def comparable(tasks: list[dict[str, Any]]) -> Any:
    return [
        {
            **{key: value for key, value in task.items() if key not in NUMBERS},
            "annotations": [
                {**without(item), "parent_prediction": place(item["parent_prediction"], task["predictions"])}
                for item in task["annotations"]
            ],
            "predictions": [without(item) for item in task["predictions"]],
            "drafts": [without(item) for item in task["drafts"]],
        }
        for task in tasks
    ]


def without(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in NUMBERS}


def place(pk: int | None, rows: list[dict[str, Any]]) -> int | None:
    return next((position for position, row in enumerate(rows) if row["id"] == pk), None)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(tasks=st.lists(TASK, min_size=1, max_size=3))
def test_export_and_import_are_each_other_s_inverse(tasks: list[dict[str, Any]]) -> None:
    """Label Studio's fault 19: its import loses ids, dates, parents and drafts in silence."""
    ann = somebody(Role.MANAGER)
    first, second = make_project(ann), make_project(ann)
    import_tasks(ann, first, tasks)
    once = exported(ann, first)
    for said, kept in zip(tasks, once, strict=True):
        assert kept["data"] == said["data"]
        in_order = sorted(said.get("annotations", []), key=lambda item: item["id"])
        assert [item["result"] for item in reversed(kept["annotations"])] == [item["result"] for item in in_order]
    import_tasks(ann, second, once)
    assert comparable(exported(ann, second)) == comparable(once)
