"""What all pages share: the frame, its files, what went wrong."""

from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client

from core.jobs.models import Job
from core.permissions import Role
from tests.labelled import make_project
from tests.people import somebody
from tests.web.reading import elements, text
from web import assets

pytestmark = pytest.mark.django_db


def test_the_rail_has_what_the_role_may_open() -> None:
    owner = somebody()
    annotator = somebody(Role.ANNOTATOR, owner.organization)

    def places(answer: object) -> list[str]:
        return [" ".join(link.text.split()) for link in elements(answer, "a", class_="rail-link")]

    assert places(owner.get("/queue/")) == ["Projects", "My queue", "Jobs", "Organization", f"{owner.user.initials}Account"]
    assert places(annotator.get("/queue/")) == ["Projects", "My queue", "Organization", f"{annotator.user.initials}Account"]
    current = [
        link.attributes["href"]
        for link in elements(owner.get("/queue/"), "a", class_="rail-link")
        if link.attributes.get("aria-current") == "page"
    ]
    assert current == ["/queue/"]


def test_who_can_close_sign_up_is_told_that_it_is_open() -> None:
    owner = somebody()
    answer = owner.get("/projects/")
    form = next(form for form in elements(answer, "form") if "close-sign-up" in form.attributes.get("action", ""))
    assert any("notice" in above.attributes.get("class", "") for above in form.above)
    manager = somebody(Role.MANAGER, owner.organization)
    assert "can sign up" not in text(manager.get("/projects/"))
    owner.organization.signup_open = False
    owner.organization.save()
    assert "can sign up" not in text(owner.get("/projects/"))


def test_colours_chosen_on_this_device() -> None:
    owner = somebody()
    assert "data-theme" not in elements(owner.get("/queue/"), "html")[0].attributes
    owner.client.cookies["theme"] = "dark"
    assert elements(owner.get("/queue/"), "html")[0].attributes["data-theme"] == "dark"
    owner.client.cookies["theme"] = 'x" onload="alert(1)'
    assert "data-theme" not in elements(owner.get("/queue/"), "html")[0].attributes


def test_styles_come_before_scripts_and_nothing_twice() -> None:
    owner = somebody()
    answer = owner.get(f"/projects/{make_project(owner)}/data/import")
    styles = [link.attributes["href"] for link in elements(answer, "link", rel="stylesheet")]
    scripts = [script.attributes["src"] for script in elements(answer, "script", type="module")]
    assert scripts == ["/static/dist/assets/shell-00000000.js", "/static/dist/assets/import-00000000.js"]
    assert len(styles) == len(set(styles)) == 3
    assert [link.attributes["href"] for link in elements(answer, "link", rel="modulepreload")] == ["/static/dist/assets/shared-00000000.js"]


def test_a_missing_bundle_says_how_to_build_it(bundle: Path) -> None:
    bundle.unlink()
    assets._written_at_first.cache_clear()
    assets._manifest.cache_clear()
    assets._entry.cache_clear()
    answer = somebody().get("/projects/")
    assert answer.status_code == 503
    assert "make bundle" in answer.content.decode()


def test_the_anonymous_are_sent_to_sign_in_and_back() -> None:
    answer = Client().get("/projects/?q=birds")
    assert (answer.status_code, answer["Location"]) == (302, "/user/login/?next=/projects/%3Fq%3Dbirds")


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/nothing", 404, "There is nothing here"),
        ("/projects/99999/", 404, "There is nothing here"),
        ("/jobs/", 403, "This is not yours to open"),
    ],
)
def test_what_went_wrong_is_a_page(path: str, status: int, title: str) -> None:
    answer = somebody(Role.ANNOTATOR).get(path)
    assert answer.status_code == status
    assert title in text(answer)
    assert elements(answer, "a", class_="button-primary")[0].attributes["href"] == "/"


def test_a_page_of_last_resort_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = somebody()
    owner.client.raise_request_exception = False

    def broken(*_arguments: object, **_named: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr("web.views.projects.list_projects", broken)
    monkeypatch.setattr("web.context.authenticate", broken)
    answer = owner.get("/projects/")
    assert answer.status_code == 500
    assert "Your work is safe." in text(answer)
    assert "gone" not in answer.content.decode()


def test_jobs_are_listed_and_can_be_cancelled() -> None:
    owner = somebody()
    job = Job.objects.create(kind="x", title="Import big.csv", organization_id=owner.organization.pk, total=10, done=3)
    answer = owner.get("/jobs/")
    assert "Import big.csv" in text(answer)
    assert "3 / 10" in text(answer)
    owner.client.generic("POST", "/jobs/", f"do=cancel&job={job.pk}", "application/x-www-form-urlencoded")
    job.refresh_from_db()
    assert job.status == Job.Status.CANCELLED
    stranger = somebody()
    assert "No jobs" in text(stranger.get("/jobs/"))
