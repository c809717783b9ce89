"""Addresses that Label Studio's pages and monitors ask, and that have little to say here: nothing is measured, no feature hides behind a flag."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.permissions import PUBLIC, SIGNED_IN
from core.requests import json_response
from core.routing import route


def metrics(request: HttpRequest) -> HttpResponse:
    """Empty, as Label Studio's."""
    return HttpResponse(b"", content_type="text/plain; charset=utf-8")


def feature_flags(request: HttpRequest) -> HttpResponse:
    """There are none: everything that is there works."""
    return json_response({"feature_flags": {}})


def usage(request: HttpRequest) -> HttpResponse:
    """Where Label Studio's front end sends what people do. It is thrown away unread."""
    return HttpResponse(status=204)


urlpatterns = [
    route("metrics", metrics, "metrics", GET=PUBLIC),
    route("feature-flags", feature_flags, "feature-flags", GET=SIGNED_IN),
    route("__lsa", usage, "usage", GET=PUBLIC, POST=PUBLIC),
]
