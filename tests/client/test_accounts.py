"""Scenarios 1-6 and 42-44: signing in, tokens, people, organizations and policies, with the unmodified clients."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import jwt
import pytest
from label_studio_sdk import Client as LegacyClient
from label_studio_sdk import LabelStudio

from core.permissions import Role
from tests.browser import PASSWORD
from tests.client.scenario import EMAIL, TOKEN, Server, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]


def test_01_legacy_token(clients: list[Any]) -> None:
    for client in clients:
        me = client.users.whoami()
        assert (me.email, bool(me.active_organization)) == (EMAIL, True)
        assert client.users.get_current_user().id == me.id
        assert client.users.get_token().token == TOKEN


def test_02_access_tokens_are_refreshed_when_they_have_expired(server: Server, clients: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls six minutes apart: one refresh for each."""
    refresh = clients[0].tokens.create().token
    asked: list[str] = []
    client = server.sdk(refresh)
    sent = httpx.Client.send

    def counted(self: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:
        asked.append(request.url.path)
        return sent(self, request, **more)

    monkeypatch.setattr(httpx.Client, "send", counted)
    assert client.users.whoami().email == EMAIL
    assert client.users.whoami().email == EMAIL
    assert sum("refresh" in path for path in asked) == 1
    # The access token that the client keeps grows old: five minutes is all it has.
    tokens = client._client_wrapper._tokens_client  # type: ignore[attr-defined]
    old = int(time.time()) - 60
    tokens._access_token = jwt.encode({"token_type": "access", "exp": old}, "a key that nobody needs to know here")
    assert client.users.whoami().email == EMAIL
    assert sum("refresh" in path for path in asked) == 2


def test_03_the_life_of_a_personal_token(server: Server, clients: list[Any]) -> None:
    for client in clients:
        made = client.tokens.create().token
        refused(409, client.tokens.create)
        (listed,) = client.tokens.list()
        assert made.startswith(listed.token)
        assert made != listed.token
        rotated = client.tokens.rotate(refresh=made).refresh
        refused(401, client.tokens.refresh, refresh=made)
        assert client.tokens.refresh(refresh=rotated).access
        client.tokens.blacklist(refresh=client.tokens.list()[0].token)
        refused(401, client.tokens.refresh, refresh=rotated)
        refused(404, client.tokens.blacklist, refresh=rotated)
        assert client.tokens.list() == []


def test_04_x_api_key(server: Server) -> None:
    client = LabelStudio(base_url=server.url, api_key="nothing", headers={"X-Api-Key": TOKEN})
    assert client.users.whoami().email == EMAIL
    bad = httpx.get(f"{server.url}/api/current-user/whoami", headers={"X-Api-Key": "no"})
    assert (bad.status_code, bad.headers["www-authenticate"]) == (401, "Token")


def test_05_the_legacy_client_signs_in_by_the_form(server: Server) -> None:
    client = LegacyClient(server.url, credentials=_credentials())
    assert client.check_connection()["status"] == "UP"
    assert client.get_users()[0].email == EMAIL


def _credentials() -> Any:
    from label_studio_sdk._legacy.client import ClientCredentials

    return ClientCredentials(email=EMAIL, password=PASSWORD)


def test_06_connection_and_version(server: Server, clients: list[Any]) -> None:
    assert LegacyClient(server.url, api_key=TOKEN).check_connection()["status"] == "UP"
    for client in clients:
        assert client.versions.get().edition == "Community", "else the SDK polls for its exports"


def test_42_organizations(server: Server, clients: list[Any]) -> None:
    bob = server.person()
    for client in clients:
        (mine,) = client.organizations.list()
        assert client.organizations.get(id=mine.id).title == mine.title
        renamed = server.http.patch(f"/api/organizations/{mine.id}/", json={"title": "Botanists"}).json()
        assert (renamed["title"], bob.id in renamed["users"]) == ("Botanists", True)
        members = list(client.organizations.members.list(id=mine.id, page_size=1, contributed_to_projects=True))
        assert {row.user.email for row in members} - {"Deleted"} == {EMAIL, bob.email}
        (found,) = client.organizations.members.list(id=mine.id, search=bob.email, role="AN", ordering="-user__email")
        assert client.organizations.members.get(id=mine.id, user_pk=bob.id).annotations_count == 0
        assert found.user.id == bob.id
        link = client.organizations.invites.get_invite_link().invite_url
        fresh = client.organizations.reset_token().invite_url
        assert link != fresh
        assert _sign_up(server.url, link, f"late-{id(client)}@example.com") == 403
        assert _sign_up(server.url, fresh, f"new-{id(client)}@example.com") == 302
        (newcomer,) = client.organizations.members.list(id=mine.id, search=f"new-{id(client)}")
        assert client.organizations.members.delete(id=mine.id, user_pk=newcomer.user.id) is None
        refused(404, client.organizations.members.get, id=mine.id, user_pk=newcomer.user.id)
    assert bob.http.delete(f"/api/organizations/{mine.id}/memberships/{bob.id}/").status_code == 403


def _sign_up(url: str, path: str, email: str) -> int:
    with httpx.Client(base_url=url) as browser:
        page = browser.get(path)
        if page.status_code == 403:
            return 403
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found
        form = {"email": email, "password": PASSWORD, "csrfmiddlewaretoken": found[1], "allow_newsletters": "false"}
        return browser.post(path, data=form, headers={"Referer": url}).status_code


def test_43_users(server: Server, clients: list[Any]) -> None:
    for number, client in enumerate(clients):
        made = client.users.create(username=f"ann{number}", email=f"ann{number}@example.com", first_name="Ann")
        assert made.id in [row.id for row in client.users.list()]
        assert client.users.get(id=made.id).first_name == "Ann"
        assert client.users.update(id=made.id, last_name="Lee").last_name == "Lee"
        assert client.users.update_current_user(phone="123").phone == "123"
        keys = {"annotation:submit": {"key": "ctrl+enter", "active": True}}
        assert client.users.update_hotkeys(custom_hotkeys=keys).custom_hotkeys == keys
        assert client.users.get_hotkeys().custom_hotkeys == keys
        refused(400, client.users.update_hotkeys, custom_hotkeys={"annotation:submit": {"key": "ctrl+w"}})
        client.users.delete(id=made.id)
        assert made.id not in [row.id for row in client.users.list()]
    assert server.http.patch(f"/api/users/{clients[0].users.whoami().id}/", json={"email": "x@example.com"}).status_code == 405
    fresh = clients[0].users.reset_token().token
    assert fresh != TOKEN
    assert server.http.get("/api/users/").status_code == 401
    assert server.sdk(fresh).users.whoami().email == EMAIL


def test_44_policies(server: Server, clients: list[Any]) -> None:
    bob = server.person(Role.MANAGER)
    for client in clients:
        assert client.jwt_settings.get().legacy_api_tokens_enabled is True
        assert client.session_policy.get().max_session_age > 0
        assert client.session_policy.update(max_session_age=600).max_session_age == 600
    assert bob.http.patch("/api/session-policy/", json={"max_session_age": 5}).status_code == 403
    personal = server.sdk(clients[0].tokens.create().token)
    changed = clients[0].jwt_settings.update(api_token_ttl_days=365, api_tokens_enabled=True, legacy_api_tokens_enabled=False)
    assert changed.legacy_api_tokens_enabled is False
    body = refused(401, bob.sdk.users.whoami)
    assert "legacy token authentication has been disabled" in body["detail"]
    assert personal.users.whoami().email == EMAIL
