"""Signing in with another server's account, against a stand-in that signs its tokens: who comes in as what, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from django.conf import settings
from django.test import override_settings

from core.environment.space import Space
from organizations.models import AccessRequest, Membership
from tests.browser import PASSWORD, Browser, text_of
from tests.people import somebody
from tests.services.hub import Hub, served_hub
from users.models import Handover, Identity, Session, User

pytestmark = pytest.mark.django_db

SPACE = Space(id="ann/labels", host="testserver", author="ann", creator="6032802e1f993496bc14d9e3")
BOB: dict[str, Any] = {"sub": "b0b", "name": "Bob Otter", "preferred_username": "Bob", "email": "bob@example.com", "email_verified": True}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("xet")) as hub:
        yield hub


@pytest.fixture
def hub(served: Hub) -> Iterator[Hub]:
    before = dict(served.person)
    yield served
    served.person = before


@contextmanager
def signing_in(hub: Hub, **more: Any) -> Iterator[None]:
    """A server whose people sign in at the stand-in; on a Space unless `space` says otherwise."""
    environment = replace(
        settings.ENVIRONMENT,
        **{
            "oauth_client_id": "client-id",
            "oauth_client_secret": "client-secret",
            "openid_provider_url": hub.endpoint,
            "space": SPACE,
            **more,
        },
    )
    with override_settings(ENVIRONMENT=environment):
        yield


@pytest.fixture
def space(hub: Hub) -> Iterator[None]:
    with signing_in(hub):
        yield


def agree(url: str) -> str:
    """What a person's browser does at the issuer; returns where it is sent."""
    answer = urllib3.request("GET", url, redirect=False)
    assert answer.status == 302
    return answer.headers["Location"]


def sign_in(browser: Browser, query: str = "") -> Any:
    """Through the issuer and back."""
    away = browser.get(f"/user/oidc/start{query}")
    assert away.status_code == 302, text_of(away)
    back = urlsplit(agree(away["Location"]))
    return browser.get(f"{back.path}?{back.query}")


def as_bob(hub: Hub, **more: Any) -> None:
    hub.person = {**BOB, **more}


def role_of(username: str) -> str | None:
    row = Membership.objects.filter(user__identities__username=username, removed_at=None).first()
    return row.role if row else None


def test_a_space_belongs_to_its_creator_and_to_no_stranger(hub: Hub, space: None) -> None:
    stranger = Browser()
    assert "creator of this Space has to sign in first" in text_of(stranger.get("/user/signup/"))
    as_bob(hub)
    assert "has no owner yet" in text_of(sign_in(stranger))
    assert not User.objects.exists()
    hub.person = {**BOB, "sub": SPACE.creator, "preferred_username": "ann", "email": "ann@example.com"}
    ann = Browser()
    answer = sign_in(ann, "?next=/projects/")
    assert (answer.status_code, answer["Location"], ann.who()) == (302, "/projects/", "ann@example.com")
    assert role_of("ann") == "owner"
    assert "invitation only" in text_of(Browser().get("/user/signup/"))


def test_others_wait_until_somebody_lets_them_in(hub: Hub, space: None) -> None:
    owner = somebody()
    as_bob(hub)
    bob = Browser()
    assert sign_in(bob)["Location"] == "/"
    assert "Waiting for approval" in text_of(bob.get("/"))
    assert bob.get("/api/projects").status_code == 403
    page = text_of(owner.get("/organization/"))
    assert "Bob Otter" in page
    request = AccessRequest.objects.get()
    manager = somebody("manager", owner.organization)
    assert manager.client.generic("POST", f"/organization/requests/{request.pk}", "").status_code == 403
    owner.client.generic(
        "POST", f"/organization/requests/{request.pk}", "answer=approve&role=reviewer", "application/x-www-form-urlencoded"
    )
    assert (role_of("Bob"), bob.get("/api/projects").status_code) == ("reviewer", 200)
    # Who was removed does not come back by signing in again, and who was refused need not ask twice.
    owner.client.generic("POST", f"/organization/people/{request.user_id}/remove", "")
    sign_in(bob)
    assert role_of("Bob") is None
    owner.client.generic(
        "POST", f"/organization/requests/{AccessRequest.objects.get().pk}", "answer=refuse", "application/x-www-form-urlencoded"
    )
    sign_in(bob)
    assert "You were not let in" in text_of(bob.get("/"))
    assert "Waiting for approval" not in text_of(owner.get("/organization/"))


