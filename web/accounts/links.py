"""Addresses that people copy or are sent to."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode


def absolute(request: HttpRequest, path: str) -> str:
    """The whole address of one of our paths: from LABEL_STUDIO_HOST when it is set, else as the person who looks sees us."""
    return f"{settings.PUBLIC_ORIGIN}{path}" if settings.PUBLIC_ORIGIN else request.build_absolute_uri(path)


def invitation_link(request: HttpRequest, token: str) -> str:
    return absolute(request, f"{reverse('signup')}?{urlencode({'token': token})}")


def password_reset_link(request: HttpRequest, token: str) -> str:
    return absolute(request, reverse("reset", kwargs={"token": token}))


def wanted_page(request: HttpRequest) -> str:
    """Where `next` leads, if that is one of our own pages; else the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return settings.LOGIN_REDIRECT_URL


def is_from_here(request: HttpRequest) -> bool:
    """Whether a GET comes from one of our own pages, or was typed: another site's link or image is not enough to sign somebody out."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    ours = {f"{request.scheme}://{request.get_host()}", settings.PUBLIC_ORIGIN}
    return any(own and (source == own or source.startswith(f"{own}/")) for own in ours)
