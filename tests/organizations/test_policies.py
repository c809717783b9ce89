"""The organization's rules, the permission table, the audit log."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import ACTIONS, Role
from organizations.models import Organization
from organizations.operations import ensure_first_user
from tests.browser import PASSWORD, Browser, member, text_of
from tests.people import Person, somebody
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return somebody(Role.OWNER)


def test_session_policy_as_label_studios_clients_use_it(owner: Person) -> None:
    policy = owner.get("/api/session-policy/").json()
    assert set(policy) == {"max_session_age", "max_time_between_activity", "created_at", "updated_at"}
    assert (policy["max_session_age"], policy["max_time_between_activity"]) == (14 * 24 * 60, 3 * 24 * 60)
    assert owner.patch("/api/session-policy/", {"max_session_age": 5}).json()["max_session_age"] == 5
    for wrong in (0, -1, "x", 1e9, None, 2**63):
        assert owner.patch("/api/session-policy/", {"max_session_age": wrong}).status_code == 400
    assert somebody(Role.MANAGER, owner.organization).patch("/api/session-policy/", {"max_session_age": 5}).status_code == 403


def test_token_policy_as_label_studios_clients_use_it(owner: Person) -> None:
    assert owner.get("/api/jwt/settings").json() == {
        "api_tokens_enabled": True,
        "legacy_api_tokens_enabled": False,
        "api_token_ttl_days": 73000,
    }
    changed = owner.post("/api/jwt/settings", {"legacy_api_tokens_enabled": True, "api_token_ttl_days": 30})
    assert (changed.status_code, changed.json()["legacy_api_tokens_enabled"], changed.json()["api_token_ttl_days"]) == (200, True, 30)
    assert owner.post("/api/jwt/settings", {"api_tokens_enabled": "perhaps"}).status_code == 400
    assert somebody(Role.MANAGER, owner.organization).post("/api/jwt/settings", {}).status_code == 403


def test_the_page_of_policies() -> None:
    browser = member("ann@example.com")
    path = "/organization/policies"
    assert browser.submit(path, form="general", title="Otters", contact_info="help@example.com").status_code == 302
    assert (
        browser.submit(path, form="tokens", api_tokens_enabled="on", api_token_ttl_days="90", legacy_api_tokens_enabled="on").status_code
        == 302
    )
    assert browser.submit(path, form="sessions", max_session_age="600", max_time_between_activity="60").status_code == 302
    assert browser.submit(path, form="signup", signup_role="annotator").status_code == 302
    found = Organization.objects.values(
        "title", "contact_info", "signup_open", "signup_role", "api_token_ttl_days", "legacy_api_tokens_enabled", "max_session_age"
    ).get()
    assert found == {
        "title": "Otters", "contact_info": "help@example.com", "signup_open": False, "signup_role": "annotator", "api_token_ttl_days": 90,
        "legacy_api_tokens_enabled": True, "max_session_age": 600,
    }  # fmt: skip
    bad = browser.submit(path, form="sessions", max_session_age="0", max_time_between_activity="60")
    assert (bad.status_code, "greater than or equal to 1" in text_of(bad)) == (200, True)
    assert browser.submit(path, form="signup", signup_role="owner").status_code == 200
    assert browser.submit(path, form="nonsense").status_code == 404


def test_the_page_of_permissions_shows_the_whole_table(owner: Person) -> None:
    page = text_of(owner.get("/organization/permissions/"))
    for title, _roles in ACTIONS.values():
        assert str(title).replace("'", "&#x27;") in page
    assert somebody(Role.MANAGER, owner.organization).get("/organization/permissions/").status_code == 403


def test_the_audit_log_tells_what_happened_to_people_and_pages_back() -> None:
    ann = member("ann@example.com")
    bob = member("bob@example.com")
    number = User.objects.get(email="bob@example.com").pk
    Browser().sign_in("bob@example.com", "a wrong guess")
    ann.submit("/organization/", f"/organization/people/{number}/role", role="reviewer")
    ann.send("POST", "/api/invitations", {"role": "annotator", "email": "carol@example.com"})
    ann.send("POST", "/api/token/")
    bob.submit("/user/account/password", old_password=PASSWORD, new_password="a whole new password")
    ann.send("POST", "/api/projects/", {"title": "Otters"})
    page = text_of(ann.get("/organization/audit"))
    for said in (
        "bob@example.com joined",
        "Somebody failed to sign in as bob@example.com",
        "ann@example.com changed the role of bob@example.com",
        "Manager → Reviewer",
        "ann@example.com made an invitation",
        "ann@example.com made an API token",
        "bob@example.com has a new password",
    ):
        assert said in page, said
    assert "project created" not in page
    assert "project created" in text_of(ann.get("/organization/audit?area=projects"))
    assert "joined" in text_of(ann.get("/organization/audit?area=all"))
    assert bob.get("/organization/audit").status_code == 403
    for _ in range(60):
        ann.send("POST", "/api/invite/reset-token")
    answer = ann.get("/organization/audit").content.decode()
    assert answer.count("<time") == 50
    older = answer.split("before=")[1].split('"')[0]
    assert "bob@example.com joined" in text_of(ann.get(f"/organization/audit?before={older}"))
    assert ann.get("/organization/audit?before=x").status_code == 400


def test_another_organizations_events_are_not_shown(owner: Person) -> None:
    stranger = somebody(Role.OWNER)
    stranger.post("/api/invite/reset-token")
    assert stranger.user.email not in text_of(owner.get("/organization/audit?area=all"))
    assert stranger.user.email in text_of(stranger.get("/organization/audit?area=all"))


def test_the_environments_account_is_made_once_and_given_its_password_again() -> None:
    first = ensure_first_user("Owner@example.com", PASSWORD)
    assert first.memberships.get().role == "owner"
    browser = Browser()
    browser.sign_in("owner@example.com")
    assert ensure_first_user("owner@example.com", PASSWORD) == first
    assert browser.who() == "owner@example.com"
    ensure_first_user("owner@example.com", "a whole new password")
    assert browser.who() is None
    assert browser.sign_in("owner@example.com", "a whole new password").status_code == 302
    assert Organization.objects.count() == 1


def test_the_environments_account_owns_an_organization_that_somebody_else_began() -> None:
    member("early@example.com")
    user = ensure_first_user("owner@example.com", PASSWORD)
    assert [row.role for row in user.memberships.all()] == ["owner"]
    assert Organization.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "password", "token"), [("nobody", PASSWORD, None), ("a@example.com", "short", None), ("a@example.com", PASSWORD, "x y")]
)
def test_a_bad_account_of_the_environment_is_refused(email: str, password: str, token: Any) -> None:
    from core.errors import Refused

    with pytest.raises(Refused):
        ensure_first_user(email, password, token)
