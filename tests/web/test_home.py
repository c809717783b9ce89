import pytest

from core.permissions import Role
from tests.labelled import make_project
from tests.people import somebody
from tests.web.reading import elements, text

pytestmark = pytest.mark.django_db


def test_the_first_run_leads_to_the_first_project() -> None:
    answer = somebody().get("/")
    assert answer.status_code == 200
    assert "What do you want to label?" in text(answer)
    links = [link.attributes["href"] for link in elements(answer, "a", class_="starter")]
    assert len(links) == 4
    assert links[-1] == "/projects/create/"
    assert all(link.startswith("/projects/create/?template=") for link in links[:-1])


def test_with_a_project_it_is_the_list() -> None:
    person = somebody()
    make_project(person)
    answer = person.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/projects/")


def test_who_may_not_create_is_told_to_wait() -> None:
    annotator = somebody(Role.ANNOTATOR)
    answer = annotator.get("/")
    assert "Nothing to label yet" in text(answer)
    assert elements(answer, "a", class_="starter") == []


def test_who_belongs_nowhere_is_told_so() -> None:
    person = somebody()
    person.organization.memberships.all().delete()
    assert "You belong to no organization" in text(person.get("/"))
