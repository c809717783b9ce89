"""Changing a password, links for a new one, and the list of one's sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from core.jobs.models import Job
from core.jobs.run import run_job
from core.permissions import Role
from organizations.models import Membership
from tests.browser import PASSWORD, Browser, member, text_of
from tests.people import somebody
from users.models import PasswordLink, User

pytestmark = pytest.mark.django_db

NEW = "a whole new password"


def make_link(owner: Browser, email: str) -> str:
    """The path of a password link, as an administrator copies it."""
    user = User.objects.get(email=email)
    answer = owner.submit("/organization/", f"/organization/people/{user.pk}/password-link")
    assert answer.status_code == 200, text_of(answer)
    link = answer.content.decode().split('id="password-link" value="')[1].split('"')[0]
    assert link.startswith("http://testserver/user/reset/")
    return link.removeprefix("http://testserver")


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    here, there = member("ann@example.com"), Browser()
    there.sign_in("ann@example.com")
    wrong = here.submit("/user/account/password", old_password="not this", new_password=NEW)
    assert (wrong.status_code, "not your current password" in text_of(wrong)) == (200, True)
    weak = here.submit("/user/account/password", old_password=PASSWORD, new_password="12345678")
    assert "too common" in text_of(weak)
    assert there.who() == "ann@example.com"
    assert here.submit("/user/account/password", old_password=PASSWORD, new_password=NEW).status_code == 302
    assert (here.who(), there.who()) == ("ann@example.com", None)
    assert there.sign_in("ann@example.com", PASSWORD).status_code == 200
    assert there.sign_in("ann@example.com", NEW).status_code == 302


def test_who_sits_at_somebody_elses_open_session_cannot_guess_the_password_there() -> None:
    here = member("ann@example.com")
    for _ in range(6):
        assert "not your current" in text_of(here.submit("/user/account/password", old_password="not this", new_password=NEW))
    assert "Too many attempts" in text_of(here.submit("/user/account/password", old_password=PASSWORD, new_password=NEW))


def test_an_administrators_link_sets_a_password_once() -> None:
    owner, bob = member("ann@example.com"), member("bob@example.com")
    path = make_link(owner, "bob@example.com")
    assert path.rpartition("/")[2] not in str(list(PasswordLink.objects.values()))
    visitor = Browser()
    assert "bob@example.com" in text_of(visitor.get(path + "/"))
    assert "too short" in text_of(visitor.submit(path, new_password="short"))
    done = visitor.submit(path, new_password=NEW)
    assert (done.status_code, done["Location"]) == (302, "/user/login/")
    assert visitor.who() is None
    assert bob.who() is None
    assert visitor.get(path).status_code == 404
    assert visitor.sign_in("bob@example.com", NEW).status_code == 302


def test_a_link_ends_after_a_day_and_when_there_is_a_newer_one(later: Callable[..., None]) -> None:
    """Label Studio's fault 18: nobody can set a forgotten password anew."""
    owner = member("ann@example.com")
    member("bob@example.com")
    first, second = make_link(owner, "bob@example.com"), make_link(owner, "bob@example.com")
    assert (Browser().get(first).status_code, Browser().get(second).status_code) == (404, 200)
    later(hours=25)
    assert Browser().get(second).status_code == 404
    assert Browser().get("/user/reset/nonsense/").status_code == 404


def test_who_may_make_a_link_for_whom() -> None:
    owner = somebody(Role.OWNER)
    admin, manager = somebody(Role.ADMINISTRATOR, owner.organization), somebody(Role.MANAGER, owner.organization)
    stranger = somebody(Role.OWNER)

    def ask(person: Any, about: Any) -> int:
        return int(person.post(f"/api/users/{about.user.pk}/password-link").status_code)

    assert (ask(owner, admin), ask(owner, manager), ask(admin, manager)) == (201, 201, 201)
    assert ask(admin, owner) == 403
    assert ask(manager, admin) == 403
    assert ask(owner, stranger) == 404
    Membership.objects.create(organization=stranger.organization, user=manager.user, role="annotator", is_active=False)
    assert ask(owner, manager) == 403


