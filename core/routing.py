"""Routes: a pattern, a view, and for each method the action of the permission table that it needs.

`route("api/projects/<id:project_id>/next", view, "next-task", GET="annotations.create")` answers with and without a trailing slash, never
redirects, authenticates, checks CSRF for cookie-borne writes, checks the table, and renders every error in the one shape. A route cannot be
declared without its actions, so none can be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import URLPattern, re_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from core.actor import Actor
from core.authentication import authenticate
from core.errors import Refused, error_response, response_for
from core.permissions import ACTIONS, PUBLIC, SIGNED_IN

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
MAX_ID = 2**63 - 1
CONVERTERS = {
    "id": r"[0-9]{1,19}",
    "slug": r"[-a-zA-Z0-9_]+",
    "segment": r"[^/]+",
    "path": r".+",
}


@dataclass(frozen=True)
class Route:
    """What the permission walk and the documentation read."""

    name: str
    pattern: str
    actions: dict[str, str]
    page: bool
    parameters: dict[str, str] = field(default_factory=dict)
    view: Callable[..., HttpResponseBase] | None = field(default=None, compare=False, repr=False)


ROUTES: list[Route] = []


def route(pattern: str, view: Callable[..., HttpResponseBase], name: str, **actions: str) -> URLPattern:
    """An API route. `actions` maps HTTP methods to actions. `view` is a function or a DRF class's `.as_view()`."""
    return _make(pattern, view, name, actions, page=False)


def page(pattern: str, view: Callable[..., HttpResponseBase], name: str, **actions: str) -> URLPattern:
    """An HTML page: the anonymous are sent to sign in; CSRF is checked by Django's middleware; errors are pages."""
    return _make(pattern, view, name, actions, page=True)


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request that the guard let through (never anonymous unless the route is public). Raises 401 for the anonymous."""
    actor = authenticate(getattr(request, "_request", request))
    if actor is None:
        raise Refused("Authentication credentials were not provided.", 401)
    return actor


def _make(
    pattern: str,
    view: Callable[..., HttpResponseBase],
    name: str,
    actions: dict[str, str],
    *,
    page: bool,
) -> URLPattern:
    for action in actions.values():
        if action not in ACTIONS and action not in (PUBLIC, SIGNED_IN):
            raise ValueError(f"route {name}: action {action} is not in core/permissions.py")
    if not actions:
        raise ValueError(f"route {name} names no method")
    actions = dict(actions)
    if "GET" in actions:
        actions.setdefault("HEAD", actions["GET"])
    parameters: dict[str, str] = {}

    def converter(match: re.Match[str]) -> str:
        kind, _, parameter = match[1].rpartition(":")
        parameters[parameter] = kind or "segment"
        return f"(?P<{parameter}>{CONVERTERS[kind or 'segment']})"

    expression = "".join(
        converter(part) if (part := re.fullmatch(r"<([^>]+)>", piece)) else re.escape(piece) for piece in re.split(r"(<[^>]+>)", pattern)
    )
    ends = "/?" if pattern and not pattern.endswith("/") else ""
    declared = Route(name, pattern, actions, page, parameters, view)
    ROUTES.append(declared)
    return re_path(f"^{expression}{ends}$", _guard(view, declared), name=name)


def _guard(view: Callable[..., HttpResponseBase], declared: Route) -> Callable[..., HttpResponseBase]:
    ids = [name for name, kind in declared.parameters.items() if kind == "id"]

    def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        try:
            response = _answer(request, arguments)
        except Exception as error:
            if declared.page:
                raise
            response = response_for(error)
        if not declared.page and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    def _answer(request: HttpRequest, arguments: dict[str, Any]) -> HttpResponseBase:
        for name in ids:
            arguments[name] = int(arguments[name])
            if not 0 < arguments[name] <= MAX_ID:
                raise Refused("Not found.", 404)
        method = request.method or "GET"
        action = declared.actions.get(method)
        if action is None:
            allow = ", ".join(sorted({*declared.actions, "OPTIONS"}))
            if method == "OPTIONS" and not declared.page:
                return HttpResponse(status=200, headers={"Allow": allow})
            return error_response(405, f'Method "{method}" not allowed.', headers={"Allow": allow})
        actor = authenticate(request)
        if action != PUBLIC:
            if actor is None:
                if declared.page:
                    return _to_sign_in(request)
                raise Refused("Authentication credentials were not provided.", 401)
            if not (actor.project_id is None if action == SIGNED_IN else actor.may_request(action, method)):
                raise Refused("You do not have permission to perform this action.", 403)
        if (
            not declared.page
            and method not in SAFE_METHODS
            and (actor is None or actor.scheme == "session")
            and settings.SESSION_COOKIE_NAME in request.COOKIES
        ):
            _check_csrf(request)
        return view(request, **arguments)

    guarded.route = declared  # type: ignore[attr-defined]
    return guarded if declared.page else csrf_exempt(guarded)


class _CSRFCheck(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _check_csrf(request: HttpRequest) -> None:
    check = _CSRFCheck(lambda _: HttpResponse())
    check.process_request(request)
    reason: Any = check.process_view(request, lambda _: HttpResponse(), (), {})
    if reason:
        raise Refused(f"CSRF Failed: {reason}", 403)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    target = settings.LOGIN_URL
    if request.get_full_path() != "/":
        target += "?next=" + quote(request.get_full_path(), safe="/")
    return HttpResponse(status=302, headers={"Location": target})
