"""What the scenarios of Label Studio's clients share: a live server with its owner, further people, and the SDK's clients, blocking and async alike."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk.core.api_error import ApiError

from core.permissions import Role
from organizations.models import Membership
from organizations.operations import ensure_first_user
from organizations.queries import first_organization
from tests.browser import PASSWORD
from tests.people import somebody
from users.operations import api_tokens

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"


class Blocking:
    """An AsyncLabelStudio that is used like a LabelStudio: awaits what is awaitable, and reads pages to their end."""

    def __init__(self, subject: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._subject, self._loop = subject, loop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._subject, name)
        if not callable(found):
            return Blocking(found, self._loop)

        def call(*args: Any, **named: Any) -> Any:
            return self._loop.run_until_complete(_whole(found(*args, **named)))

        return call


async def _whole(value: Any) -> Any:
    if inspect.isawaitable(value):
        value = await value
    if hasattr(value, "__aiter__"):
        return [item async for item in value]
    return value


@dataclass
class Someone:
    """A person of the owner's organization: their SDK client and plain HTTP, both by their own token."""

    id: int
    email: str
    sdk: LabelStudio
    http: httpx.Client


class Server:
    """A live server. `http` is plain HTTP in the owner's name."""

    def __init__(self, url: str) -> None:
        self.url = url
        ensure_first_user(EMAIL, PASSWORD, TOKEN)
        self.http = self.plain(TOKEN)

    def plain(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Token {token}"}, timeout=60)

    def sdk(self, token: str = TOKEN, **more: Any) -> LabelStudio:
        return LabelStudio(base_url=self.url, api_key=token, **more)

    def person(self, role: Role = Role.ANNOTATOR) -> Someone:
        person = somebody(role, first_organization())
        token = api_tokens.legacy_token(person.user)
        return Someone(person.user.pk, person.user.email, self.sdk(token), self.plain(token))

    @property
    def organization(self) -> int:
        return int(Membership.objects.get(user__email=EMAIL).organization_id)


@contextmanager
def both(server: Server) -> Iterator[list[Any]]:
    """The owner's client, blocking and async."""
    loop = asyncio.new_event_loop()
    client = AsyncLabelStudio(base_url=server.url, api_key=TOKEN)
    try:
        yield [server.sdk(), Blocking(client, loop)]
    finally:
        loop.run_until_complete(client._client_wrapper.httpx_client.httpx_client.aclose())
        loop.close()


def refused(status: int, call: Callable[..., Any], **named: Any) -> Any:
    """Call a method of the SDK that must raise an error of this status; returns the answer's body."""
    with pytest.raises(ApiError) as error:
        call(**named)
    assert error.value.status_code == status, error.value.body
    return error.value.body
