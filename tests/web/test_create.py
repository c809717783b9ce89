import gzip
import json

import pytest

from projects.models import Project
from tests.people import somebody
from tests.web.reading import elements

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def test_looking_at_the_page_stores_nothing() -> None:
    person = somebody()
    answer = person.get("/projects/create/", template="text/sentiment")
    assert elements(answer, "form", id="create")[0].attributes["data-template"] == "text/sentiment"
    assert not Project.objects.exists()


def test_one_filled_button() -> None:
    assert len(elements(somebody().get("/projects/create/"), "button", class_="button-primary")) == 1


def test_the_form_works_without_its_script() -> None:
    person = somebody()
    answer = person.client.generic("POST", "/projects/create/", "title=Letters&label_config=", FORM)
    project = Project.objects.get()
    assert answer["Location"] == f"/projects/{project.pk}/data/import"
    assert project.title == "Letters"


@pytest.mark.parametrize(("body", "said"), [("title=ab", "at least 3"), ("title=Letters&label_config=%3CView%3E", "Line 1")])
def test_mistakes_are_said_at_their_field(body: str, said: str) -> None:
    answer = somebody().client.generic("POST", "/projects/create/", body, FORM)
    assert answer.status_code == 400
    assert any(said in error.text for error in elements(answer, "p", class_="field-error"))
    assert not Project.objects.exists()


def test_the_gallery_is_packed_and_kept_by_the_browser() -> None:
    person = somebody()
    answer = person.client.get("/gallery.json", headers={"Accept-Encoding": "gzip"})
    rows = json.loads(gzip.decompress(answer.content))
    assert len(rows) > 60
    assert set(rows[0]) == {"id", "title", "group", "description", "keywords", "tags", "config", "sample"}
    again = person.client.get("/gallery.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = person.client.get("/gallery.json")
    assert json.loads(plain.content) == rows
