"""HTTP Basic authentication for the whole server, when BASIC_AUTH says so: a door before the door, with one key for everybody.

Health checks pass, as they show nothing. So does a request with a valid API token: its `Authorization` header has no room for a second one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.authentication import authenticate
from core.errors import Refused

OPEN = frozenset({"/health", "/api/health", "/ready"})


def basic_auth(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    if not settings.BASIC_AUTH:
        raise MiddlewareNotUsed
    wanted = settings.BASIC_AUTH.encode()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.rstrip("/") in OPEN or _given(request, wanted) or _has_token(request):
            return get_response(request)
        return HttpResponse(
            "This server asks for a user name and a password.",
            status=401,
            content_type="text/plain; charset=utf-8",
            headers={"WWW-Authenticate": 'Basic realm="Labelspace", charset="UTF-8"', "Cache-Control": "no-store"},
        )

    return middleware


def _given(request: HttpRequest, wanted: bytes) -> bool:
    scheme, _space, said = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        given = base64.b64decode(said.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    # The time it takes does not tell how much of it was right.
    return hmac.compare_digest(given, wanted)


def _has_token(request: HttpRequest) -> bool:
    scheme = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")[0].lower()
    if scheme not in ("token", "bearer") and "HTTP_X_API_KEY" not in request.META:
        return False
    try:
        actor = authenticate(request)
    except Refused:
        return False
    return actor is not None and actor.scheme != "session"
