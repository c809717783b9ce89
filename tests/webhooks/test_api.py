"""`/api/webhooks…` as Label Studio's clients use it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from core.errors import Refused
from core.permissions import Role
from tests.labelled import make_project
from tests.people import Person, somebody
from tests.webhooks.conftest import Receiver, hook, log, work
from webhooks.actions import ACTIONS
from webhooks.headers import checked_headers, request_headers
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db
FIELDS = {
    "id", "organization", "project", "url", "send_payload", "send_for_all_actions", "headers", "is_active", "actions", "created_at", "updated_at",
    "consecutive_failures",
}  # fmt: skip


def test_a_webhook_with_only_an_address_has_the_defaults(ann: Person, receiver: Receiver) -> None:
    answer = ann.post("/api/webhooks/", {"url": receiver.url})
    made = answer.json()
    assert answer.status_code == 201
    assert made.keys() == FIELDS | {"secret"}
    assert len(made.pop("secret")) >= 32
    expected = {
        "organization": ann.organization.pk, "project": None, "url": receiver.url, "send_payload": True, "send_for_all_actions": True, "headers": {},
        "is_active": True, "actions": [], "consecutive_failures": 0,
    }  # fmt: skip
    assert {name: made[name] for name in expected} == expected
    assert ann.get(f"/api/webhooks/{made['id']}/").json() == made, "the secret is shown once"


def test_every_field_is_kept_changed_and_replaced(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    given_ = {
        "project": project, "send_payload": False, "send_for_all_actions": False, "headers": {"Authorization": "Bearer abc", "X-Team": "1"},
        "is_active": False, "actions": ["TASKS_CREATED", "ANNOTATION_CREATED"],
    }  # fmt: skip
    made = hook(ann, receiver.url, **given_)
    assert {name: made[name] for name in given_} == given_
    path = f"/api/webhooks/{made['id']}/"
    changed = ann.patch(path, {"is_active": True, "actions": ["TASKS_DELETED"], "project": None, "organization": 1, "id": 99})
    assert changed.status_code == 200
    assert changed.json() == {**ann.get(path).json(), "is_active": True, "actions": ["TASKS_DELETED"], "project": project, "id": made["id"]}
    assert changed.json()["headers"] == given_["headers"]
    replaced = ann.put(path, {"url": receiver.url + "/2", "headers": {}})
    assert (replaced.status_code, replaced.json()["url"], replaced.json()["headers"]) == (200, receiver.url + "/2", {})
    assert ann.put(path, {"headers": {}}).json()["validation_errors"].keys() == {"url"}
    assert ann.delete(path).status_code == 204
    assert ann.get(path).status_code == 404


def test_lists_are_plain_and_narrowed_by_project(ann: Person, receiver: Receiver) -> None:
    first, second = make_project(ann), make_project(ann)
    one, two, all_ = hook(ann, receiver.url, project=first), hook(ann, receiver.url, project=second), hook(ann, receiver.url)
    assert [row["id"] for row in ann.get("/api/webhooks/").json()] == [one["id"], two["id"], all_["id"]]
    assert [row["id"] for row in ann.get("/api/webhooks", project=second).json()] == [two["id"]]
    assert [row["id"] for row in ann.get("/api/webhooks", project="null").json()] == [all_["id"]]
    assert ann.get("/api/webhooks", project="x").status_code == 400
    ann.delete(f"/api/projects/{first}/")
    assert [row["id"] for row in ann.get("/api/webhooks/").json()] == [two["id"], all_["id"]]


def test_forms_are_bodies_too(ann: Person, receiver: Receiver) -> None:
    form = urlencode({"url": receiver.url, "is_active": "False", "headers": '{"X-A": "b"}', "actions": '["TASKS_CREATED"]'})
    made = ann.client.generic("POST", "/api/webhooks/", form, content_type="application/x-www-form-urlencoded")
    assert made.status_code == 201, made.content
    assert (made.json()["is_active"], made.json()["headers"], made.json()["actions"]) == (False, {"X-A": "b"}, ["TASKS_CREATED"])


def test_info_names_every_action_to_anybody(ann: Person) -> None:
    everything = ann.get("/api/webhooks/info/").json()
    assert list(everything) == list(ACTIONS)
    assert everything["PROJECT_CREATED"].keys() == {"name", "description", "key", "organization-only"}
    alone = {name for name, action in ACTIONS.items() if action.organization_only}
    ann.client.logout()
    assert ann.get("/api/webhooks/info", **{"organization-only": "true"}).json().keys() == alone == {"PROJECT_CREATED", "PROJECT_DELETED"}
    assert ann.get("/api/webhooks/info", **{"organization-only": "false"}).json().keys() == ACTIONS.keys() - alone


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"url": "http://127.0.0.1/"}, "url"), ({"url": "http://169.254.169.254/latest"}, "url"), ({"url": "http://[::1]:8080/"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"), ({"url": "not an address"}, "url"), ({"url": ""}, "url"), ({"url": None}, "url"),
        ({"url": "https://1.1.1.1/" + "a" * 2048}, "url"), ({"project": 2**62}, "project"), ({"project": "x"}, "project"),
        ({"headers": []}, "headers"), ({"headers": "x"}, "headers"), ({"headers": {"Bad Name": "x"}}, "headers"), ({"headers": {"A:": "x"}}, "headers"),
        ({"headers": {"": "x"}}, "headers"), ({"headers": {"Ä": "x"}}, "headers"), ({"headers": {"A": "x\r\nB: y"}}, "headers"),
        ({"headers": {"A": "snow ☃"}}, "headers"), ({"headers": {"A": 1}}, "headers"), ({"headers": {"A": " x"}}, "headers"),
        ({"headers": {str(n): "x" for n in range(11)}}, "headers"), ({"headers": {"Host": "x"}}, "headers"), ({"headers": {"A": "x", "a": "y"}}, "headers"),
        ({"headers": {"x-labelspace-signature": "t=1"}}, "headers"), ({"headers": {"Transfer-Encoding": "chunked"}}, "headers"),
        ({"actions": ["TASKS_EATEN"]}, "actions"), ({"actions": "TASKS_CREATED"}, "actions"), ({"is_active": "perhaps"}, "is_active"),
        ({"secret": "short"}, "secret"), ({"secret": "snow snow snow snow ☃"}, "secret"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field(ann: Person, receiver: Receiver, fields: dict[str, Any], name: str) -> None:
    answer = ann.post("/api/webhooks/", {"url": receiver.url, **fields})
    assert answer.status_code == 400, answer.content
    if not answer.json().get("detail", "").startswith("JSON parse error"):
        assert list(answer.json()["validation_errors"]) == [name]
    assert not Webhook.objects.exists()
    made = hook(ann, receiver.url)
    if name != "project":
        assert ann.patch(f"/api/webhooks/{made['id']}/", fields).status_code == 400


def test_a_forbidden_address_is_refused_in_one_sentence(ann: Person) -> None:
    answer = ann.post("/api/webhooks/", {"url": "http://10.0.0.1/hook"})
    assert "cannot be reached from here" in answer.json()["validation_errors"]["url"][0]


def test_headers_and_secret_are_encrypted_at_rest(ann: Person, receiver: Receiver) -> None:
    made = hook(ann, receiver.url, headers={"Authorization": "Bearer hush-hush"})
    row = Webhook.objects.get(pk=made["id"])
    assert "hush" not in row.headers
    assert "Authorization" not in row.headers
    assert made["secret"] not in row.secret


def test_a_secret_is_replaced_and_shown_in_that_answer_only(ann: Person, receiver: Receiver) -> None:
    path = f"/api/webhooks/{hook(ann, receiver.url)['id']}/"
    fresh = ann.patch(path, {"secret": ""}).json()["secret"]
    assert len(fresh) >= 32
    assert ann.patch(path, {"secret": "sixteen characters"}).json()["secret"] == "sixteen characters"
    assert "secret" not in ann.patch(path, {"is_active": False}).json()
    assert "secret" not in ann.get("/api/webhooks/").json()[0]


def test_another_secret_key_makes_no_server_error(ann: Person, receiver: Receiver, settings: Any) -> None:
    made = hook(ann, receiver.url, headers={"A": "b"})
    Webhook.objects.update(headers="gAAAA", secret="gAAAA")
    assert ann.get(f"/api/webhooks/{made['id']}/").json()["headers"] == {}
    make_project(ann)
    work()
    assert receiver.requests == []
    assert "SECRET_KEY" in log(ann, made)[0]["error"]


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER])
def test_webhooks_are_for_managers(ann: Person, receiver: Receiver, role: Role) -> None:
    made = hook(ann, receiver.url)
    bob = somebody(role, ann.organization)
    path = f"/api/webhooks/{made['id']}"
    assert bob.get("/api/webhooks/").status_code == 403
    assert bob.post("/api/webhooks/", {"url": receiver.url}).status_code == 403
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        assert bob.client.send(method, path, {}).status_code == 403
    assert bob.get(f"{path}/deliveries/").status_code == 403
    assert bob.post(f"{path}/deliveries/1/replay/").status_code == 403


def test_another_organization_sees_nothing(ann: Person, receiver: Receiver) -> None:
    project = make_project(ann)
    made = hook(ann, receiver.url, project=project)
    ann.patch(f"/api/projects/{project}/", {"title": "Changed"})
    work()
    delivery = log(ann, made)[0]["id"]
    eve = somebody(Role.OWNER)
    own = hook(eve, receiver.url)
    path = f"/api/webhooks/{made['id']}"
    assert [row["id"] for row in eve.get("/api/webhooks/").json()] == [own["id"]]
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        assert eve.client.send(method, path, {"url": receiver.url}).status_code == 404
    assert eve.get(f"{path}/deliveries/").status_code == 404
    assert eve.post(f"{path}/deliveries/{delivery}/replay/").status_code == 404
    assert eve.post(f"/api/webhooks/{own['id']}/deliveries/{delivery}/replay/").status_code == 404
    assert eve.post("/api/webhooks/", {"url": receiver.url, "project": project}).status_code == 400
    assert len(receiver.requests) == 1


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(strategies.dictionaries(strategies.text(max_size=8), strategies.text(max_size=8), max_size=12))
def test_headers_that_are_taken_are_tokens_with_printable_values(headers: dict[str, str]) -> None:
    try:
        taken = checked_headers(headers)
    except Refused:
        return
    assert taken == headers
    assert len(taken) <= 10
    for name, value in taken.items():
        assert name
        assert name.isascii()
        assert name.isprintable()
        assert not set(name) & set(' ()<>@,;:\\"/[]?={}')
        assert value.isascii()
        assert not value or value.isprintable()
        assert value == value.strip()


def test_a_given_header_replaces_ours_however_it_is_written() -> None:
    together = request_headers({"content-type": "text/x", "user-agent": "me"}, {"Content-Type": "application/json", "X-B": "1"})
    assert together == {"content-type": "text/x", "User-Agent": "me", "X-B": "1"}
