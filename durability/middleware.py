"""What copying means for requests: an answer that waits until its change is off this machine, and no write once another server has taken over."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core.errors import Refused, error_response
from core.middleware.errors import PAGE, is_api
from core.routing import SAFE_METHODS
from durability import state

PATIENCE = 30.0
ALIVE = frozenset({"/health", "/ready", "/api/health"})


def writes(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    watch = Watch(settings.DATA_DIR)

    def handle(request: HttpRequest) -> HttpResponseBase:
        if watch.fenced:
            return _read_only(request, get_response)
        response = get_response(request)
        if settings.DURABLE_ACK and request.method not in SAFE_METHODS and response.status_code < 400 and not wait_until_saved(watch):
            return _refused(request, _("Your change is on this server but not yet copied off it, as this server promises. Try again."))
        return response

    return handle


class Watch:
    """The shipper's state, read again when its file has changed; a look costs a microsecond or two."""

    def __init__(self, data_directory: Path) -> None:
        self.directory = data_directory
        self._file = state.folder_in(data_directory) / state.FILE
        self._seen = 0
        self._state: state.State | None = None

    @property
    def state(self) -> state.State | None:
        try:
            changed = self._file.stat().st_mtime_ns
        except OSError:
            return None
        if changed != self._seen:
            self._state, self._seen = state.read(self.directory), changed
        return self._state

    @property
    def fenced(self) -> bool:
        found = self.state
        return found is not None and bool(found.fenced)


def wait_until_saved(watch: Watch) -> bool:
    """Returns when everything committed until now is off this machine; False when that failed, or took too long."""
    deadline = time.monotonic() + PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        found = watch.state
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
                asked.settimeout(left)
                asked.connect(found.socket if found else "")
                with asked.makefile("rb") as answer:
                    line = answer.readline()
            if line:
                return bool(json.loads(line)["saved"])
        except (OSError, ValueError, KeyError):
            pass
        time.sleep(0.1)  # the shipper is just being started
    return False


def _read_only(request: HttpRequest, get_response: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponseBase:
    sentence = _("Another server has taken over this workspace, and this one is read-only. Reload the page to reach the new one.")
    if request.path_info in ALIVE:
        return get_response(request)
    if request.method not in SAFE_METHODS:
        return _refused(request, sentence)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")
        cursor.execute("PRAGMA busy_timeout=0")
    response = get_response(request)
    return response if response.status_code < 500 else _refused(request, sentence)


def _refused(request: HttpRequest, sentence: str) -> HttpResponseBase:
    if is_api(request):
        response: HttpResponseBase = error_response(503, sentence)
    else:
        response = import_string(PAGE)(request, Refused(sentence, 503))
    response["Retry-After"] = "2"
    return response
