"""Django's sessions, opened only by what needs them: static files never get here, and API calls are authenticated without loading one.

So no answer sets or deletes the cookie but signing in and signing out.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest


class SessionMiddleware(DjangoSessionMiddleware):
    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.store_for = import_module(settings.SESSION_ENGINE).store_for

    def process_request(self, request: HttpRequest) -> None:
        request.session = self.store_for(request)
