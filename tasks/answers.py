"""What a client says about an annotation, draft or prediction: read, typed and checked. Wrong shape is 400 with the place of the mistake."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.errors import Refused, invalid
from core.rawjson import JSONRefused, read_json
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
