"""Signing up, in and out through the forms that people and Label Studio's clients post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

from core.events.models import Event
from organizations.models import Membership, Organization
from tests.browser import PASSWORD, Browser, member, text_of
from users.models import Session

pytestmark = pytest.mark.django_db


def test_the_first_account_owns_the_organization_and_the_next_is_a_manager_of_it() -> None:
    ann, bob = member("Ann@Example.com"), member("bob@example.com")
    assert (ann.who(), bob.who()) == ("ann@example.com", "bob@example.com")
    assert Organization.objects.get().title == "Labelspace"
    roles = dict(Membership.objects.values_list("user__email", "role"))
    assert roles == {"ann@example.com": "owner", "bob@example.com": "manager"}


@override_settings(SIGNUP_ROLE="annotator")
def test_the_role_of_who_signs_up_is_a_setting_of_a_new_organization() -> None:
    member("ann@example.com")
    member("bob@example.com")
    assert Membership.objects.get(user__email="bob@example.com").role == "annotator"


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("", "/"),
        ("/projects/?q=1", "/projects/?q=1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_up_and_in_leads_to_the_page_that_was_wanted_if_it_is_ours(slash: str, target: str, where: str) -> None:
    browser = Browser()
    browser.get("/user/signup/")
    fields = {"email": "ann@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.csrf}
    up = browser.post(f"/user/signup{slash}", fields, QUERY_STRING=f"next={target}")
    assert (up.status_code, up["Location"]) == (302, where)
    other = Browser()
    other.get("/user/login/")
    into = other.post(f"/user/login{slash}", {**fields, "next": target, "csrfmiddlewaretoken": other.csrf})
    assert (into.status_code, into["Location"]) == (302, where)
    assert other.who() == "ann@example.com"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "nobody", "password": PASSWORD}, "valid email"),
        ({"email": "", "password": PASSWORD}, "required"),
        ({"email": "eve@example.com", "password": "short"}, "too short"),
        ({"email": "eve@example.com", "password": "password1"}, "too common"),
        ({"email": "eve@example.com", "password": "x" * 300}, "at most 256"),
        ({"email": "ANN@example.com", "password": PASSWORD}, "already exists"),
        ({"email": f"{'e' * 250}@example.com", "password": PASSWORD}, "at most 254"),
    ],
)
def test_a_bad_sign_up_shows_the_form_again_and_says_why(fields: dict[str, str], said: str) -> None:
    member("ann@example.com")
    browser = Browser()
    answer = browser.submit("/user/signup/", **fields)
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert 'name="csrfmiddlewaretoken"' in answer.content.decode()
    assert browser.who() is None
    assert get_user_model().objects.count() == 1


def test_forms_without_a_csrf_token_are_refused() -> None:
    member("ann@example.com")
    for path in ("/user/signup/", "/user/login/", "/user/reset/"):
        answer = Client(enforce_csrf_checks=True).post(path, {"email": "ann@example.com", "password": PASSWORD})
        assert answer.status_code == 403, path


def test_a_form_from_another_site_is_refused() -> None:
    member("ann@example.com")
    browser = Browser()
    browser.get("/user/login/")
    fields = {"email": "ann@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.csrf}
    assert browser.post("/user/login/", fields, headers={"Origin": "https://evil.example"}).status_code == 403
    assert browser.post("/user/login/", fields, headers={"Origin": "http://testserver"}).status_code == 302


def test_signing_up_while_signed_in_as_another_makes_a_new_session() -> None:
    browser = member("ann@example.com")
    before = browser.session_cookie
    assert browser.sign_up("bob@example.com").status_code == 302
    assert browser.who() == "bob@example.com"
    assert browser.session_cookie != before
    thief = Browser()
    thief.cookies["sessionid"] = before
    assert thief.who() is None


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer() -> None:
    member("ann@example.com")
    answers = [Browser().sign_in("ann@example.com", "wrong password"), Browser().sign_in("eve@example.com", "wrong password")]
    assert [answer.status_code for answer in answers] == [200, 200]
    first, second = (text_of(answer) for answer in answers)
    assert "The e-mail address or the password is wrong." in first
    assert first == second


def test_e_mail_addresses_count_in_any_case() -> None:
    member("ann@example.com")
    browser = Browser()
    assert browser.sign_in(" ANN@Example.COM ").status_code == 302
    assert browser.who() == "ann@example.com"


def test_a_signed_in_person_is_sent_on_from_the_sign_in_page() -> None:
    browser = member("ann@example.com")
    assert browser.get("/user/login/")["Location"] == "/"
    assert browser.get("/user/login/?next=/queue/")["Location"] == "/queue/"


def test_the_anonymous_are_sent_to_sign_in_and_back() -> None:
    member("ann@example.com")
    answer = Browser().get("/organization/audit?area=all")
    assert (answer.status_code, answer["Location"]) == (302, "/user/login/?next=/organization/audit%3Farea%3Dall")


def test_staying_signed_in_is_a_choice() -> None:
    member("ann@example.com")
    brief, lasting = Browser(), Browser()
    brief.sign_in("ann@example.com")
    lasting.sign_in("ann@example.com", persist_session="on")
    assert brief.cookies["sessionid"]["max-age"] == ""
    assert lasting.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    for browser in (brief, lasting):
        cookie = browser.cookies["sessionid"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_guessing_is_slowed_down_for_this_address_and_not_for_others(later: Callable[..., None]) -> None:
    member("ann@example.com")
    thief = Browser(address="198.51.100.7")
    for _ in range(6):
        assert thief.sign_in("ann@example.com", "a wrong guess").status_code == 200
    blocked = thief.sign_in("ann@example.com")
    assert blocked.status_code == 429
    assert "Please wait 1 second" in text_of(blocked)
    assert blocked["Retry-After"] == "1"
    assert Browser(address="203.0.113.9").sign_in("ann@example.com").status_code == 302
    waits = []
    for _ in range(4):
        later(seconds=int(thief.sign_in("ann@example.com", "a wrong guess").get("Retry-After", 0)))
        assert thief.sign_in("ann@example.com", "a wrong guess").status_code == 200
        waits.append(int(thief.sign_in("ann@example.com")["Retry-After"]))
    assert waits == [2, 4, 8, 16]
    later(seconds=16)
    assert thief.sign_in("ann@example.com").status_code == 302
    thief.get("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert thief.sign_in("ann@example.com", "a wrong guess").status_code == 200


def test_guessing_from_many_addresses_is_slowed_down_for_the_account(later: Callable[..., None]) -> None:
    member("ann@example.com")
    for number in range(51):
        assert Browser(address=f"198.51.100.{number}").sign_in("ann@example.com", "a wrong guess").status_code == 200
    stranger = Browser(address="203.0.113.9")
    assert stranger.sign_in("ann@example.com").status_code == 429
    later(minutes=5)
    assert stranger.sign_in("ann@example.com").status_code == 302


def test_unknown_accounts_are_slowed_down_alike() -> None:
    member("ann@example.com")
    thief = Browser(address="198.51.100.7")
    for _ in range(6):
        assert thief.sign_in("nobody@example.com", "a wrong guess").status_code == 200
    assert thief.sign_in("nobody@example.com", "a wrong guess").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted_as"),
    [
        (0, "203.0.113.1", "192.0.2.1"),
        (1, "9.9.9.9, 203.0.113.1", "203.0.113.1"),
        (2, "9.9.9.9, 203.0.113.1", "9.9.9.9"),
        (1, "nonsense", ""),
    ],
)
def test_forwarded_addresses_are_believed_as_far_as_our_proxies_go(proxies: int, forwarded: str, counted_as: str) -> None:
    member("ann@example.com")
    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        browser = Browser()
        browser.get("/user/login/")
        fields = {"email": "ann@example.com", "password": PASSWORD, "csrfmiddlewaretoken": browser.csrf}
        assert browser.post("/user/login/", fields, headers={"X-Forwarded-For": forwarded}).status_code == 302
    assert Session.objects.latest("pk").address == counted_as


@pytest.mark.parametrize(
    ("headers", "at_once"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Referer": "http://testserver/projects/"}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Referer": "http://testserver.evil.example/"}, False),
        ({"Referer": "https://evil.example/http://testserver/"}, False),
        ({}, False),
    ],
)
def test_another_sites_link_cannot_sign_somebody_out(headers: dict[str, str], at_once: bool) -> None:
    browser = member("ann@example.com")
    cookie = browser.session_cookie
    answer = browser.get("/logout", headers=headers)
    if at_once:
        assert (answer.status_code, answer["Location"], answer["Clear-Site-Data"]) == (302, "/user/login/", '"cache"')
        assert browser.who() is None
    else:
        assert answer.status_code == 200
        assert browser.who() == "ann@example.com"
        assert browser.submit("/logout/").status_code == 302
        assert browser.who() is None
    copied = Browser()
    copied.cookies["sessionid"] = cookie
    assert copied.who() is None


def test_signing_out_when_nobody_is_signed_in() -> None:
    assert Browser().get("/logout")["Location"] == "/user/login/"


def test_keys_are_kept_as_digests_and_the_address_and_program_are_known() -> None:
    browser = Browser(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"})
    browser.sign_up("ann@example.com")
    row = Session.objects.get()
    assert browser.session_cookie
    assert browser.session_cookie not in str(list(Session.objects.values()))
    assert row.address == "192.0.2.1"
    assert "Firefox · Linux" in text_of(browser.get("/user/account/sessions"))


def test_what_happened_is_recorded() -> None:
    browser = member("ann@example.com")
    Browser().sign_in("ann@example.com", "a wrong guess")
    Browser().sign_in("ann@example.com")
    browser.submit("/logout/")
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["member.joined", "account.sign_in_failed", "account.signed_in", "account.signed_out"]


def test_pages_for_anybody_set_no_session_and_files_and_health_no_cookie_at_all(django_assert_num_queries: Any) -> None:
    member("ann@example.com")
    browser = Browser()
    browser.get("/user/login/")
    assert list(browser.cookies) == ["csrftoken"]
    plain = Client()
    with django_assert_num_queries(0):
        assert plain.get("/health").status_code == 200
    assert plain.get("/api/version").status_code == 200
    assert plain.get("/api/projects/").status_code == 401
    assert list(plain.cookies) == []
