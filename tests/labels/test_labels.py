"""`/api/labels` and `/api/label_links`: labels that people add to taxonomies."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db
TAXONOMY = '<View><Text name="text" value="$text"/><Taxonomy name="animal" toName="text"><Choice value="Animal"><Choice value="Dog"/></Choice></Taxonomy></View>'


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def add(person: Person, project: int, title: str = "Cat", **more: Any) -> Any:
    return person.post("/api/labels/", [{"project": project, "from_name": "animal", "title": title, "value": ["Animal", title], **more}])


def answer(label: str) -> list[dict[str, Any]]:
    return [{"id": "t", "from_name": "animal", "to_name": "text", "type": "taxonomy", "value": {"taxonomy": [["Animal", label]]}}]


def test_a_label_is_made_once_per_organization_and_linked_to_projects(ann: Person) -> None:
    one, two = (project_of(ann, label_config=TAXONOMY).pk for _ in range(2))
    (first,) = add(ann, one).json()
    (again,) = add(ann, two).json()
    assert (first["id"], first["value"], first["projects"], again["projects"]) == (again["id"], ["Animal", "Cat"], [one], [one, two])
    page = ann.get("/api/labels/").json()
    assert (page["count"], [row["title"] for row in page["results"]]) == (1, ["Cat"])
    links = ann.get("/api/label_links/", project=one).json()["results"]
    assert [(row["label"], row["from_name"], row["annotations_count"]) for row in links] == [(first["id"], "animal", 0)]
    stranger = somebody(Role.OWNER)
    (theirs,) = add(stranger, project_of(stranger, label_config=TAXONOMY).pk).json()
    assert theirs["id"] != first["id"], "another organization's label of the same title is another label"


def test_one_request_adds_labels_to_several_controls_and_projects(ann: Person) -> None:
    one, two = (project_of(ann, label_config=TAXONOMY).pk for _ in range(2))
    items = [
        {"project": pk, "from_name": name, "title": name, "value": {"key": name}}
        for pk, name in ((one, "animal"), (one, "plant"), (two, "rock"))
    ]
    made = ann.post("/api/labels/", items)
    assert (made.status_code, [(row["title"], row["projects"]) for row in made.json()]) == (
        201,
        [("animal", [one]), ("plant", [one]), ("rock", [two])],
    )
    assert [row["from_name"] for row in ann.get("/api/label_links/", project=one).json()["results"]] == ["animal", "plant"]
    assert ann.post("/api/labels/", [{**items[0], "title": "new"}, {**items[1], "project": 10**12}]).status_code == 400
    assert ann.get("/api/labels/").json()["count"] == 3, "all or none"


def test_renaming_reaches_the_annotations_and_keeps_their_versions(ann: Person) -> None:
    project = project_of(ann, tasks=2, label_config=TAXONOMY)
    add(ann, project.pk)
    made = [ann.post(f"/api/tasks/{task}/annotations", {"result": answer("Cat")}).json()["id"] for task in task_ids(project)]
    assert ann.get("/api/label_links/").json()["results"][0]["annotations_count"] == 2
    body = {"project": project.pk, "old_label": ["Animal", "Cat"], "new_label": ["Animal", "Tomcat"]}
    assert ann.post("/api/labels/bulk/", body).json() == {"annotations_updated": 2}
    assert ann.post("/api/labels/bulk/", body).json() == {"annotations_updated": 0}
    assert ann.get(f"/api/annotations/{made[0]}/").json()["result"] == answer("Tomcat")
    assert len(ann.get(f"/api/annotations/{made[0]}/versions").json()) == 1


def test_renaming_reaches_plain_choices_too(ann: Person) -> None:
    project = project_of(ann, tasks=1)
    (task,) = task_ids(project)
    made = ann.post(f"/api/tasks/{task}/annotations", {"result": mood("Good")}).json()["id"]
    assert ann.post("/api/labels/bulk", {"project": project.pk, "old_label": ["Good"], "new_label": ["Bad"]}).json() == {
        "annotations_updated": 1
    }
    assert ann.get(f"/api/annotations/{made}/").json()["result"] == mood("Bad")


def test_labels_and_links_are_changed_and_removed(ann: Person) -> None:
    project = project_of(ann, label_config=TAXONOMY).pk
    (label,) = add(ann, project).json()
    changed = ann.patch(f"/api/labels/{label['id']}/", {"title": "Tomcat", "approved": True}).json()
    assert (changed["title"], changed["approved"], changed["approved_by"]) == ("Tomcat", True, ann.user.pk)
    link = ann.get("/api/label_links/").json()["results"][0]["id"]
    assert ann.patch(f"/api/label_links/{link}/", {"from_name": "other"}).json()["from_name"] == "other"
    assert ann.delete(f"/api/label_links/{link}/").status_code == 204
    made = ann.post("/api/label_links/", {"project": project, "label": label["id"], "from_name": "animal"})
    assert made.status_code == 201
    assert ann.post("/api/label_links/", {"project": project, "label": label["id"], "from_name": "animal"}).status_code == 400
    assert ann.delete(f"/api/labels/{label['id']}/").status_code == 204
    assert ann.get("/api/label_links/").json()["count"] == 0


@pytest.mark.parametrize(
    "items",
    [
        [],
        "x",
        [{"from_name": "animal", "title": "Cat", "value": ["Cat"]}],
        [{"project": 1}],
        [{"project": 10**12, "from_name": "a", "title": "b", "value": ["b"]}],
    ],
)
def test_mistakes_are_bad_requests_also_while_a_webhook_listens(ann: Person, items: Any) -> None:
    ann.post("/api/webhooks/", {"url": "https://1.1.1.1/"})
    assert ann.post("/api/labels/", items).status_code == 400
