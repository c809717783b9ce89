"""Forms about a project: the same rules as the API's (`ProjectSerializer`), with the errors field by field."""

from __future__ import annotations

from typing import Any

from core.errors import Refused
from projects.serializers import ProjectSerializer


def validated(body: dict[str, Any]) -> dict[str, Any]:
    """What an operation takes. Raises `Refused` with `fields`, as the operations do."""
    serializer = ProjectSerializer(data=body)
    if not serializer.is_valid():
        raise Refused("Validation error", 400, fields=dict(serializer.errors))
    return dict(serializer.validated_data)


def field_errors(refused: Refused) -> dict[str, str]:
    """field -> what is wrong with it, in one text. An error that names no field stands under "form"."""
    if refused.fields is None:
        return {"form": str(refused.detail)}
    return {name: " ".join(str(text) for text in (texts if isinstance(texts, list) else [texts])) for name, texts in refused.fields.items()}
