"""`/api/projects…` as Label Studio's clients use it."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from tests.people import Person, somebody

pytestmark = pytest.mark.django_db

CONFIG = (
    '<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="Good"/><Choice value="Bad"/></Choices></View>'
)
DEFAULTS: dict[str, Any] = {
    "title": "", "description": "", "label_config": "<View></View>", "expert_instruction": "", "show_instruction": False, "show_skip_button": True,
    "enable_empty_annotation": True, "show_annotation_history": False, "color": "#FFFFFF", "maximum_annotations": 1, "is_published": False,
    "model_version": "", "is_draft": False, "min_annotations_to_start_training": 0, "start_training_on_annotation_update": False,
    "show_collab_predictions": True, "sampling": "Sequential sampling", "show_ground_truth_first": False, "annotator_evaluation_enabled": False,
    "show_overlap_first": False, "overlap_cohort_percentage": 100, "task_data_login": None, "task_data_password": None, "control_weights": {},
    "parsed_label_config": {}, "evaluate_predictions_automatically": False, "config_has_control_tags": False, "skip_queue": "REQUEUE_FOR_OTHERS",
    "reveal_preannotations_interactively": False, "pinned_at": None, "state": None,
}  # fmt: skip
COUNTERS = [
    "task_number", "finished_task_number", "total_predictions_number", "total_annotations_number", "num_tasks_with_annotations", "useful_annotation_number",
    "ground_truth_number", "skipped_annotations_number",
]  # fmt: skip


@pytest.fixture
def ann() -> Person:
    return somebody(Role.MANAGER)


def create(person: Person, **fields: Any) -> dict[str, Any]:
    answer = person.post("/api/projects/", fields)
    assert answer.status_code == 201, answer.content
    return answer.json()  # type: ignore[no-any-return]


def test_an_empty_body_makes_a_project_with_every_default(ann: Person) -> None:
    made = create(ann)
    assert {name: made[name] for name in DEFAULTS} == DEFAULTS
    assert [made[name] for name in COUNTERS] == [None] * 8
    assert made["created_by"]["email"] == ann.user.email
    read = ann.get(f"/api/projects/{made['id']}").json()
    assert [read[name] for name in COUNTERS] == [0] * 8
    assert read["organization"] == ann.organization.pk


def test_what_may_be_written_is_kept_and_the_rest_ignored(ann: Person) -> None:
    project = create(ann, title="First", label_config=CONFIG)
    wanted = {
        "title": "Second", "description": "About", "expert_instruction": "<b>Read</b>", "show_instruction": True, "show_skip_button": False, "color": "#5B4FE9",
        "maximum_annotations": 3, "is_published": True, "sampling": "Uniform sampling", "skip_queue": "REQUEUE_FOR_ME", "overlap_cohort_percentage": 50,
        "control_weights": {"mood": {"overall": 1.0}}, "show_overlap_first": True,
    }  # fmt: skip
    answer = ann.patch(
        f"/api/projects/{project['id']}/", {**wanted, "task_number": 99, "created_by": 1, "nonsense": True, "organization": 12345}
    )
    assert answer.status_code == 200
    read = ann.get(f"/api/projects/{project['id']}/").json()
    assert {name: read[name] for name in wanted} == wanted
    assert (read["task_number"], read["organization"]) == (0, ann.organization.pk)


def test_forms_are_bodies_too(ann: Person) -> None:
    answer = ann.client.post(
        "/api/projects", {"title": "By a form", "is_published": "True"}, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400 or answer.status_code == 201
    from urllib.parse import urlencode

    answer = ann.client.generic(
        "POST", "/api/projects", urlencode({"title": "By a form", "is_published": "True"}), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 201
    assert (answer.json()["title"], answer.json()["is_published"]) == ("By a form", True)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"title": "ab"}, "title"), ({"title": "a" * 51}, "title"), ({"maximum_annotations": 0}, "maximum_annotations"), ({"sampling": "Magic"}, "sampling"),
        ({"color": "red; background: url(x)"}, "color"), ({"control_weights": [1]}, "control_weights"), ({"is_published": "perhaps"}, "is_published"),
        ({"label_config": "<View><Text"}, "label_config"), ({"label_config": "<View><Choices name='a' toName='nothing'><Choice value='x'/></Choices></View>"}, "label_config"),
        ({"label_config": "<!DOCTYPE x [<!ENTITY a 'b'>]><View>&a;</View>"}, "label_config"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field(ann: Person, fields: dict[str, Any], name: str) -> None:
    answer = ann.post("/api/projects/", fields)
    body = answer.json()
    assert (answer.status_code, body["detail"], list(body["validation_errors"])) == (400, "Validation error", [name])
    assert body["status_code"] == 400
    assert body["exc_info"] is None
    assert body["id"]
    assert ann.get("/api/projects/").json()["count"] == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"1e999", rb'{"title": "\ud800"}'])
def test_a_body_that_is_no_object_is_refused(ann: Person, body: bytes) -> None:
    assert ann.client.generic("POST", "/api/projects/", body).status_code == 400


def test_another_media_type_is_415(ann: Person) -> None:
    assert ann.client.generic("POST", "/api/projects/", "<a/>", content_type="application/xml").status_code == 415


def test_the_list_is_paged_newest_first_and_past_the_end_is_404(ann: Person) -> None:
    ids = [create(ann, title=f"Project {number}")["id"] for number in range(5)]
    first = ann.get("/api/projects/", page_size=2).json()
    assert (first["count"], [row["id"] for row in first["results"]], first["previous"]) == (5, ids[:2:-1], None)
    assert "page=2" in first["next"]
    last = ann.get("/api/projects/", page_size=2, page=3)
    assert ([row["id"] for row in last.json()["results"]], last.json()["next"]) == ([ids[0]], None)
    past = ann.get("/api/projects/", page_size=2, page=4)
    assert (past.status_code, past.json()["detail"]) == (404, "Invalid page.")
    assert ann.get("/api/projects/", page="x").status_code == 404


def test_the_list_is_narrowed_by_title_ids_and_pin(ann: Person) -> None:
    cats, dogs = create(ann, title="Cats")["id"], create(ann, title="Dogs")["id"]
    ann.patch(f"/api/projects/{cats}/", {"pinned_at": "2026-01-01T00:00:00Z"})
    assert [row["id"] for row in ann.get("/api/projects/").json()["results"]] == [cats, dogs]
    assert [row["id"] for row in ann.get("/api/projects/", title="dog").json()["results"]] == [dogs]
    assert [row["id"] for row in ann.get("/api/projects/", ids=f"{cats}").json()["results"]] == [cats]
    assert [row["id"] for row in ann.get("/api/projects/", filter="exclude_pinned").json()["results"]] == [dogs]
    assert [row["title"] for row in ann.get("/api/projects/", ordering="-title").json()["results"]] == ["Dogs", "Cats"]
    assert ann.get("/api/projects/", ordering="organization__secret").status_code == 400
    assert list(ann.get("/api/projects/", include="id,title").json()["results"][0]) == ["id", "title"]


def test_counts(ann: Person) -> None:
    project = create(ann, title="Counted")
    row = ann.get("/api/projects/counts/").json()["results"][0]
    assert row == {"id": project["id"], **dict.fromkeys(COUNTERS, 0), "queue_total": 0, "queue_done": 0}


def test_a_project_list_takes_three_statements(ann: Person, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        create(ann, title=f"Project {number}")
    ann.get("/api/projects/")
    with django_assert_max_num_queries(3 + 1):  # and one for the session
        assert len(ann.get("/api/projects/").json()["results"]) == 10


def test_members_see_open_projects_and_their_own_closed_ones(ann: Person) -> None:
    bob, eve = somebody(Role.ANNOTATOR, ann.organization), somebody(Role.ANNOTATOR, ann.organization)
    shared, closed = create(ann, title="For all")["id"], create(ann, title="For some", members_only=True)["id"]
    assert ann.post(f"/api/projects/{closed}/members/", {"user": bob.user.pk}).status_code == 201
    assert {row["id"] for row in bob.get("/api/projects/").json()["results"]} == {shared, closed}
    assert {row["id"] for row in eve.get("/api/projects/").json()["results"]} == {shared}
    assert eve.get(f"/api/projects/{closed}/").status_code == 404
    assert {row["id"] for row in ann.get(f"/api/projects/{closed}/members/").json()} == {ann.user.pk, bob.user.pk}
    assert ann.delete(f"/api/projects/{closed}/members/?user={bob.user.pk}").status_code == 204
    assert bob.get(f"/api/projects/{closed}/").status_code == 404
    stranger = somebody(Role.OWNER)
    assert ann.post(f"/api/projects/{closed}/members/", {"user": stranger.user.pk}).status_code == 400


def test_another_organization_sees_nothing(ann: Person) -> None:
    project = create(ann, title="Ours")["id"]
    stranger = somebody(Role.OWNER)
    assert stranger.get("/api/projects/").json()["count"] == 0
    for method in ("GET", "PATCH", "DELETE"):
        assert stranger.client.send(method, f"/api/projects/{project}/", {}).status_code == 404
    assert ann.get(f"/api/projects/{project}/").status_code == 200


def test_annotators_may_not_change_projects(ann: Person) -> None:
    project = create(ann, title="Ours")["id"]
    bob = somebody(Role.ANNOTATOR, ann.organization)
    assert bob.post("/api/projects/", {"title": "Mine"}).status_code == 403
    assert bob.patch(f"/api/projects/{project}/", {"title": "Mine"}).status_code == 403
    assert bob.delete(f"/api/projects/{project}/").status_code == 403


def test_configs_are_validated_without_a_project(ann: Person) -> None:
    assert ann.post("/api/projects/validate/", {"label_config": CONFIG}).status_code == 204
    answer = ann.post("/api/projects/validate", {"label_config": "<View><Text name='t'"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["label_config"]
    assert "line" in answer.json()["label_config"][0].lower()
    assert ann.post("/api/projects/validate/", {}).json() == {"label_config": ["This field is required."]}


def test_a_former_config_can_be_taken_back(ann: Person) -> None:
    project = create(ann, title="Versions", label_config=CONFIG)["id"]
    other = CONFIG.replace("Bad", "Sad")
    assert ann.patch(f"/api/projects/{project}/", {"label_config": other}).status_code == 200
    versions = ann.get(f"/api/projects/{project}/config-versions/").json()
    assert [(row["version"], row["label_config"]) for row in versions] == [(1, CONFIG)]
    assert ann.post(f"/api/projects/{project}/config-versions/1/restore/").json()["label_config"] == CONFIG
    assert ann.post(f"/api/projects/{project}/config-versions/77/restore/").status_code == 404


def test_parsed_config_and_change_check(ann: Person) -> None:
    project = create(ann, title="Parsed", label_config=CONFIG)
    mood = project["parsed_label_config"]["mood"]
    assert (mood["type"], mood["to_name"], mood["labels"]) == ("Choices", ["text"], ["Good", "Bad"])
    assert mood["inputs"] == [{"type": "Text", "valueType": None, "value": "text"}]
    same = ann.post(f"/api/projects/{project['id']}/validate/", {"label_config": CONFIG}).json()
    assert same["config_essential_data_has_changed"] is None
    changed = ann.post(f"/api/projects/{project['id']}/validate/", {"label_config": CONFIG.replace("Bad", "Sad")}).json()
    assert changed["config_essential_data_has_changed"] is True


def test_labels_in_use_are_named_in_the_words_that_scripts_know(ann: Person) -> None:
    project = create(ann, title="In use", label_config=CONFIG.replace("Bad", "1"))["id"]
    task, other = (ann.post("/api/tasks/", {"project": project, "data": {"text": "x"}}).json()["id"] for _ in range(2))
    row = {"from_name": "mood", "to_name": "text", "type": "choices"}
    said = {"result": [{**row, "value": {"choices": [1]}}]}
    made = ann.post(f"/api/tasks/{task}/annotations/", said)
    assert (made.status_code, made.json()["result"][0]["value"]) == (201, {"choices": [1]}), "a number comes back as a number"
    for of in (task, other):
        assert ann.post(f"/api/tasks/{of}/drafts/", said).status_code == 201
    refused = ann.post(f"/api/projects/{project}/validate/", {"label_config": CONFIG})
    assert refused.status_code == 400
    assert refused.json()["validation_errors"]["non_field_errors"] == [
        'These labels still exist in annotations or drafts:\n1 (1 annotation, 2 drafts)\nPlease add labels to tag with name="mood".'
    ]


def test_instructions_come_back_without_what_could_run_and_with_nothing_added(ann: Person) -> None:
    project = create(ann, title="Links")["id"]
    sent = {"expert_instruction": '<a href="https://x.org/" onerror="alert(1)">x</a>'}
    assert ann.patch(f"/api/projects/{project}/", sent).json()["expert_instruction"] == '<a href="https://x.org/">x</a>'


def test_a_sample_task_has_what_the_config_shows(ann: Person) -> None:
    project = create(ann, title="Sample", label_config=CONFIG)["id"]
    assert isinstance(ann.post(f"/api/projects/{project}/sample-task/", {}).json()["sample_task"]["text"], str)
    full = ann.post(f"/api/projects/{project}/sample-task/", {"include_annotation_and_prediction": True}).json()["sample_task"]
    assert set(full) >= {"data", "annotations", "predictions"}


def test_an_unknown_model_version_is_refused(ann: Person) -> None:
    project = create(ann, title="Models")["id"]
    assert ann.patch(f"/api/projects/{project}/", {"model_version": "nobody"}).status_code == 400
    assert ann.patch(f"/api/projects/{project}/", {"model_version": ""}).status_code == 200


def test_the_gallery_can_be_searched(ann: Person) -> None:
    everything = ann.get("/api/templates/").json()
    assert len(everything["templates"]) >= 63
    assert {row["group"] for row in everything["templates"]} == set(everything["groups"])
    found = ann.get("/api/templates/", search="sentiment").json()["templates"]
    assert 0 < len(found) < len(everything["templates"])


def test_unknown_addresses_and_methods(ann: Person) -> None:
    assert ann.get("/api/nothing/here").status_code == 404
    assert ann.get("/api/nothing/here").json()["detail"] == "Not found."
    assert ann.put("/api/templates/").status_code == 405
    assert ann.get("/api/projects/0/").status_code == 404
    assert ann.get("/api/projects/9223372036854775808/").status_code == 404
    assert ann.get("/api/projects/99999999999999999999/").status_code == 404