@pytest.mark.parametrize(
    ("setting", "orgs", "role"),
    [
        ({"oauth_allowed_users": ("bOB",)}, [], "manager"),
        ({"oauth_allowed_users": ("bob@example.com",)}, [], "manager"),
        ({"oauth_allowed_organizations": ("acme",)}, [("Acme", "admin")], "administrator"),
        ({"oauth_allowed_organizations": ("acme",)}, [("acme", "read")], "annotator"),
        ({"oauth_allowed_organizations": ("acme",)}, [("acme", "")], "manager"),
        ({"oauth_allowed_organizations": ("acme",)}, [("other", "admin")], None),
        ({"space": replace(SPACE, author="acme")}, [("acme", "admin")], "owner"),
        ({"space": replace(SPACE, author="acme")}, [("acme", "write")], "manager"),
        ({"space": replace(SPACE, author="acme")}, [("acme", "")], "annotator"),
        ({}, [("acme", "admin")], None),
    ],
)
def test_the_allow_list_and_roles_of_organizations(
    hub: Hub, setting: dict[str, Any], orgs: list[tuple[str, str]], role: str | None
) -> None:
    somebody()
    as_bob(hub, orgs=[{"preferred_username": name, "roleInOrg": there} for name, there in orgs])
    with signing_in(hub, **setting):
        sign_in(Browser())
    assert role_of("Bob") == role


def test_elsewhere_names_that_anybody_may_take_open_nothing(hub: Hub) -> None:
    """Another issuer's user names are not unique for ever: subjects, verified addresses and groups count there."""
    somebody()
    nowhere = {"space": Space(), "host": "http://testserver"}
    as_bob(hub, groups=["staff"], email_verified=False)
    with signing_in(hub, **nowhere, oauth_allowed_users=("Bob", "bob@example.com")):
        sign_in(Browser())
    assert role_of("Bob") is None
    assert Identity.objects.get().user.email.endswith("@account.invalid")
    as_bob(hub, sub="c", preferred_username="Cleo", email="cleo@example.com", groups=["Staff"])
    with signing_in(hub, **nowhere, oauth_allowed_organizations=("staff",)):
        sign_in(Browser())
    assert role_of("Cleo") == "manager"


def test_an_invitation_opens_the_door_for_whom_it_is(hub: Hub, space: None) -> None:
    owner = somebody()
    made = owner.post("/api/invitations", {"role": "annotator", "email": "bob@example.com"}).json()
    token = made["token"] if "token" in made else parse_qs(urlsplit(made["invite_url"]).query)["token"][0]
    as_bob(hub, sub="eve", preferred_username="Eve", email="eve@example.com")
    assert "another e-mail address" in text_of(sign_in(Browser(), f"?token={token}"))
    as_bob(hub)
    sign_in(Browser(), f"?token={token}")
    assert (role_of("Bob"), role_of("Eve")) == ("annotator", None)


def test_an_account_with_the_same_address_is_connected_by_its_password_only(hub: Hub, space: None) -> None:
    owner = somebody()
    bob = somebody("annotator", owner.organization).user
    bob.email = "bob@example.com"
    bob.set_password(PASSWORD)
    bob.save()
    as_bob(hub)
    browser = Browser()
    asked = sign_in(browser)
    assert "Is this your account?" in text_of(asked)
    assert (browser.who(), Identity.objects.count()) == (None, 0)
    wrong = browser.post("/user/oidc/prove", {"password": "a wrong guess", "csrfmiddlewaretoken": browser.csrf})
    assert "password is wrong" in text_of(wrong)
    browser.post("/user/oidc/prove", {"password": PASSWORD, "csrfmiddlewaretoken": browser.csrf})
    assert browser.who() == "bob@example.com"
    other = Browser()
    sign_in(other)
    assert other.who() == "bob@example.com"
    assert Browser().post("/user/oidc/prove", {"password": PASSWORD}).status_code == 403


def test_connecting_and_disconnecting_in_the_account(hub: Hub, space: None) -> None:
    somebody()
    with override_settings(DISABLE_SIGNUP_WITHOUT_LINK=False):
        browser = Browser()
        browser.sign_up("bea@example.com")
    as_bob(hub)
    assert "Connect Hugging Face" in text_of(browser.get("/user/account/identities"))
    assert sign_in(browser, "?for=connect")["Location"] == "/user/account/identities"
    assert "Bob" in text_of(browser.get("/user/account/identities"))
    other = Browser()
    sign_in(other)
    assert other.who() == "bea@example.com"
    browser.submit("/user/account/identities", disconnect=str(Identity.objects.get().pk))
    assert not Identity.objects.exists()
    # Somebody whose only way in it is keeps it.
    other = Browser()
    sign_in(other)
    other.submit("/user/account/identities", disconnect=str(Identity.objects.get().pk))
    assert Identity.objects.count() == 1


