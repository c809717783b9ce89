"""What a client says about an annotation, draft or prediction: read, typed and checked. Wrong shape is 400 with the place of the mistake."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.errors import Refused, invalid
from core.rawjson import JSONRefused, json_text, read_json
from core.requests import boolean, integer

if TYPE_CHECKING:
    from labeling import Config

MAX_IDEMPOTENCY_KEY = 100


def read_result(value: Any) -> list[dict[str, Any]] | None:
    """A result: a list of objects, or JSON text of one. Raises 400 for anything else."""
    if isinstance(value, str):
        try:
            value = read_json(value)
        except JSONRefused as error:
            raise invalid(result=str(error)) from None
    if value is None:
        return None
    if not isinstance(value, list):
        raise invalid(result=_("The result must be a list of rows."))
    for index, row in enumerate(value):
        if not isinstance(row, dict):
            raise invalid(result=f"result[{index}]: must be an object")
    return value


def check_result(config: Config, result: list[Any] | None) -> list[str]:
    """Warnings about what the labeling config does not know. Raises 400 when a row has not the shape that its type asks for."""
    if not result:
        return []
    import labeling

    problems = labeling.validate_result(config, result)
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise invalid(result=errors)
    return [str(problem) for problem in problems]


def number(value: Any, name: str) -> float | None:
    """A finite number. Raises 400 for anything else."""
    if value is None or value == "":
        return None
    try:
        found = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise invalid(**{name: _("A valid number is required.")})
    return found


def unique_id(value: Any) -> uuid.UUID | None:
    if value in (None, ""):
        return None
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise invalid(unique_id=_("Must be a valid UUID.")) from None


def annotation_fields(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of an annotation that a body names, with their types. Unknown and read-only fields are ignored."""
    fields: dict[str, Any] = {}
    if "result" in body:
        fields["result"] = read_result(body["result"])
    for name in ("was_cancelled", "ground_truth", "bulk_created"):
        if body.get(name) is not None:
            fields[name] = boolean(body[name], name)
    if "lead_time" in body:
        fields["lead_time"] = number(body["lead_time"], "lead_time")
    for name in ("completed_by", "parent_prediction", "parent_annotation", "import_id", "draft_id"):
        if name in body:
            said = body[name]
            fields[name] = integer(said.get("id") if isinstance(said, dict) else said, name)
    if body.get("unique_id"):
        fields["unique_id"] = unique_id(body["unique_id"])
    if isinstance(body.get("last_action"), str):
        fields["last_action"] = body["last_action"][:32]
    return fields


def draft_fields(body: dict[str, Any]) -> dict[str, Any]:
    """As `annotation_fields`, for a draft. A draft without result is empty."""
    fields: dict[str, Any] = {}
    if "result" in body:
        fields["result"] = read_result(body["result"]) or []
    if "lead_time" in body:
        fields["lead_time"] = number(body["lead_time"], "lead_time")
    if body.get("was_postponed") is not None:
        fields["was_postponed"] = boolean(body["was_postponed"], "was_postponed")
    if "import_id" in body:
        fields["import_id"] = integer(body["import_id"], "import_id")
    return fields


def idempotency_key(value: str | None) -> str | None:
    if not value:
        return None
    if len(value) > MAX_IDEMPOTENCY_KEY:
        raise Refused(_("An Idempotency-Key has at most %(most)s characters.") % {"most": MAX_IDEMPOTENCY_KEY}, 400)
    return value


def task_fields(body: dict[str, Any]) -> dict[str, Any]:
    """As `annotation_fields`, for a task. Counters and what follows from annotations cannot be written."""
    fields: dict[str, Any] = {}
    for name in ("data", "meta"):
        if name in body:
            value = body[name]
            if isinstance(value, str):
                try:
                    value = read_json(value)
                except JSONRefused as error:
                    raise invalid(**{name: str(error)}) from None
            if name == "meta" and not isinstance(value, dict | None):
                raise invalid(meta=_("The meta of a task is an object."))
            fields[name] = value or {} if name == "meta" else value
    for name, most in (("overlap", 10_000), ("inner_id", 2**62)):
        if body.get(name) is not None:
            fields[name] = integer(body[name], name, least=1, most=most)
    if body.get("allow_skip") is not None:
        fields["allow_skip"] = boolean(body["allow_skip"], "allow_skip")
    return fields


def prediction_fields(body: dict[str, Any]) -> dict[str, Any]:
    """As `annotation_fields`, for a prediction; `result` stays in the form it has."""
    fields: dict[str, Any] = {}
    if "result" in body:
        fields["result"] = body["result"]
    if body.get("task") is not None:
        fields["task"] = integer(body["task"], "task")
    if "score" in body:
        fields["score"] = number(body["score"], "score")
    if "mislabeling" in body:
        fields["mislabeling"] = number(body["mislabeling"], "mislabeling") or 0.0
    if "model_version" in body:
        said = body["model_version"]
        if not isinstance(said, str | None):
            raise invalid(model_version=_("Not a valid string."))
        fields["model_version"] = said
    if "cluster" in body:
        fields["cluster"] = integer(body["cluster"], "cluster", least=-(2**31), most=2**31 - 1)
    if "neighbors" in body:
        if not isinstance(body["neighbors"], list | None):
            raise invalid(neighbors=_("Expected a list."))
        fields["neighbors"] = None if body["neighbors"] is None else json_text(body["neighbors"])
    return fields


def id_numbers(value: Any, name: str, *, most: int) -> list[int]:
    """A list of ids in a body. Raises 400 for anything else, and for more than `most`."""
    if not isinstance(value, list):
        raise invalid(**{name: _("Expected a list of ids.")})
    if len(value) > most:
        raise invalid(**{name: _("At most %(most)s ids at once.") % {"most": f"{most:,}"}})
    return [integer(item, name, least=1) or 0 for item in value]
