"""API tokens: the lifecycle that Label Studio's clients know, the three ways to send one, and that a revoked one is dead at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client, override_settings

from core.authentication import ActorCache, credentials_changed
from core.permissions import Role
from organizations.operations import ensure_first_user
from tests.browser import PASSWORD, text_of
from tests.people import Person, somebody
from users.models import ApiToken, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.OWNER)


def make(person: Person, **fields: Any) -> str:
    answer = person.post("/api/token/", fields or None)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["token"])


def access_of(refresh: str) -> str:
    answer = Client().post("/api/token/refresh/", {"refresh": refresh}, "application/json")
    assert answer.status_code == 200, answer.content
    return str(answer.json()["access"])


def status(**headers: str) -> int:
    """How a request with these headers is answered."""
    return int(Client().get("/api/current-user/whoami", headers=headers).status_code)


def with_access(token: str) -> int:
    return status(Authorization=f"Bearer {token}")


def allow_legacy(person: Person) -> str:
    assert person.post("/api/jwt/settings", {"legacy_api_tokens_enabled": True}).status_code == 200
    return str(person.get("/api/current-user/token").json()["token"])


def claims(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_the_lifecycle_as_label_studios_clients_know_it(ann: Person) -> None:
    refresh = make(ann)
    assert set(claims(refresh)) == {"token_type", "exp", "iat", "jti", "user_id"}
    assert (claims(refresh)["token_type"], claims(refresh)["user_id"]) == ("refresh", str(ann.user.pk))
    assert datetime.fromtimestamp(claims(refresh)["exp"], UTC).year > 2200
    again = ann.post("/api/token/")
    assert (again.status_code, again.json()["status_code"]) == (409, 409)
    listed = ann.get("/api/token/").json()
    assert [row["token"] for row in listed] == [refresh.rpartition(".")[0]]
    access = access_of(refresh)
    assert (claims(access)["token_type"], claims(access)["exp"] - claims(access)["iat"]) == ("access", 300)
    assert with_access(access) == 200
    rotated = ann.post("/api/token/rotate/", {"refresh": refresh})
    assert rotated.status_code == 200
    fresh = rotated.json()["refresh"]
    dead = Client().post("/api/token/refresh/", {"refresh": refresh}, "application/json")
    assert (dead.status_code, dead.json()["detail"]) == (401, "Token is invalid")
    assert with_access(access) == 401
    assert with_access(access_of(fresh)) == 200
    assert ann.post("/api/token/blacklist/", {"refresh": fresh}).status_code == 204
    gone = ann.post("/api/token/blacklist/", {"refresh": fresh})
    assert (gone.status_code, "detail" in gone.json()) == (404, True)
    assert ann.get("/api/token/").json() == []
    assert make(ann)


def test_every_kind_of_token_in_x_api_key_and_authorization_token(ann: Person) -> None:
    legacy, refresh = allow_legacy(ann), make(ann)
    access = access_of(refresh)
    for key in (legacy, refresh, access):
        assert status(**{"X-Api-Key": key}) == 200
        assert status(Authorization=f"Token {key}") == 200
    assert status(Authorization=f"Bearer {access}") == 200
    assert status(Authorization=f"Bearer {refresh}") == 401
    assert status(Authorization=f"Bearer {legacy}") == 401
    assert status(Authorization="Token 0123") == 401
    assert status(**{"X-Api-Key": "a.b.c"}) == 401


def test_x_api_key_counts_more_than_authorization(ann: Person) -> None:
    bob = somebody(Role.ANNOTATOR, ann.organization)
    headers = {"X-Api-Key": make(bob), "Authorization": f"Bearer {access_of(make(ann))}"}
    assert Client().get("/api/current-user/whoami", headers=headers).json()["id"] == bob.user.pk


def test_a_strangers_bearer_falls_through_to_the_session(ann: Person) -> None:
    assert ann.client.get("/api/current-user/whoami", headers={"Authorization": "Bearer hf_abcdef"}).status_code == 200
    wrong = ann.client.get("/api/current-user/whoami", headers={"Authorization": "Token hf_abcdef"})
    assert (wrong.status_code, wrong["WWW-Authenticate"]) == (401, "Token")


def test_tokens_need_no_csrf_and_cookies_do(ann: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    key = make(ann)
    answer = strict.post("/api/current-user/reset-token/", headers={"X-Api-Key": key})
    assert answer.status_code == 201
    strict.cookies["sessionid"] = ann.client.cookies["sessionid"].value
    assert strict.post("/api/current-user/reset-token/").status_code == 403
    assert strict.post("/api/current-user/reset-token/", headers={"X-Api-Key": key}).status_code == 201


def test_legacy_tokens_work_while_the_organization_allows_them(ann: Person) -> None:
    token = ann.get("/api/current-user/token").json()["token"]
    assert len(token) == 40
    assert ann.get("/api/current-user/token").json()["token"] == token
    refused = Client().get("/api/current-user/whoami", headers={"Authorization": f"Token {token}"})
    assert refused.status_code == 401
    assert refused.json()["detail"].startswith("Authentication token no longer valid: legacy token authentication has been disabled")
    assert allow_legacy(ann) == token
    assert status(Authorization=f"Token {token}") == 200
    fresh = ann.post("/api/current-user/reset-token/")
    assert fresh.status_code == 201
    assert status(Authorization=f"Token {token}") == 401
    assert status(Authorization=f"Token {fresh.json()['token']}") == 200
    ann.post("/api/jwt/settings", {"legacy_api_tokens_enabled": False})
    assert status(Authorization=f"Token {fresh.json()['token']}") == 401


def test_personal_tokens_work_while_the_organization_allows_them(ann: Person) -> None:
    access = access_of(make(ann))
    assert with_access(access) == 200
    policy = ann.post("/api/jwt/settings", {"api_tokens_enabled": False})
    assert policy.json() == {"api_tokens_enabled": False, "legacy_api_tokens_enabled": False, "api_token_ttl_days": 73000}
    assert with_access(access) == 401
    assert ann.post("/api/token/", {"name": "another"}).status_code == 403


def test_what_is_kept_of_a_token_is_no_use_to_who_reads_the_table(ann: Person) -> None:
    legacy, refresh = allow_legacy(ann), make(ann)
    kept = str(list(ApiToken.objects.values()))
    assert legacy not in kept
    assert refresh.rpartition(".")[2] not in kept


@pytest.mark.parametrize("change", ["signature", "algorithm", "payload"])
def test_a_token_that_was_changed_is_worth_nothing(ann: Person, change: str) -> None:
    refresh = make(ann)
    header, payload, signature = refresh.split(".")
    if change == "signature":
        forged = f"{header}.{payload}.{signature[::-1]}"
    elif change == "algorithm":
        forged = jwt.encode(claims(refresh), "", algorithm="none")
    else:
        forged = jwt.encode({**claims(refresh), "user_id": "1"}, settings.SECRET_KEY, algorithm="HS256")
    assert Client().post("/api/token/refresh/", {"refresh": forged}, "application/json").status_code == 401
    assert status(**{"X-Api-Key": forged}) == 401
    assert Client().post("/api/token/blacklist/", {"refresh": forged}, "application/json").status_code == 404
    assert status(**{"X-Api-Key": refresh}) == 200


def test_only_the_owner_or_who_holds_all_of_it_can_revoke_a_token(ann: Person) -> None:
    bob = somebody(Role.OWNER, ann.organization)
    refresh = make(ann)
    shown = refresh.rpartition(".")[0]
    assert Client().post("/api/token/blacklist/", {"refresh": shown}, "application/json").status_code == 404
    assert bob.post("/api/token/blacklist/", {"refresh": shown}).status_code == 404
    assert bob.post("/api/token/blacklist/", {"refresh": refresh}).status_code == 404
    assert bob.post("/api/token/rotate/", {"refresh": refresh}).status_code == 400
    assert ann.post("/api/token/rotate/", {"refresh": shown}).status_code == 400
    assert status(**{"X-Api-Key": refresh}) == 200
    assert ann.post("/api/token/blacklist/", {"refresh": shown}).status_code == 204
    assert status(**{"X-Api-Key": refresh}) == 401


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": 7}, {"refresh": None}, {"refresh": ["a"]}])
@pytest.mark.parametrize("where", ["refresh", "rotate", "blacklist"])
def test_a_missing_token_is_a_400(ann: Person, where: str, body: dict[str, Any]) -> None:
    answer = ann.post(f"/api/token/{where}/", body)
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, ["refresh"])


def test_tokens_have_names_and_an_end(ann: Person, later: Callable[..., None]) -> None:
    brief = make(ann, name="training", expires_in_days=7)
    lasting = make(ann, name="nightly export")
    rows = ann.get("/api/token/").json()
    assert [row["name"] for row in rows] == ["training", "nightly export"]
    assert status(**{"X-Api-Key": brief}) == 200
    assert ann.post("/api/token/", {"name": "x", "expires_in_days": 0}).status_code == 400
    assert ann.post("/api/token/", {"name": "x" * 101}).status_code == 400
    later(days=7, seconds=1)
    assert status(**{"X-Api-Key": brief}) == 401
    assert status(**{"X-Api-Key": lasting}) == 200


def test_an_organization_may_limit_how_long_tokens_live(ann: Person) -> None:
    ann.post("/api/jwt/settings", {"api_token_ttl_days": 30})
    answer = ann.post("/api/token/", {"name": "x", "expires_in_days": 31})
    assert list(answer.json()["validation_errors"]) == ["expires_in_days"]
    assert claims(make(ann))["exp"] - time.time() < 31 * 24 * 3600


def test_an_access_token_ends_after_five_minutes(ann: Person, later: Callable[..., None]) -> None:
    refresh = make(ann)
    access = access_of(refresh)
    later(seconds=298)
    assert with_access(access) == 200
    later(seconds=3)
    assert with_access(access) == 401
    assert with_access(access_of(refresh)) == 200


def test_last_used_is_shown(ann: Person, later: Callable[..., None]) -> None:
    refresh = make(ann)
    assert ann.get("/api/token/").json()[0]["last_used_at"] is None
    assert status(**{"X-Api-Key": refresh}) == 200
    first = ann.get("/api/token/").json()[0]["last_used_at"]
    assert first is not None
    later(minutes=2)
    with_access(access_of(refresh))
    assert ann.get("/api/token/").json()[0]["last_used_at"] > first


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine to itself: no other test process says that something changed, and nothing is forgotten because the tests are slow."""
    monkeypatch.setattr(ActorCache, "SECONDS", 600)
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path


