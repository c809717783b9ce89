"""What no view caught: JSON under /api/, a page elsewhere; never a stack trace."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import is_valid_path
from django.utils.module_loading import import_string

from core.errors import Refused, error_response, response_for

PAGE = "web.errors.refused"  # named, not imported: that room is above this one


class last_resort:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 404 and is_api(request) and not response.headers.get("Content-Type", "").startswith("application/json"):
            return error_response(404, "Not found.")
        path = request.path_info
        if (
            response.status_code == 404
            and request.method == "GET"
            and not is_api(request)
            and not is_valid_path(path)
            and is_valid_path(f"{path}/")
        ):
            # A page's address typed without its last slash.
            return HttpResponseRedirect(request.get_full_path(force_append_slash=True))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_api(request):
            return response_for(error)
        return import_string(PAGE)(request, error) if isinstance(error, Refused) else None


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/data/", "/tasks/"))
