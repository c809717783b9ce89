"""The description of the API to read: every operation, who may do it, what it takes and answers. From our own description, without outside assets."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.openapi.views import description


def api_docs(request: HttpRequest) -> HttpResponse:
    """The page; it is the same for everybody."""
    return render(request, "web/api_docs.html", {"groups": _groups(description())})


def _groups(found: dict[str, Any]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            groups.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
    return [{"name": name, "operations": groups[name]} for name in sorted(groups)]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    answers = {status: answer.get("content", {}) for status, answer in operation["responses"].items() if status != "4XX"}
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "parameters": [
            {"name": parameter["name"], "where": parameter["in"], "shape": _text(parameter.get("schema", {}))}
            for parameter in operation.get("parameters", [])
        ],
        "body": [(media, _text(content.get("schema", {}))) for media, content in body.items()],
        "answers": [
            (status, media, _text(content.get("schema", {})))
            for status, contents in answers.items()
            for media, content in (contents or {"": {}}).items()
        ],
    }


def _text(shape: Any) -> str:
    """A shape in few words where it is simple, as JSON where it is not."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    kind = shape.get("type")
    if isinstance(kind, str) and kind not in ("object", "array") and "enum" not in shape:
        return kind
    return json.dumps(shape, indent=1, ensure_ascii=False).replace("#/components/schemas/", "")
