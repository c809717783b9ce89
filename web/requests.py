"""Reading what pages are asked: fragments for htmx, and where to go next."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page (a whole page after all when it restores its history)."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def next_page(request: HttpRequest, otherwise: str) -> str:
    """The page that a form names in `next`, if it is one of ours; else the page of the route `otherwise`."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse(otherwise)
