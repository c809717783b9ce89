"""The pages for what went wrong: one sentence, one next step. Under /api/ the same in JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.errors import Refused, error_response
from core.middleware.errors import is_api
from web.assets import BundleMissing


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, _("This request cannot be understood"), _("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, 403, _("This is not yours to open"), str(exception or "") or _("Ask an administrator of your organization for access.")
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, _("There is nothing here"), _("The address may be mistyped, or what was here has been deleted."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, _("Something went wrong on the server"), _("Your work is safe. Please try again."), "web/error_bare.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request, 403, _("Please send the form again"), _("The page was open for too long or cookies are blocked. Reload it and try again.")
    )


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """What a page's guard, view or operation refused."""
    if isinstance(error, BundleMissing):
        return bundle_missing(request)
    if error.status == 404:
        return not_found(request)
    if error.status == 403:
        return _page(
            request, 403, _("This is not yours to open"), _("Your role does not allow it. Ask an administrator of your organization.")
        )
    if error.fields:
        texts = [str(text) for field in error.fields.values() for text in (field if isinstance(field, list) else [field])]
        return _page(request, error.status, _("That did not work"), " ".join(texts))
    return _page(request, error.status, _("That did not work"), str(error.detail))


def bundle_missing(request: HttpRequest) -> HttpResponse:
    return render(request, "web/bundle_missing.html", status=503)


def _page(request: HttpRequest, status: int, title: str, text: str, template: str = "web/error.html") -> HttpResponse:
    """`web/error_bare.html` asks the database nothing: it may be what is wrong."""
    if is_api(request):
        return error_response(status, "Not found." if status == 404 else text)
    try:
        return render(request, template, {"status": status, "title": title, "text": text}, status=status)
    except BundleMissing:
        return bundle_missing(request)