def test_a_token_seen_a_moment_ago_costs_no_query(ann: Person, machine: Path, django_assert_num_queries: Any) -> None:
    key = make(ann)
    access = access_of(key)
    cookie = f"sessionid={ann.client.cookies['sessionid'].value}"
    for headers in ({"X-Api-Key": key}, {"Authorization": f"Bearer {access}"}, {"Cookie": cookie}):
        Client().get("/api/roles", headers=headers)
        with django_assert_num_queries(0):
            assert Client().get("/api/roles", headers=headers).status_code == 200


def test_what_another_process_revokes_is_dead_here_at_once(ann: Person, machine: Path) -> None:
    access = access_of(make(ann))
    assert with_access(access) == 200
    ApiToken.objects.update(revoked_at=datetime.now(UTC))
    assert with_access(access) == 200  # this process has seen it a moment ago, and nobody said that anything changed
    script = "import django; django.setup(); from core.authentication import credentials_changed; credentials_changed()"
    environment = {**os.environ, "LABEL_STUDIO_BASE_DATA_DIR": str(machine)}
    subprocess.run([sys.executable, "-c", script], check=True, cwd=settings.BASE_DIR, env=environment, timeout=60)
    assert with_access(access) == 401


def test_what_another_machine_revokes_is_dead_here_in_two_seconds(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    access = access_of(make(ann))
    assert with_access(access) == 200
    ApiToken.objects.update(revoked_at=datetime.now(UTC))
    assert ActorCache.SECONDS <= 2
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 2.1)
    assert with_access(access) == 401


