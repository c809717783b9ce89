"""A real browser on a live server. Every page is watched: a script error, a console error or a blocked style fails the test that saw it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from core.permissions import Role
from tests.people import Person, somebody

# Far beyond what an idle machine takes: a busy one must not make a test fail.
LONGEST = 30_000
expect.set_options(timeout=LONGEST)
EMPTY_QUEUE = re.compile(r"/api/projects/\d+/next")


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    return str(live_server.url)


@pytest.fixture(autouse=True)
def _stored(transactional_db: None) -> None:
    """The server runs in a thread of its own, so what a test stores is committed."""


class Visits:
    """Opens pages for people: each in a browser context of their own. `troubles` is what went wrong in any of them."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self.browser, self.base_url = browser, base_url
        self.contexts: list[BrowserContext] = []
        self.troubles: list[str] = []

    def __call__(self, person: Person | None = None, path: str = "", **options: Any) -> Page:
        context = self.browser.new_context(base_url=self.base_url, **{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(LONGEST)
        self.contexts.append(context)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.troubles.append(f"{error.page.url if error.page else ''}: {error.error}"))
        if person is not None:
            cookie = person.client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": self.base_url}])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        # An empty queue answers 404, as Label Studio's does, and the browser notes every 404.
        if message.type in ("error", "warning") and not (EMPTY_QUEUE.search(address) and "404" in message.text):
            self.troubles.append(f"{address}: {message.text}")


@pytest.fixture
def visit(browser: Browser, base_url: str) -> Iterator[Visits]:
    """`visit(person, "/projects/")` is a page of that person's browser; `visit(None, …)` of a stranger's."""
    visits = Visits(browser, base_url)
    yield visits
    for context in visits.contexts:
        context.close()
    assert visits.troubles == []


@pytest.fixture
def owner() -> Person:
    return somebody()


@pytest.fixture
def colleague(owner: Person) -> Callable[..., Person]:
    """`colleague()` is an annotator of the owner's organization."""
    return lambda role=Role.ANNOTATOR: somebody(role, owner.organization)
