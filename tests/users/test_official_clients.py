"""The unmodified label-studio-sdk signs in: by legacy token, by personal token, by X-Api-Key, by e-mail and password."""

from __future__ import annotations

from typing import Any

import pytest
from label_studio_sdk import Client as LegacyClient
from label_studio_sdk import LabelStudio
from label_studio_sdk._legacy.client import ClientCredentials
from label_studio_sdk.core.api_error import ApiError

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD, Browser

# The clients' own deprecation warnings are not ours to heed.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def url(live_server: Any) -> str:
    """A server with one account, whose legacy token works."""
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    return str(live_server.url)


@pytest.fixture
def personal_token(url: str) -> str:
    return str(LabelStudio(base_url=url, api_key=TOKEN).tokens.create().token)


def test_a_legacy_token(url: str) -> None:
    client = LabelStudio(base_url=url, api_key=TOKEN)
    me = client.users.whoami()
    assert (me.email, me.active_organization_meta) == (EMAIL, {"title": "Labelspace", "email": EMAIL})
    assert client.users.get_current_user().email == EMAIL
    assert client.users.get_token().token == TOKEN
    fresh = client.users.reset_token().token
    assert LabelStudio(base_url=url, api_key=fresh).users.whoami().email == EMAIL
    with pytest.raises(ApiError) as refused:
        client.users.whoami()
    assert refused.value.status_code == 401


def test_a_personal_token_is_exchanged_for_access_tokens(url: str, personal_token: str) -> None:
    client = LabelStudio(base_url=url, api_key=personal_token)
    assert client.users.whoami().email == EMAIL
    assert client.versions.get().edition == "Community"
    assert [row.token for row in client.tokens.list()] == [personal_token.rpartition(".")[0]]
    with pytest.raises(ApiError) as twice:
        client.tokens.create()
    assert twice.value.status_code == 409
    assert client.tokens.refresh(refresh=personal_token).access
    rotated = client.tokens.rotate(refresh=personal_token).refresh
    fresh = LabelStudio(base_url=url, api_key=rotated)
    assert fresh.users.whoami().email == EMAIL
    fresh.tokens.blacklist(refresh=rotated)
    with pytest.raises(ApiError) as dead:
        LabelStudio(base_url=url, api_key=rotated).users.whoami()
    assert (dead.value.status_code, dead.value.body["detail"]) == (401, "Token is invalid")


def test_x_api_key(url: str, personal_token: str) -> None:
    for key in (TOKEN, personal_token):
        client = LabelStudio(base_url=url, api_key="not a token", headers={"X-Api-Key": key})
        assert client.users.whoami().email == EMAIL


def test_the_legacy_client_by_token_and_by_password(url: str, personal_token: str) -> None:
    for client in (
        LegacyClient(url, api_key=TOKEN),
        LegacyClient(url, api_key=personal_token),
        LegacyClient(url, credentials=ClientCredentials(email=EMAIL, password=PASSWORD)),
    ):
        assert client.check_connection() == {"status": "UP"}
        assert [user.email for user in client.get_users()] == [EMAIL]
        assert client.get_organization()["title"] == "Labelspace"


def test_people_and_policies(url: str) -> None:
    client = LabelStudio(base_url=url, api_key=TOKEN)
    organization = client.organizations.list()[0]
    made = client.users.create(username="bob", email="bob@example.com", first_name="Bob")
    assert {user.email for user in client.users.list()} == {EMAIL, "bob@example.com"}
    assert client.users.get(id=made.id).first_name == "Bob"
    assert client.users.update(id=made.id, last_name="Builder").initials == "BB"
    assert {row.user.email for row in client.organizations.members.list(id=organization.id)} == {EMAIL, "bob@example.com"}
    assert client.organizations.members.update(id=organization.id, user_id=made.id, role="AN").role == "AN"
    assert client.organizations.members.get(id=organization.id, user_pk=made.id).user == made.id
    assert client.organizations.update(id=organization.id, title="Otters").title == "Otters"
    invite = client.organizations.invites.get_invite_link()
    assert invite.invite_url == f"/user/signup/?token={invite.token}"
    assert client.organizations.reset_token().token != invite.token
    assert client.users.update_hotkeys(custom_hotkeys={"annotation:submit": {"key": "ctrl+enter"}}).custom_hotkeys
    assert client.users.get_hotkeys().custom_hotkeys == {"annotation:submit": {"key": "ctrl+enter"}}
    assert client.jwt_settings.get().legacy_api_tokens_enabled is True
    assert client.session_policy.update(max_session_age=600).max_session_age == 600
    client.organizations.members.delete(id=organization.id, user_pk=made.id)
    assert {user.email for user in client.users.list()} == {EMAIL}
    client.jwt_settings.update(api_token_ttl_days=90, api_tokens_enabled=True, legacy_api_tokens_enabled=False)
    with pytest.raises(ApiError) as refused:
        client.users.whoami()
    assert refused.value.status_code == 401


def test_legacy_clients_make_users_twice_without_an_error(url: str) -> None:
    client = LegacyClient(url, api_key=TOKEN)
    body = {"username": "bob", "email": "bob@example.com", "first_name": "", "last_name": "", "phone": ""}
    assert client.create_user(dict(body)).email == "bob@example.com"
    assert client.create_user(dict(body)) is None


def test_a_browser_and_a_client_are_the_same_person(url: str) -> None:
    browser = Browser()
    assert browser.sign_in(EMAIL).status_code == 302
    token = browser.send("POST", "/api/token/", {"name": "from the browser"}).json()["token"]
    assert LabelStudio(base_url=url, api_key=token).users.whoami().email == browser.who()