def test_a_frame_gets_a_session_of_its_own_by_a_code_that_is_good_once(hub: Hub, space: None) -> None:
    somebody()
    as_bob(hub)
    window, frame = Browser(), Browser()
    frame.get("/user/login/")
    page = sign_in(window, "?for=window&next=/projects/")
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert frame.get("/user/login/").headers["Cross-Origin-Opener-Policy"] == "same-origin"
    code = page.context["handover"]["code"]
    assert code not in str(list(Handover.objects.values()))
    assert Browser().post("/user/oidc/handover", {"code": code}).status_code == 403  # without the token of a page of ours
    entered = frame.post("/user/oidc/handover", {"code": code, "next": "/queue/", "csrfmiddlewaretoken": frame.csrf})
    assert (entered.status_code, entered["Location"], frame.who()) == (302, "/queue/", "bob@example.com")
    again = frame.post("/user/oidc/handover", {"code": code, "csrfmiddlewaretoken": frame.csrf})
    assert (again.status_code, "not valid any more" in text_of(again)) == (400, True)


def test_only_the_answer_to_ones_own_request_is_taken(hub: Hub, space: None) -> None:
    somebody()
    as_bob(hub)
    browser = Browser()
    away = browser.get("/user/oidc/start")["Location"]
    asked = parse_qs(urlsplit(away).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/user/oidc/callback"] or asked["redirect_uri"] == [
        "https://testserver/user/oidc/callback"
    ]
    back = urlsplit(agree(away))
    path = f"{back.path}?{back.query}"
    assert Browser().get(path).status_code == 400  # another browser's
    assert browser.get(path.replace("state=", "state=x")).status_code == 400
    browser.get("/user/oidc/start")
    assert browser.get(path).status_code == 400  # an earlier one's
    denied = browser.get("/user/oidc/callback?error=access_denied&state=x")
    assert denied.status_code == 400
    assert not Session.objects.exclude(user__email__startswith="person").exists()


@pytest.mark.parametrize("wrong", ["issuer", "nonce", "audience", "key", "subject"])
def test_a_token_that_is_not_right_signs_nobody_in(hub: Hub, space: None, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from joserfc.jwk import RSAKey

    from tests.services.hub import people

    somebody()
    as_bob(hub)
    sound = people.People._id_token
    if wrong == "key":
        monkeypatch.setattr(people, "signing_key", lambda: RSAKey.generate_key(2048, {"kid": "stand-in"}, private=True))
    elif wrong == "nonce":
        monkeypatch.setattr(people.People, "_id_token", lambda self, person, client, nonce: sound(self, person, client, "other"))
    elif wrong == "audience":
        monkeypatch.setattr(people.People, "_id_token", lambda self, person, client, nonce: sound(self, person, "other", nonce))
    elif wrong == "subject":
        monkeypatch.setattr(
            people.People, "_id_token", lambda self, person, client, nonce: sound(self, {**person, "sub": "somebody-else"}, client, nonce)
        )
    else:
        from joserfc import jwt

        monkeypatch.setattr(
            jwt, "encode", lambda header, claims, key, encode=jwt.encode: encode(header, {**claims, "iss": "https://evil.example"}, key)
        )
    answer = sign_in(Browser())
    assert (answer.status_code, "did not confirm who you are" in text_of(answer)) == (400, True)
    assert not Identity.objects.exists()


def test_an_issuer_that_fails_is_told_and_the_password_still_opens(hub: Hub, space: None) -> None:
    somebody()
    as_bob(hub)
    hub.fail_next("POST /oauth/token", 503)
    assert "did not confirm who you are" in text_of(sign_in(Browser()))
    page = text_of(Browser().get("/user/login/"))
    assert "Sign in with Hugging Face" in page
    assert "Password" in page


def test_without_an_issuer_there_is_nothing_of_it() -> None:
    assert Browser().get("/user/oidc/start").status_code == 404
    assert "Sign in with Hugging Face" not in text_of(Browser().get("/user/login/"))