def test_a_removed_persons_tokens_and_sessions_die_at_once(ann: Person) -> None:
    bob = somebody(Role.MANAGER, ann.organization)
    legacy, refresh = allow_legacy(ann), make(bob)
    bobs_legacy = bob.get("/api/current-user/token").json()["token"]
    access = access_of(refresh)
    keys = {"X-Api-Key": refresh}, {"Authorization": f"Bearer {access}"}, {"Authorization": f"Token {bobs_legacy}"}
    assert [status(**headers) for headers in keys] == [200, 200, 200]
    assert bob.get("/api/projects/").status_code == 200
    assert ann.delete(f"/api/organizations/{ann.organization.pk}/memberships/{bob.user.pk}/").status_code == 204
    assert [status(**headers) for headers in keys] == [401, 401, 401]
    assert bob.get("/api/projects/").status_code == 401
    assert Client().post("/api/token/refresh/", {"refresh": refresh}, "application/json").status_code == 401
    assert status(Authorization=f"Token {legacy}") == 200


def test_a_changed_role_counts_at_once(ann: Person) -> None:
    bob = somebody(Role.MANAGER, ann.organization)
    key = {"X-Api-Key": make(bob)}
    assert Client().post("/api/projects/", {"title": "One of mine"}, "application/json", headers=key).status_code == 201
    path = f"/api/organizations/{ann.organization.pk}/memberships/{bob.user.pk}/"
    assert ann.patch(path, {"role": "annotator"}).status_code == 200
    assert Client().post("/api/projects/", {"title": "One of mine"}, "application/json", headers=key).status_code == 403


