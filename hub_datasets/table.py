"""A project's annotations as a table with types: one row per annotation, and one per task with what most say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from core.rawjson import dump_json, read_json
from data_export.queries import Selection
from projects.models import Project, ResultCount
from projects.queries import config_of

OWN = ("task_id", "annotation_id", "annotator", "created_at", "updated_at", "lead_time", "ground_truth", "annotations", "agreement")
# The type of a control's rows → its column; anything else is a list of rows as JSON.
KINDS = {"labels": "spans", "rectanglelabels": "boxes", "rectangle": "boxes", "number": "number", "rating": "rating", "textarea": "texts"}


@dataclass(frozen=True)
class Answer:
    """A control's column. `kind`: class, classes, number, rating, texts, spans, boxes, rows; `names` are the classes."""

    name: str
    kind: str
    names: tuple[str, ...] = ()


@dataclass
class Counts:
    """What the card tells: rows, labels by control, and how often annotators agree (sum and number of tasks that two or more answered)."""

    annotations: int = 0
    tasks: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    agreements: float = 0.0
    compared: int = 0


class Table:
    def __init__(self, project: Project) -> None:
        self.project = project
        self.selection = Selection(project)
        self.answers = _answers(project)
        self.data = self._data_types()
        self.counts = Counts()

    def write(self, annotations: Path, consensus: Path, alive: Callable[[], None]) -> None:
        """Both splits, in one pass over the tasks; `alive` is called with each chunk."""
        import pyarrow
        import pyarrow.parquet

        schema = self.schema()
        with (
            pyarrow.parquet.ParquetWriter(annotations, schema, compression="zstd") as each,
            pyarrow.parquet.ParquetWriter(consensus, schema, compression="zstd") as most,
        ):
            for rows, agreed in self._chunks():
                for writer, found in ((each, rows), (most, agreed)):
                    writer.write_table(pyarrow.Table.from_pylist(found, schema=schema))
                alive()

    def schema(self) -> Any:
        """Types for Parquet, and the features that `datasets` reads."""
        import pyarrow as pa

        own = {
            "task_id": pa.int64(),
            "annotation_id": pa.int64(),
            "annotator": pa.int64(),
            "created_at": pa.string(),
            "updated_at": pa.string(),
            "lead_time": pa.float64(),
            "ground_truth": pa.bool_(),
            "annotations": pa.int64(),
            "agreement": pa.float64(),
        }
        labels = pa.list_(pa.string())
        number = pa.float64()
        shapes = {
            "class": pa.int64(),
            "classes": labels,
            "number": number,
            "rating": pa.int64(),
            "texts": labels,
            "spans": pa.list_(pa.struct({"start": pa.int64(), "end": pa.int64(), "text": pa.string(), "labels": labels})),
            "boxes": pa.list_(
                pa.struct({"x": number, "y": number, "width": number, "height": number, "rotation": number, "labels": labels})
            ),
            "rows": labels,
        }
        data = {"int64": pa.int64(), "float64": number, "bool": pa.bool_(), "string": pa.string()}
        fields = [
            ("task_id", own["task_id"]),
            *((name, data[kind]) for name, kind in self.data.items()),
            *((answer.name, shapes[answer.kind]) for answer in self.answers),
            *((name, own[name]) for name in OWN[1:]),
            ("result", pa.string()),
        ]
        schema = pa.schema(fields)
        features = {name: _feature(kind) for name, kind in fields}
        for answer in self.answers:
            if answer.kind == "class":
                features[answer.name] = {"names": list(answer.names), "_type": "ClassLabel"}
        return schema.with_metadata({"huggingface": json.dumps({"info": {"features": features}})})

    def _chunks(self) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
        for chunk in self.selection.chunks():
            rows, agreed = [], []
            for task in chunk.tasks:
                found = [one for one in chunk.annotations.get(task[0], ()) if not one[4]]
                if not found:
                    continue
                data = self._data(read_json(task[1]))
                told = [self._row(task[0], data, one) for one in reversed(found)]
                rows += told
                agreed.append(self._most(task[0], data, told))
            self.counts.annotations += len(rows)
            self.counts.tasks += len(agreed)
            yield rows, agreed

    def _row(self, task: int, data: dict[str, Any], one: tuple[Any, ...]) -> dict[str, Any]:
        by_control: dict[str, list[dict[str, Any]]] = {}
        result = read_json(one[3]) if one[3] else []
        for row in result or []:
            if isinstance(row, dict) and isinstance(row.get("value"), dict):
                by_control.setdefault(str(row.get("from_name")), []).append(row)
        told = {answer.name: self._value(answer, by_control.get(answer.name, [])) for answer in self.answers}
        created, updated = (moment if isinstance(moment, str) else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in one[6:8])
        return {
            "task_id": task,
            **data,
            **told,
            "annotation_id": one[1],
            "annotator": one[2],
            "created_at": created,
            "updated_at": updated,
            "lead_time": one[8],
            "ground_truth": bool(one[5]),
            "annotations": 1,
            "agreement": None,
            "result": one[3] or "[]",
        }

    def _value(self, answer: Answer, rows: list[dict[str, Any]]) -> Any:
        if not rows:
            return None
        values = [row["value"] for row in rows]
        first = values[0]
        if answer.kind in ("class", "classes"):
            chosen = [str(_last(name)) for value in values for name in value.get("choices") or ()]
            self.counts.labels.setdefault(answer.name, Counter()).update(chosen)
            if answer.kind == "classes":
                return chosen
            return answer.names.index(chosen[0]) if chosen and chosen[0] in answer.names else None
        if answer.kind == "number":
            return float(first["number"]) if isinstance(first.get("number"), int | float) else None
        if answer.kind == "rating":
            return int(first["rating"]) if isinstance(first.get("rating"), int | float) else None
        if answer.kind == "texts":
            texts = [value.get("text") for value in values]
            return [str(text) for found in texts for text in (found if isinstance(found, list) else [found])]
        labels = [_labels(value, str(row.get("type"))) for value, row in zip(values, rows, strict=True)]
        self.counts.labels.setdefault(answer.name, Counter()).update(name for found in labels for name in found)
        if answer.kind == "spans":
            return [
                {"start": _int(value.get("start")), "end": _int(value.get("end")), "text": _text(value.get("text")), "labels": found}
                for value, found in zip(values, labels, strict=True)
            ]
        if answer.kind == "boxes":
            sides = ("x", "y", "width", "height", "rotation")
            return [
                {**{side: _float(value.get(side)) for side in sides}, "labels": found} for value, found in zip(values, labels, strict=True)
            ]
        return [dump_json(value).decode() for value in values]

    def _most(self, task: int, data: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
        """What the annotations of a task say together: the ground truth when there is one; else what most chose, the median of numbers, and of
        anything else the newest. `agreement`: the share of annotators that chose what most did, over the controls that can be compared."""
        truth = next((row for row in reversed(rows) if row["ground_truth"]), None)
        agreed = dict(truth or rows[-1])
        shares = []
        for answer in self.answers:
            given = [row[answer.name] for row in rows if row[answer.name] is not None]
            if answer.kind in ("class", "rating", "classes") and given:
                keys = [tuple(sorted(value)) if isinstance(value, list) else value for value in given]
                value, number = Counter(keys).most_common(1)[0]
                shares.append(number / len(rows))
                if truth is None:
                    agreed[answer.name] = list(value) if isinstance(value, tuple) else value
            elif answer.kind == "number" and given and truth is None:
                agreed[answer.name] = float(median(given))
        share = sum(shares) / len(shares) if shares and len(rows) > 1 else None
        if share is not None:
            self.counts.agreements += share
            self.counts.compared += 1
        agreed |= {"annotations": len(rows), "agreement": share}
        if len(rows) > 1 and truth is None:
            agreed |= {"annotation_id": None, "annotator": None, "lead_time": None}
        return agreed

    def _data_types(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for rows in self.selection.pages("t.data"):
            for row in rows:
                for key, value in (read_json(row[1]) or {}).items():
                    if value is not None:
                        kind = _kind(value)
                        known = found.get(key)
                        found[key] = kind if known in (None, kind) else "float64" if {known, kind} == {"int64", "float64"} else "string"
        taken = {*OWN, "result", *(answer.name for answer in self.answers)}
        self._names = {key: f"_data_{key}" if key in taken else key for key in found}
        return {self._names[key]: kind for key, kind in found.items()}

    def _data(self, data: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for key, value in data.items():
            if key in self._names and value is not None:
                kind = self.data[self._names[key]]
                told[self._names[key]] = (
                    value
                    if kind == _kind(value) and isinstance(value, str | int | float | bool)
                    else float(value)
                    if kind == "float64"
                    else dump_json(value).decode()
                )
        return told


def _answers(project: Project) -> list[Answer]:
    used: dict[str, list[str]] = {}
    rows = ResultCount.objects.filter(project=project).exclude(label="").order_by("pk").values_list("from_name", "label")
    for name, label in rows:
        used.setdefault(name, []).append(label)
    found = []
    for control in config_of(project).controls.values():
        names = tuple(dict.fromkeys([*control.labels, *used.get(control.name, [])]))
        found.append(Answer(control.name, _kind_of(control), names))
    return found


def _kind_of(control: Any) -> str:
    kind = control.type
    if kind == "choices":
        many = str(control.node.attributes.get("choice", "single")).startswith("multiple") or control.conditionals
        return "classes" if many or not control.labels else "class"
    return KINDS.get(kind, "rows")


def _feature(kind: Any) -> Any:
    import pyarrow.types as types

    if types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if types.is_struct(kind):
        return {one.name: _feature(one.type) for one in kind}
    return {"dtype": {"double": "float64"}.get(str(kind), str(kind)), "_type": "Value"}


def _labels(value: dict[str, Any], kind: str) -> list[str]:
    found = value.get(kind) or value.get("labels") or []
    return [str(name) for name in found] if isinstance(found, list) else []


def _last(name: Any) -> Any:
    return name[-1] if isinstance(name, list) and name else name


def _int(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _float(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if -(2**63) <= value < 2**63 else "string"
    return "float64" if isinstance(value, float) else "string"
