from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.permissions import Role
from tests.labelled import choice, import_tasks, make_project
from tests.people import somebody
from tests.web.reading import elements, text

pytestmark = pytest.mark.django_db


def names(answer: Any) -> list[str]:
    return [
        " ".join(heading.text.split())
        for heading in elements(answer, "h2")
        if any("project-row" in above.attributes.get("class", "") for above in heading.above)
    ]


def test_a_row_says_how_far_a_project_is_and_who_works_on_it() -> None:
    person = somebody()
    project = make_project(person, title="Weather reports")
    import_tasks(person, project, [{"data": {"text": "Sun"}, "annotations": [{"result": choice()}]}, {"text": "Rain"}, {"text": "Snow"}])
    answer = person.get("/projects/")
    row = elements(answer, "li", class_="project-row")[0]
    said = " ".join(row.text.split())
    assert "1 / 3" in said
    assert "Label 2" in said
    assert person.user.name in said
    bar = elements(answer, "progress")[0].attributes
    assert (bar["max"], bar["value"]) == ("3", "1")


def test_search_and_sort() -> None:
    person = somebody()
    for title in ("Birds", "Apes", "Blackbirds"):
        make_project(person, title=title)
    assert names(person.get("/projects/", q="bird", sort="name")) == ["Birds", "Blackbirds"]
    assert names(person.get("/projects/")) == ["Blackbirds", "Apes", "Birds"]
    assert "No project is called “fish”" in text(person.get("/projects/", q="fish"))


def test_htmx_gets_the_rows_only() -> None:
    person = somebody()
    make_project(person, title="Birds")
    answer = person.client.get("/projects/", headers={"HX-Request": "true"})
    assert elements(answer, "html") == []
    assert names(answer) == ["Birds"]


def test_pin_and_archive() -> None:
    person = somebody()
    first, second = make_project(person, title="First"), make_project(person, title="Second")
    answer = person.client.post(f"/projects/{first}/pin", "next=/projects/%3Fsort%3Dname", "application/x-www-form-urlencoded")
    assert (answer.status_code, answer["Location"]) == (302, "/projects/?sort=name")
    assert names(person.get("/projects/")) == ["First", "Second"]
    person.client.post(f"/projects/{second}/archive", "", "application/x-www-form-urlencoded")
    assert names(person.get("/projects/")) == ["First"]
    assert names(person.get("/projects/", archived="1")) == ["Second"]
    person.client.post(f"/projects/{second}/archive", "", "application/x-www-form-urlencoded")
    assert names(person.get("/projects/")) == ["First", "Second"]


def test_a_form_never_leads_to_another_host() -> None:
    person = somebody()
    project = make_project(person)
    answer = person.client.post(f"/projects/{project}/pin", "next=https://elsewhere.example/", "application/x-www-form-urlencoded")
    assert answer["Location"] == "/projects/"


def test_annotators_see_projects_but_no_management() -> None:
    owner = somebody()
    make_project(owner, title="Birds")
    annotator = somebody(Role.ANNOTATOR, owner.organization)
    answer = annotator.get("/projects/")
    assert names(answer) == ["Birds"]
    assert elements(answer, "details", class_="menu") == []
    assert "Create a project" not in text(answer)


def test_many_projects_come_in_pages() -> None:
    person = somebody()
    for number in range(31):
        make_project(person, title=f"Project {number}")
    first = person.get("/projects/", sort="name")
    assert len(names(first)) == 30
    link = elements(first, "a", rel="next")[0].attributes["href"]
    assert len(names(person.client.get("/projects/" + link))) == 1


def test_the_number_of_statements_does_not_grow_with_the_projects() -> None:
    person = somebody()
    make_project(person)

    def once() -> int:
        with CaptureQueriesContext(connection) as caught:
            person.get("/projects/")
        return len(caught)

    def statements() -> int:
        return min(once() for _ in range(3))  # now and then one more asks whether the session is still good

    few = statements()
    for number in range(12):
        make_project(person, title=f"Project {number}")
    assert statements() == few


def test_my_queue_lists_what_waits_for_me() -> None:
    person = somebody()
    make_project(person, title="Empty one")
    begun, fresh = make_project(person, title="Begun"), make_project(person, title="Fresh")
    import_tasks(person, fresh, [{"text": "a"}])
    import_tasks(person, begun, [{"data": {"text": "a"}, "annotations": [{"result": choice()}]}, {"text": "b"}])
    answer = person.get("/queue/")
    assert [" ".join(heading.text.split()) for heading in elements(answer, "h2")] == ["Begun", "Fresh"]
    assert "1 done by you, 1 to do" in text(answer)
    assert len(elements(answer, "a", class_="button-primary")) == 1
