"""Security headers on every answer (rules X4, X5, F1 of the security notes in docs/security.md)."""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

# The standard library knows this attribute from Python 3.14 on.
Morsel._reserved.setdefault("partitioned", "Partitioned")  # type: ignore[attr-defined]
Morsel._flags.add("partitioned")  # type: ignore[attr-defined]


def security_headers(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    media = "'self' data: blob: https:" + (" http:" if not settings.SESSION_COOKIE_SECURE else "")
    policy = "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"img-src {media}",
            f"media-src {media}",
            f"frame-ancestors {settings.FRAME_ANCESTORS}",
        ]
    )

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not response.has_header("Content-Security-Policy"):
            response["Content-Security-Policy"] = policy
        if isinstance(response, HttpResponse) and response.status_code not in (204, 304) and not response.has_header("Content-Length"):
            response["Content-Length"] = str(len(response.content))  # else the server sends chunks
        response["X-Content-Type-Options"] = "nosniff"
        if settings.PUBLIC_URL.startswith("https://"):
            response["Strict-Transport-Security"] = "max-age=31536000"
        response["Referrer-Policy"] = "same-origin"
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        for cookie in response.cookies.values():
            if cookie["samesite"].lower() == "none" and cookie["secure"]:
                cookie["partitioned"] = True  # the browser keeps it inside the iframe of huggingface.co
        return response

    return middleware
