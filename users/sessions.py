"""Sessions in the database, found by the digest of the cookie's key. Django's middleware drives this store (SESSION_ENGINE).

What makes a session valid (how old, how long idle) is the organization's policy, checked where requests are authenticated.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from core.authentication import client_address, credentials_changed
from core.secrets import digest
from users.models import Session, User

LONGEST_AGENT = 256


class SessionStore(SessionBase):
    """`address` and `agent` are set by the middleware, for the list of one's sessions; `lifetime` (seconds) by `begin`."""

    address = ""
    agent = ""
    lifetime = settings.SESSION_COOKIE_AGE

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_digest=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Insert or update the row. A session that nobody is signed in to is not kept. Raises UpdateError when the row was ended meanwhile."""
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user_id = data.get(SESSION_KEY)
        if user_id is None:
            return
        if self.session_key is None:
            self.create()
            return
        now = timezone.now()
        values = {"user_id": int(user_id), "data": orjson.dumps(data).decode()}
        if not must_create:
            if not Session.objects.filter(key_digest=digest(self.session_key)).update(**values):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                Session.objects.create(
                    key_digest=digest(self.session_key),
                    address=self.address,
                    agent=self.agent,
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now + timedelta(seconds=self.lifetime),
                    **values,
                )
        except IntegrityError:
            raise CreateError from None

    def load(self) -> dict[str, Any]:
        row = Session.objects.filter(key_digest=digest(self.session_key or ""), expires_at__gt=timezone.now()).values("data").first()
        if row is None:
            self._session_key = None
            return {}
        data: dict[str, Any] = orjson.loads(row["data"])
        return data

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None and Session.objects.filter(key_digest=digest(key)).delete()[0]:
            credentials_changed()

    def cycle_key(self) -> None:
        """A new key for the same content; the row comes with the next `save`."""
        data = self._session  # type: ignore[attr-defined]
        self.delete()
        self._session_key = None
        self._session_cache = data
        self.modified = True

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lte=timezone.now()).delete()


def begin(request: HttpRequest, user: User, *, seconds: int, persist: bool) -> None:
    """Sign the browser in for `seconds`: a new session with a new key, and a new CSRF secret. Without `persist` until the browser is closed."""
    from django.middleware.csrf import rotate_token

    session: Any = request.session
    session.flush()
    session[SESSION_KEY] = str(user.pk)
    session.set_expiry(seconds if persist else 0)
    session.lifetime = seconds
    session.save()
    Session.objects.filter(user=user, expires_at__lte=timezone.now()).delete()
    rotate_token(request)


def store_for(request: HttpRequest) -> SessionStore:
    """The store of a request's cookie; the database is asked only when something reads it."""
    store = SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    store.address = client_address(request)
    store.agent = request.headers.get("User-Agent", "")[:LONGEST_AGENT].replace("\0", "")
    return store
