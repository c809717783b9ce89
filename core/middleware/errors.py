"""What no view caught: JSON under /api/, a page elsewhere; never a stack trace."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.errors import error_response, response_for


class last_resort:  # noqa: N801 - used as a middleware function; a class because Django asks it for process_exception
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 404 and is_api(request) and not response.headers.get("Content-Type", "").startswith("application/json"):
            return error_response(404, "Not found.")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return response_for(error) if is_api(request) else None


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(("/api/", "/data/", "/tasks/"))
