"""Ways into an organization: open sign-up, its link, invitations; and how each is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import override_settings

from core.permissions import Role
from organizations.models import Invitation, Membership, Organization
from tests.browser import PASSWORD, Browser, member, text_of
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Browser:
    return member("ann@example.com")


def role_of(email: str) -> str:
    return str(Membership.objects.get(user__email=email, removed_at=None).role)


def invite(browser: Browser, **fields: Any) -> str:
    """The token of a new invitation."""
    answer = browser.send("POST", "/api/invitations", {"role": "annotator", **fields})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["token"])


def test_the_organizations_link_as_label_studios_clients_use_it(owner: Browser) -> None:
    answer = owner.get("/api/invite").json()
    assert set(answer) == {"token", "invite_url"}
    assert answer["invite_url"] == f"/user/signup/?token={answer['token']}"
    assert owner.get("/api/invite/").json() == answer
    visitor = Browser()
    assert visitor.submit(answer["invite_url"], email="bob@example.com", password=PASSWORD).status_code == 302
    assert role_of("bob@example.com") == "manager"
    reset = owner.send("POST", "/api/invite/reset-token")
    assert reset.status_code == 201
    assert Browser().sign_up("carol@example.com", token=answer["token"]).status_code == 403
    assert Browser().sign_up("carol@example.com", token=reset.json()["token"]).status_code == 302
    assert reset.json()["token"] not in str(list(Organization.objects.values()))


def test_a_wrong_token_is_refused_even_while_sign_up_is_open(owner: Browser) -> None:
    for method in ("get", "post"):
        answer = getattr(Browser(), method)(
            "/user/signup/?token=nonsense", {"email": "x@example.com", "password": PASSWORD} if method == "post" else {}
        )
        assert answer.status_code == 403
    browser = Browser()
    browser.get("/user/signup/")
    refused = browser.post(
        "/user/signup/?token=nonsense", {"email": "x@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.csrf}
    )
    assert (refused.status_code, "not valid any more" in text_of(refused)) == (403, True)
    assert User.objects.count() == 1


def test_closing_sign_up_with_the_banners_button(owner: Browser) -> None:
    bob = member("bob@example.com")
    assert "Anybody who reaches this server can sign up." in text_of(owner.get("/organization/"))
    assert "Anybody who reaches this server" not in text_of(bob.get("/organization/"))
    assert bob.submit("/user/account/", "/organization/close-sign-up").status_code == 403
    assert owner.submit("/organization/", "/organization/close-sign-up").status_code == 302
    assert "Anybody who reaches this server" not in text_of(owner.get("/organization/"))
    visitor = Browser()
    assert visitor.get("/user/signup/").status_code == 403
    assert "Create an account" not in text_of(visitor.get("/user/login/"))
    visitor.get("/user/login/")
    fields = {"email": "eve@example.com", "password": PASSWORD, "csrfmiddlewaretoken": visitor.csrf}
    assert visitor.post("/user/signup/", fields).status_code == 403
    assert Browser().sign_up("carol@example.com", token=invite(owner)).status_code == 302
    owner.submit("/organization/policies", form="signup", signup_open="on", signup_role="reviewer")
    assert member("dave@example.com").who() == "dave@example.com"
    assert role_of("dave@example.com") == "reviewer"


@pytest.mark.parametrize(
    ("said", "closed_by_owner", "status"), [(True, False, 403), (False, True, 200), (None, True, 403), (None, False, 200)]
)
def test_the_environment_decides_about_sign_up_when_it_says_anything(
    owner: Browser, said: bool | None, closed_by_owner: bool, status: int
) -> None:
    Organization.objects.update(signup_open=not closed_by_owner)
    with override_settings(DISABLE_SIGNUP_WITHOUT_LINK=said):
        assert Browser().get("/user/signup/").status_code == status
        if said is not None:
            assert owner.submit("/organization/", "/organization/close-sign-up").status_code == 409
            assert "Anybody who reaches" not in text_of(owner.get("/organization/"))


@override_settings(DISABLE_SIGNUP_WITHOUT_LINK=True)
def test_with_sign_up_closed_by_the_environment_nobody_takes_an_empty_server() -> None:
    assert Browser().get("/user/signup/").status_code == 403


def test_an_invitation_with_an_address_is_for_that_person_once(owner: Browser) -> None:
    token = invite(owner, email="Bob@example.com", role="reviewer")
    assert token not in str(list(Invitation.objects.values()))
    other = Browser().sign_up("eve@example.com", token=token)
    assert (other.status_code, "for another e-mail address" in text_of(other)) == (200, True)
    assert "bob@example.com" in Browser().get(f"/user/signup/?token={token}").content.decode()
    assert Browser().sign_up("bob@example.com", token=token).status_code == 302
    assert role_of("bob@example.com") == "reviewer"
    assert Browser().sign_up("bob2@example.com", token=token).status_code == 403
    assert owner.get("/api/invitations").json() == []


def test_an_invitation_without_an_address_works_for_several_until_it_is_revoked(owner: Browser) -> None:
    token = invite(owner)
    for name in ("bob", "carol"):
        assert Browser().sign_up(f"{name}@example.com", token=token).status_code == 302
        assert role_of(f"{name}@example.com") == "annotator"
    (row,) = owner.get("/api/invitations").json()
    assert (row["uses"], row["role"], row["email"]) == (2, "annotator", "")
    assert owner.send("DELETE", f"/api/invitations/{row['id']}").status_code == 204
    assert owner.send("DELETE", f"/api/invitations/{row['id']}").status_code == 404
    assert Browser().sign_up("dave@example.com", token=token).status_code == 403


def test_an_invitation_ends(owner: Browser, later: Callable[..., None]) -> None:
    week, month = invite(owner), invite(owner, days=30)
    later(days=7, seconds=1)
    assert Browser().sign_up("bob@example.com", token=week).status_code == 403
    assert Browser().sign_up("bob@example.com", token=month).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"role": None}, "role"),
        ({"email": "nobody"}, "email"),
        ({"email": "ann@example.com"}, "email"),
        ({"days": 0}, "days"),
        ({"days": 91}, "days"),
        ({"days": "soon"}, "days"),
    ],
)
def test_a_bad_invitation_says_which_field_is_wrong(owner: Browser, fields: dict[str, Any], field: str) -> None:
    answer = owner.send("POST", "/api/invitations", {"role": "annotator", **fields})
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])


def test_administrators_invite_everybody_but_owners_and_managers_nobody(owner: Browser) -> None:
    admin, manager = Browser(), Browser()
    admin.sign_up("admin@example.com", token=invite(owner, role="administrator"))
    manager.sign_up("manager@example.com", token=invite(owner, role="manager"))
    assert admin.send("POST", "/api/invitations", {"role": "administrator"}).status_code == 201
    assert admin.send("POST", "/api/invitations", {"role": "owner"}).status_code == 403
    assert owner.send("POST", "/api/invitations", {"role": "owner"}).status_code == 201
    assert manager.send("POST", "/api/invitations", {"role": "annotator"}).status_code == 403
    assert manager.get("/api/invite").status_code == 403
    assert manager.get("/organization/invitations").status_code == 403


def test_an_invitation_never_touches_an_account_that_exists(owner: Browser) -> None:
    bob = member("bob@example.com")
    Membership.objects.filter(user__email="bob@example.com").update(role=Role.ANNOTATOR)
    token = invite(owner, role="administrator")
    answer = Browser().sign_up("bob@example.com", "another password", token=token)
    assert (answer.status_code, "already exists" in text_of(answer)) == (200, True)
    assert role_of("bob@example.com") == "annotator"
    assert bob.submit("/user/account/", "/user/join", token=token).status_code == 403
    assert role_of("bob@example.com") == "annotator"


def test_somebody_removed_comes_back_with_the_account_they_have(owner: Browser) -> None:
    bob = member("bob@example.com")
    number = User.objects.get(email="bob@example.com").pk
    organization = Organization.objects.get().pk
    assert owner.send("DELETE", f"/api/organizations/{organization}/memberships/{number}/").status_code == 204
    assert bob.who() is None
    assert bob.sign_in("bob@example.com").status_code == 302
    assert bob.get("/api/projects/").status_code == 403
    assert "You belong to no organization" in text_of(bob.get("/"))
    token = invite(owner, email="bob@example.com", role="reviewer")
    assert "Join with this account" in text_of(bob.get(f"/user/signup/?token={token}"))
    assert "Join Labelspace" in text_of(bob.get(f"/user/join?token={token}"))
    assert bob.submit(f"/user/join?token={token}", "/user/join", token=token).status_code == 302
    assert bob.get("/api/projects/").status_code == 200
    assert role_of("bob@example.com") == "reviewer"
    assert bob.submit("/user/account/", "/user/join", token=token).status_code == 403


def test_the_page_makes_lists_and_revokes_invitations(owner: Browser) -> None:
    answer = owner.submit("/organization/invitations", email="bob@example.com", role="reviewer", days="30")
    link = answer.content.decode().split('id="invitation-link" value="')[1].split('"')[0]
    assert link.startswith("http://testserver/user/signup?token=")
    assert answer["Cache-Control"] == "no-store"
    page = owner.get("/organization/invitations")
    assert link not in page.content.decode()
    assert "bob@example.com" in text_of(page)
    number = Invitation.objects.get().pk
    assert owner.submit("/organization/invitations", f"/organization/invitations/{number}/revoke").status_code == 302
    assert Browser().get(link.removeprefix("http://testserver")).status_code == 403
    bad = owner.submit("/organization/invitations", email="ann@example.com", role="reviewer", days="30")
    assert (bad.status_code, "member already" in text_of(bad)) == (200, True)


def test_the_page_shows_the_organizations_link_and_replaces_it(owner: Browser) -> None:
    assert "Make a link for everybody" in text_of(owner.get("/organization/invitations"))
    owner.submit("/organization/invitations", "/organization/invite-link/reset")
    first = owner.get("/organization/invitations").content.decode().split('id="organization-link" value="')[1].split('"')[0]
    owner.submit("/organization/invitations", "/organization/invite-link/reset")
    second = owner.get("/organization/invitations").content.decode().split('id="organization-link" value="')[1].split('"')[0]
    assert Browser().get(first.removeprefix("http://testserver")).status_code == 403
    assert Browser().get(second.removeprefix("http://testserver")).status_code == 200


@override_settings(PUBLIC_ORIGIN="https://label.example.com")
def test_links_are_made_from_the_configured_address(owner: Browser) -> None:
    answer = owner.submit("/organization/invitations", role="reviewer", days="7")
    assert 'value="https://label.example.com/user/signup?token=' in answer.content.decode()
