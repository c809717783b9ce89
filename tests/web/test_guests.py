"""A multi-session server: each new browser is a guest with a project of its own, apart from all others, and shares a project by link."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from organizations.models import Organization
from organizations.queries import first_organization
from projects.guests_gone import forget_guests
from projects.models import Project
from users.models import Session, User

pytestmark = pytest.mark.django_db
HTML = {"HTTP_ACCEPT": "text/html,application/xhtml+xml"}


@pytest.fixture(autouse=True)
def multi_session(settings: Any) -> None:
    settings.MULTI_SESSION = True


def browser() -> Client:
    """A new browser that has opened the start page."""
    made = Client(**HTML)
    assert made.get("/")["Location"] == "/user/login/"
    answer = made.get("/user/login/", follow=True)
    assert answer.status_code == 200
    return made


def projects_of(client: Client) -> list[str]:
    return [f"{row['id']} {row['title']}" for row in client.get("/api/projects/").json()["results"]]


def the_project(client: Client) -> Project:
    (row,) = client.get("/api/projects/").json()["results"]
    return Project.objects.get(pk=row["id"])


def share(client: Client, project: Project) -> str:
    assert client.post("/manage/", {"project": project.pk, "share": "1"}).status_code == 302
    found = re.search(r"http://testserver(/share/[\w-]+/)", client.get("/manage/").content.decode())
    assert found is not None
    return found[1]


def test_each_new_browser_is_a_guest_with_a_project_of_its_own() -> None:
    ann, bob = browser(), browser()
    assert projects_of(ann) != projects_of(bob)
    assert [title.partition(" ")[2] for title in projects_of(ann)] == ["My project"]
    assert ann.get("/", follow=True).status_code == 200
    assert User.objects.count() == 2, "the same browser stays the same guest"


def test_guests_are_kept_apart() -> None:
    ann, bob = browser(), browser()
    project = the_project(ann)
    for path in (
        f"/projects/{project.pk}/",
        f"/projects/{project.pk}/data",
        f"/api/projects/{project.pk}/",
        f"/api/projects/{project.pk}/export",
    ):
        assert bob.get(path).status_code == 404, path
    for body in ({"share": "1"}, {"stop": "1"}, {"open": "1"}):
        assert bob.post("/manage/", {"project": project.pk, **body}).status_code == 404
    assert str(User.objects.get(pk=project.created_by_id).email) not in bob.get("/organization").content.decode()
    assert bob.get("/api/users/").json() == [row for row in bob.get("/api/users/").json() if row["email"].endswith("@guest.invalid")]
    assert len(bob.get("/api/users/").json()) == 1


def test_programs_are_no_guests() -> None:
    assert Client().get("/api/projects/").status_code == 401
    assert Client().get("/user/login/").status_code == 200
    assert Client(**HTML).get("/user/login/?account=1").status_code == 200
    assert Client(**HTML).head("/user/login/").status_code == 200
    assert not User.objects.exists()


def test_nobody_who_signs_up_lands_in_a_guest_s_organization() -> None:
    browser()
    assert first_organization() is None


def test_a_shared_project_is_all_that_its_guest_sees() -> None:
    ann, bob = browser(), browser()
    project = the_project(ann)
    ann.post("/manage/", {"new": "1"})
    link = share(ann, project)
    assert "Open the project" in bob.get(link).content.decode()
    assert bob.get(f"/projects/{project.pk}/").status_code == 404, "a link alone changes nothing"
    assert bob.post(link, follow=True).status_code == 200
    assert projects_of(bob) == [f"{project.pk} My project"]
    assert bob.get(f"/projects/{project.pk}/settings/").status_code == 403
    page = bob.get("/manage/").content.decode()
    assert "shared with you" in page
    assert link not in page
    assert page.count('name="open"') == 2
    assert bob.post("/manage/", {"project": project.pk, "share": "1"}).status_code == 404
    assert len(projects_of(ann)) == 2


def test_one_switches_between_ones_projects() -> None:
    ann, bob = browser(), browser()
    own, other = the_project(bob), the_project(ann)
    bob.post(share(ann, other))
    assert bob.post("/manage/", {"project": own.pk, "open": "1"})["Location"] == f"/projects/{own.pk}/"
    assert bob.get(f"/projects/{own.pk}/", follow=True).status_code == 200
    assert bob.post("/manage/", {"project": other.pk, "open": "1"})["Location"] == f"/projects/{other.pk}/"
    assert bob.get(f"/projects/{other.pk}/", follow=True).status_code == 200
    made = bob.post("/manage/", {"new": "1"})
    assert bob.get(made["Location"], follow=True).status_code == 200, "a new project is made at home"


def test_who_stops_sharing_is_alone_again() -> None:
    ann, bob, carl = browser(), browser(), browser()
    project = the_project(ann)
    link = share(ann, project)
    bob.post(link)
    assert ann.post("/manage/", {"project": project.pk, "stop": "1"}).status_code == 302
    assert bob.get(f"/api/projects/{project.pk}/").status_code == 404
    assert carl.get(link).status_code == 404
    assert carl.post(link).status_code == 404
    assert share(ann, project) != link


def test_a_crawler_makes_no_endless_guests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.guests.MOST_PER_HOUR", 2)
    for _ in range(2):
        browser()
    assert Client(**HTML).get("/user/login/").status_code == 429
    assert User.objects.count() == 2


@pytest.mark.parametrize("path", ["/manage/", "/share/abc/"])
def test_without_multi_session_there_is_nothing(path: str, settings: Any, client: Client) -> None:
    guest = browser()
    settings.MULTI_SESSION = False
    assert guest.get(path).status_code == 404
    assert client.get("/user/login/", **HTML).status_code == 200
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guests_who_do_not_come_back_are_forgotten(settings: Any) -> None:
    gone, ann, bob = browser(), browser(), browser()
    lost, kept = the_project(gone), the_project(ann)
    bob.post(share(ann, kept))
    away = [lost.created_by_id, kept.created_by_id]
    long_ago = timezone.now() - timedelta(days=100)
    Session.objects.filter(user_id__in=away).delete()
    User.objects.filter(pk__in=away).update(last_activity=long_ago)
    Organization.objects.update(created_at=long_ago)
    settings.GUEST_KEEP_DAYS = 0
    assert not forget_guests()
    settings.GUEST_KEEP_DAYS = 90
    for _round in range(2):  # the projects, then, once their rows are gone, the guest
        while forget_guests():
            pass
        call_command("worker", batch=True, interval=0.01)
    assert not Project.objects.filter(pk=lost.pk).exists()
    assert not Organization.objects.filter(pk=lost.organization_id).exists()
    assert projects_of(bob) == [f"{kept.pk} My project"], "what somebody visits stays"
    assert User.objects.count() == 2
