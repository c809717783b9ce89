from typing import Any
from urllib.parse import urlencode

import pytest

from core.permissions import Role
from projects.models import Project, ProjectMember
from tests.labelled import TEXT_CONFIG, choice, import_tasks, make_project
from tests.people import Person, somebody
from tests.web.reading import elements, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Person:
    return somebody()


@pytest.fixture
def project(owner: Person) -> Project:
    return Project.objects.get(pk=make_project(owner, TEXT_CONFIG, title="Weather"))


def send(person: Person, project: Project, page: str, **fields: Any) -> Any:
    return person.client.generic("POST", f"/projects/{project.pk}/settings/{page}", urlencode(fields), "application/x-www-form-urlencoded")


GENERAL = {
    "title": "Weather",
    "description": "",
    "sampling": "Sequential sampling",
    "skip_queue": "REQUEUE_FOR_OTHERS",
    "maximum_annotations": 1,
}


def test_general(owner: Person, project: Project) -> None:
    answer = send(owner, project, "", **{**GENERAL, "title": "Storms", "maximum_annotations": 3, "show_skip_button": "on"})
    assert (answer.status_code, answer["Location"]) == (302, f"/projects/{project.pk}/settings/")
    project.refresh_from_db()
    assert (project.title, project.maximum_annotations, project.show_skip_button, project.enable_empty_annotation) == (
        "Storms",
        3,
        True,
        False,
    )
    assert "Saved." in text(owner.get(f"/projects/{project.pk}/settings/"), "body")
    assert owner.get(f"/projects/{project.pk}/settings").status_code == 200, "without the slash, and without a detour"


@pytest.mark.parametrize(
    ("field", "value", "said"), [("title", "ab", "at least 3"), ("maximum_annotations", "0", "greater than or equal to 1")]
)
def test_a_mistake_stands_at_its_field_and_nothing_is_saved(owner: Person, project: Project, field: str, value: str, said: str) -> None:
    answer = send(owner, project, "", **{**GENERAL, field: value})
    assert answer.status_code == 400
    assert elements(answer, "input", name=field)[0].attributes["value"] == value
    assert elements(answer, "input", name=field)[0].attributes["aria-invalid"] == "true"
    assert said in elements(answer, "p", class_="field-error")[0].text
    project.refresh_from_db()
    assert (project.title, project.maximum_annotations) == ("Weather", 1)


def test_instructions_are_cleaned(owner: Person, project: Project) -> None:
    send(owner, project, "instruction", expert_instruction="<b>Look</b><script>alert(1)</script>", show_instruction="on")
    project.refresh_from_db()
    assert (project.expert_instruction, project.show_instruction) == ("<b>Look</b>", True)


def test_the_set_up_and_its_history(owner: Person, project: Project) -> None:
    changed = TEXT_CONFIG.replace("Neutral", "Mixed")
    assert send(owner, project, "labeling", label_config=changed).status_code == 302
    answer = owner.get(f"/projects/{project.pk}/settings/labeling")
    assert elements(answer, "textarea", id="label_config")[0].text == changed
    assert "Version 1" in text(answer)
    send(owner, project, "labeling/restore", version=1)
    project.refresh_from_db()
    assert project.label_config == TEXT_CONFIG


def test_a_set_up_that_cannot_be_read_is_shown_again(owner: Person, project: Project) -> None:
    answer = send(owner, project, "labeling", label_config="<View><Oops")
    assert answer.status_code == 400
    assert elements(answer, "textarea", id="label_config")[0].text == "<View><Oops"
    assert "Line 1" in elements(answer, "p", role="alert")[0].text
    project.refresh_from_db()
    assert project.label_config == TEXT_CONFIG


def test_a_check_says_what_answers_would_lose(owner: Person, project: Project) -> None:
    import_tasks(owner, project.pk, [{"data": {"text": "One"}, "annotations": [{"result": choice("Positive")}]}])

    def check(config: str) -> Any:
        answer = owner.post(f"/projects/{project.pk}/settings/labeling/check", {"label_config": config})
        assert answer.status_code == 200
        return answer.json()

    assert check(TEXT_CONFIG) == {"problems": [], "warnings": [], "losses": []}
    fewer = check(TEXT_CONFIG.replace('<Choice value="Positive"/>', ""))
    assert fewer["problems"] == []
    assert "Positive" in fewer["losses"][0]
    other = check(TEXT_CONFIG.replace('name="sentiment"', 'name="mood"'))
    assert "1 answer" in other["problems"][0]
    assert "Line 1" in check("<View>")["problems"][0]
    assert owner.post("/projects/create/check", {"label_config": "<View>"}).json()["problems"]


def test_members(owner: Person, project: Project) -> None:
    annotator = somebody(Role.ANNOTATOR, owner.organization)
    send(owner, project, "members", visibility="members")
    assert annotator.get(f"/projects/{project.pk}/label/").status_code == 404
    send(owner, project, "members", add=annotator.user.pk)
    assert annotator.get(f"/projects/{project.pk}/label/").status_code == 200
    assert annotator.user.email in text(owner.get(f"/projects/{project.pk}/settings/members"))
    send(owner, project, "members", remove=annotator.user.pk)
    assert not ProjectMember.objects.filter(project=project, user=annotator.user).exists()


def test_the_danger_zone_says_what_will_be_lost_and_asks_for_the_name(owner: Person, project: Project) -> None:
    import_tasks(owner, project.pk, [{"data": {"text": "One"}, "annotations": [{"result": choice()}]}, {"text": "Two"}])
    page = text(owner.get(f"/projects/{project.pk}/settings/danger-zone"))
    assert "2 tasks" in page
    assert "1 annotation, with its history" in page
    assert send(owner, project, "danger-zone", confirm="Wether").status_code == 400
    assert Project.objects.filter(pk=project.pk, deleted_at=None).exists()
    assert send(owner, project, "danger-zone", confirm="Weather")["Location"] == "/projects/"
    assert not Project.objects.filter(pk=project.pk, deleted_at=None).exists()
