"""Is the process alive (`/health`, never touches the database), is it ready to work (`/ready`), which version is it (`/api/version`)."""

from __future__ import annotations

import shutil
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from core.permissions import PUBLIC
from core.requests import json_response
from core.routing import route

LEAST_FREE_BYTES = 200 << 20


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse('{"status":"UP"}', content_type="application/json")


def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and there is room on the disk, else 503 with the reasons."""
    reasons = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        reasons.append("The database does not answer.")
    if shutil.disk_usage(settings.DATA_DIR).free < LEAST_FREE_BYTES:
        reasons.append("The disk of the data directory is almost full.")
    return json_response(
        {"status": "DOWN" if reasons else "UP", "reasons": reasons},
        status=503 if reasons else 200,
    )


def version(request: HttpRequest) -> HttpResponse:
    """Label Studio's shape. `edition` must be "Community": the SDK then exports synchronously."""
    number = settings.VERSION
    part: dict[str, Any] = {
        "version": number,
        "message": "",
        "commit": "",
        "date": "",
        "branch": "",
    }
    return json_response(
        {
            "release": number,
            "label-studio-os-package": {
                "version": number,
                "short_version": number,
                "latest_version_from_pypi": number,
                "current_version_is_outdated": False,
            },
            "label-studio-os-backend": part,
            "label-studio-frontend": part,
            "dm2": part,
            "lsf": part,
            "label-studio-converter": {"version": number},
            "edition": "Community",
            "backend": {"commit": ""},
        }
    )


urlpatterns = [
    route("health", health, "health", GET=PUBLIC),
    route("api/health", health, "api-health", GET=PUBLIC),
    route("ready", ready, "ready", GET=PUBLIC),
    route("api/version", version, "api-version", GET=PUBLIC),
    route("version", version, "version", GET=PUBLIC),
]
