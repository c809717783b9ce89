"""A browser for tests: keeps cookies, gets a page before it posts its form, and sends the CSRF token of it, as people's do."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

PASSWORD = "three otters in a boat"


class Browser(Client):
    def __init__(self, address: str = "192.0.2.1", **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, REMOTE_ADDR=address, **options)

    def submit(self, path: str, action: str = "", **fields: Any) -> Any:
        """Open the page at `path` and post its form (to `action`, when that is another address)."""
        self.get(path)
        return self.post(action or path, {**fields, "csrfmiddlewaretoken": self.csrf})

    def sign_up(self, email: str, password: str = PASSWORD, token: str = "", **fields: Any) -> Any:
        path = f"/user/signup/?token={token}" if token else "/user/signup/"
        return self.submit(path, email=email, password=password, **fields)

    def sign_in(self, email: str, password: str = PASSWORD, **fields: Any) -> Any:
        return self.submit("/user/login/", email=email, password=password, **fields)

    def send(self, method: str, path: str, body: Any = None, **headers: Any) -> Any:
        """An API call as the pages' scripts make it."""
        import orjson

        data = b"" if body is None else orjson.dumps(body)
        return self.generic(method, path, data, "application/json", headers={"X-CSRFToken": self.csrf, **headers})

    def who(self) -> str | None:
        """The address of who is signed in."""
        answer = self.get("/api/current-user/whoami")
        return answer.json()["email"] if answer.status_code == 200 else None

    @property
    def csrf(self) -> str:
        return self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""

    @property
    def session_cookie(self) -> str:
        return self.cookies["sessionid"].value if "sessionid" in self.cookies else ""


def text_of(answer: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def member(email: str, password: str = PASSWORD, **options: Any) -> Browser:
    """Somebody who has just signed up."""
    browser = Browser(**options)
    answer = browser.sign_up(email, password)
    assert answer.status_code == 302, text_of(answer)
    return browser
