"""From the table of routes to OpenAPI, by drf-spectacular: each route becomes a view of one operation per method."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.util import find_spec
from inspect import cleandoc
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.views import APIView

from core.openapi.describe import ANYTHING, COMPONENTS, ERROR, OPERATIONS, Operation
from core.permissions import ACTIONS, PUBLIC, SIGNED_IN
from core.routing import ROUTES, Route

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
WITH_BODY = ("POST", "PUT", "PATCH", "DELETE")
# What no room has described: any answer that is no error.
UNKNOWN = Operation(answer=ANYTHING, media="*/*")
ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 2**63 - 1}
SCHEMES = {
    "Token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Token <token>`: the token of the account page, or a personal access token.",
    },
    "Bearer": {"type": "http", "scheme": "bearer", "description": "An access token from `/api/token/refresh/`."},
    "Key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
}


def described() -> dict[str, Any]:
    """The whole description as plain JSON. Takes a second or two: it is made once (core/openapi/views.py)."""
    load()
    result: dict[str, Any] = _Generator().get_schema(request=None, public=True)
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas |= COMPONENTS
    result["components"]["securitySchemes"] = SCHEMES
    return result


def load() -> None:
    """Read every room's `openapi.py`."""
    import core.urls

    for room in {name.partition(".")[0] for name in core.urls.ROOMS}:
        name = f"{room}.openapi" if room != "core" else "core.openapi.own"
        if find_spec(name) is not None:
            import_module(name)


def api_routes() -> list[Route]:
    return sorted((route for route in ROUTES if not route.page), key=lambda route: route.pattern)


def path_of(route: Route) -> str:
    """The address with `{parameters}`. With a trailing slash as Label Studio's documentation has it (both forms answer)."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.pattern)
    last = path.rpartition("/")[2]
    plain = path.endswith("/") or "." in last or not route.pattern.startswith("api/")
    return path if plain else f"{path}/"


class _Generator(SchemaGenerator):
    def _initialise_endpoints(self) -> None:
        found: Any = [
            (path_of(route), route.pattern, method, view.as_view())
            for route in api_routes()
            for view in [_view(route)]
            for method in METHODS
            if method in route.actions
        ]
        self.endpoints = found


def _view(route: Route) -> type[APIView]:
    handlers = {method.lower(): _handler(route, method) for method in METHODS if method in route.actions}
    return type("Route", (APIView,), {"authentication_classes": [], "permission_classes": [], **handlers})


def _handler(route: Route, method: str) -> Any:
    operation = OPERATIONS.get((route.name, method), UNKNOWN)

    def handler(self: Any, request: Any, **arguments: Any) -> None:
        """Never called: the description is read from it."""

    decorated: Any = extend_schema(
        operation_id=f"{route.name.replace('-', '_')}_{method.lower()}",
        summary=operation.summary or None,
        description=_description(route, method),
        tags=[_tag(route)],
        parameters=_parameters(route, operation),
        request=_request(operation, method),
        responses=_responses(operation),
        auth=_auth(route.actions[method]),
    )(handler)
    return decorated


def _auth(action: str) -> Any:
    return [] if action == PUBLIC else [{name: []} for name in SCHEMES]


def _tag(route: Route) -> str:
    parts = route.pattern.split("/")
    return parts[1] if parts[0] == "api" and len(parts) > 1 else parts[0]


def _description(route: Route, method: str) -> str:
    doc = cleandoc(route.view.__doc__ or "") if route.view is not None else ""
    action = route.actions[method]
    if action == PUBLIC:
        who = "Anybody."
    elif action == SIGNED_IN:
        who = "Anybody who is signed in."
    else:
        roles = ACTIONS[action][1]
        who = "Roles: " + ", ".join(sorted(str(role) for role in roles)) + "."
    return f"{doc}\n\n{who}".strip()


def _parameters(route: Route, operation: Operation) -> list[OpenApiParameter]:
    in_path = [
        OpenApiParameter(name, ID if kind == "id" else OpenApiTypes.STR, OpenApiParameter.PATH, required=True)
        for name, kind in route.parameters.items()
    ]
    return in_path + [OpenApiParameter(name, shape, OpenApiParameter.QUERY) for name, shape in operation.query.items()]


def _request(operation: Operation, method: str) -> Any:
    if method not in WITH_BODY or (operation.body is None and not operation.upload):
        return None
    found: dict[str, Any] = {}
    if operation.body is not None:
        found["application/json"] = operation.body
    if operation.upload:
        found["multipart/form-data"] = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    return found


def _responses(operation: Operation) -> dict[Any, Any]:
    found: dict[Any, Any] = {"4XX": ERROR}
    if operation is UNKNOWN:
        return found | {("2XX", "*/*"): ANYTHING, ("3XX", "*/*"): ANYTHING}
    for status, shape in {operation.status: operation.answer, **operation.answers}.items():
        if shape is None and operation.media == "application/json":
            found[status] = {}
        else:
            found[status, operation.media] = shape or {"description": "A file."}
    return found