def test_an_inactive_account_is_nobody(ann: Person) -> None:
    key = {"X-Api-Key": make(ann)}
    User.objects.filter(pk=ann.user.pk).update(is_active=False)
    credentials_changed()
    assert status(**key) == 401
    assert ann.get("/api/current-user/whoami").status_code == 401


def test_the_account_of_the_environment_has_the_token_of_the_environment() -> None:
    user = ensure_first_user("owner@example.com", PASSWORD, "a-token-of-my-own")
    assert status(Authorization="Token a-token-of-my-own") == 200
    assert status(**{"X-Api-Key": "a-token-of-my-own"}) == 200
    ensure_first_user("owner@example.com", PASSWORD, "another-token")
    assert status(Authorization="Token a-token-of-my-own") == 401
    assert status(Authorization="Token another-token") == 200
    assert User.objects.get() == user


def test_the_page_shows_a_token_once_and_revokes_it(ann: Person) -> None:
    answer = ann.client.post("/user/account/tokens", {"name": "nightly export", "expires_in_days": "30"})
    page = answer.content.decode()
    token = page.split('id="new-token" value="')[1].split('"')[0]
    assert answer["Cache-Control"] == "no-store"
    assert status(**{"X-Api-Key": token}) == 200
    later_page = ann.get("/user/account/tokens").content.decode()
    assert token not in later_page
    assert "nightly export" in later_page
    number = ann.get("/api/token/").json()[0]["id"]
    assert ann.client.post("/user/account/tokens", {"revoke": number}).status_code == 302
    assert status(**{"X-Api-Key": token}) == 401
    assert ann.client.post("/user/account/tokens", {"name": ""}).status_code == 200
    assert ann.client.post("/user/account/tokens", {"revoke": number}).status_code == 404


def test_the_legacy_token_is_on_the_page_only_when_asked_for(ann: Person) -> None:
    token = allow_legacy(ann)
    assert token not in ann.get("/user/account/tokens").content.decode()
    assert token in ann.client.post("/user/account/tokens", {"legacy": "1"}).content.decode()
    assert token not in ann.client.post("/user/account/tokens", {"reset": "1"}).content.decode()
    assert status(Authorization=f"Token {token}") == 401
    assert "Your organization does not allow" in text_of(somebody(Role.OWNER).get("/user/account/tokens"))
