"""The browser is signed in, for as long as the person's organization lets sessions live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from organizations.queries import policy_times
from users import sessions
from users.models import User
from web.accounts.links import wanted_page


def begin_session(request: HttpRequest, user: User, *, persist: bool, target: str = "") -> HttpResponse:
    """Start a session and go to `target`, else to the page that was wanted. Without `persist` it ends with the browser."""
    start_session(request, user, persist=persist)
    return HttpResponseRedirect(target or wanted_page(request))


def start_session(request: HttpRequest, user: User, *, persist: bool) -> None:
    row = user.memberships.filter(is_active=True, removed_at=None).select_related("organization").first()
    oldest, _idle = policy_times(row.organization if row else None)
    sessions.begin(request, user, seconds=oldest, persist=persist)