def test_without_a_mail_server_one_is_told_whom_to_ask() -> None:
    member("ann@example.com")
    assert "Ask an administrator" in text_of(Browser().get("/user/reset/"))
    assert Job.objects.count() == 0


@override_settings(
    EMAIL_HOST="mail.example.com",
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    PUBLIC_ORIGIN="https://label.example.com",
)
def test_with_a_mail_server_a_link_comes_by_mail_to_the_configured_address_whatever_the_host_header_says() -> None:
    member("ann@example.com")
    visitor = Browser()
    known = visitor.submit("/user/reset/", email="Ann@example.com")
    unknown = visitor.submit("/user/reset/", email="eve@example.com")
    assert text_of(known) == text_of(unknown)
    for job in Job.objects.all():
        run_job.call(job.pk)
        job.refresh_from_db()
        assert job.status == Job.Status.DONE
    assert [message.to for message in mail.outbox] == [["ann@example.com"]]
    link = str(mail.outbox[0].body).split("https://label.example.com")[1].split()[0]
    assert visitor.submit(link, new_password=NEW).status_code == 302
    assert visitor.sign_in("ann@example.com", NEW).status_code == 302


@override_settings(EMAIL_HOST="mail.example.com", PUBLIC_ORIGIN="https://label.example.com")
def test_nobody_can_fill_a_mailbox() -> None:
    visitor = Browser()
    for _ in range(4):
        visitor.submit("/user/reset/", email="ann@example.com")
    assert "Too many attempts" in text_of(visitor.submit("/user/reset/", email="ann@example.com"))
    assert Job.objects.count() == 4


def test_ones_sessions_can_be_seen_and_ended() -> None:
    here, phone, desk = member("ann@example.com"), Browser(address="198.51.100.4"), Browser(address="198.51.100.5")
    phone.sign_in("ann@example.com")
    desk.sign_in("ann@example.com")
    other = member("bob@example.com")
    page = text_of(here.get("/user/account/sessions"))
    assert "198.51.100.4" in page
    assert "198.51.100.5" in page
    numbers = [int(part.split('"')[0]) for part in here.get("/user/account/sessions").content.decode().split('name="session" value="')[1:]]
    assert len(numbers) == 2
    assert here.submit("/user/account/sessions", session=min(numbers)).status_code == 302
    assert (here.who(), phone.who(), desk.who()) == ("ann@example.com", None, "ann@example.com")
    assert here.submit("/user/account/sessions").status_code == 302
    assert (here.who(), desk.who(), other.who()) == ("ann@example.com", None, "bob@example.com")
    assert other.submit("/user/account/sessions", session=numbers[0]).status_code == 404


def test_sessions_end_by_the_organizations_policy(later: Callable[..., None]) -> None:
    owner = member("ann@example.com")
    policy = owner.send("PATCH", "/api/session-policy/", {"max_session_age": 60, "max_time_between_activity": 10})
    assert (policy.json()["max_session_age"], policy.json()["max_time_between_activity"]) == (60, 10)
    for _ in range(5):
        later(minutes=9)
        assert owner.who() == "ann@example.com"
    later(minutes=11)
    assert owner.who() is None
    assert owner.get("/api/projects/").status_code == 401
    assert owner.get("/organization/").status_code == 302
    owner.sign_in("ann@example.com", persist_session="on")
    assert owner.cookies["sessionid"]["max-age"] == 3600
    for _ in range(6):
        later(minutes=9)
        assert owner.who() == "ann@example.com"
    later(minutes=7)
    assert owner.who() is None


def test_sessions_end_after_three_idle_days_and_fourteen_in_all(later: Callable[..., None]) -> None:
    idle, busy = member("ann@example.com"), Browser()
    busy.sign_in("ann@example.com")
    for _ in range(2):
        later(days=2)
        assert busy.who() == "ann@example.com"
    assert idle.who() is None
    for _ in range(4):
        later(days=2)
        assert busy.who() == "ann@example.com"
    later(days=2, seconds=1)
    assert busy.who() is None


def test_signing_in_clears_away_what_has_expired(later: Callable[..., None]) -> None:
    member("ann@example.com")
    later(days=15)
    Browser().sign_in("ann@example.com")
    assert User.objects.get().sessions.count() == 1
