"""Every route × every method × every role, the anonymous, somebody without an organization, and the owner of another organization.

Generated from what `route()` and `page()` declared, and checked against the table in core/permissions.py: a new route is walked as soon as it
exists. A new kind of parameter needs one line in `EXAMPLES`: which of the world's objects it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver
from django.utils import timezone

import core.urls  # noqa: F401 - every room declares its routes
from core.authentication import credentials_changed
from core.jobs.operations import enqueue
from core.permissions import ACTIONS, PUBLIC, SIGNED_IN, Role, allowed
from core.routing import ROUTES, Route
from data_export.models import Export
from data_import.models import Content, FileUpload, PartialUpload, ProjectImport
from hub_datasets.models import HubSource
from io_storages.models import Connection, Storage
from ml.models import MLBackend
from organizations.models import AccessRequest, Membership
from projects.models import ProjectMember
from tasks.operations.recycle import open_entry
from tests.people import JSONClient, Person, somebody
from tests.tasks.work import mood, project_of, task_ids
from training.models import TrainingRun
from webhooks.models import Delivery

pytestmark = pytest.mark.django_db

ABSENT = 10**15
# Whose object a parameter names: made once per world, by what people do.
EXAMPLES: dict[str, str] = {
    "organization_id": "organization",
    "user_id": "annotator",
    "invitation_id": "invitation",
    "request_id": "access_request",
    "token_id": "token",
    "job_id": "job",
    "project_id": "project",
    "task_id": "task",
    "annotation_id": "annotation",
    "version": "version",
    "draft_id": "draft",
    "prediction_id": "prediction",
    "import_id": "import",
    "export_id": "export",
    "upload_id": "upload",
    "entity": "entity",
    "entity_id": "task",
    "member_id": "member",
    "comment_id": "comment",
    "label_id": "label",
    "link_id": "label_link",
    "webhook_id": "webhook",
    "delivery_id": "delivery",
    "source_id": "source",
    "storage_id": "source",
    "secret": "text",
    "target_id": "target",
    "kind": "kind",
    "action_id": "action",
    "view_id": "view",
    "connection_id": "connection",
    "backend_id": "model",
    "entry_id": "entry",
    "name": "file_name",
    "key": "partial",
    "token": "text",
    "model_version": "text",
    "dataset_id": "dataset",
    "run_id": "training",
    "place": "place",
    "column": "text",
}
# Routes that another organization's people may use with our objects, and why.
NOT_SCOPED = {
    "avatar": "pictures are found by a random name only",
    **{
        f"{direction}-{what}": "a kind of storage is everybody's; what is listed are the asking organization's own"
        for direction in ("source-storage", "target-storage")
        for what in ("validate", "form", "files")
    },
    "source-storages-of-kind": "as above",
    "target-storages-of-kind": "as above",
}
# Routes whose operation looks closer than the table: it may refuse (403) what the table allows, because of whose object it is.
NARROWER = {
    "one-export": "a snapshot is deleted by who made it and by managers",
    "user": "a profile is changed by its owner and by administrators",
    "draft": "a draft is its author's",
    "organizations": "a server has one organization",
    "recycle-undo": "what others did is undone by managers",
    "local-file": "folders of the server are closed unless the administrator opens them",
    "join": "an invitation that is not valid is refused",
}
# Framework routes that are not ours to declare. None so far.
FOREIGN_PREFIXES: tuple[str, ...] = ()


def area_of(route: Route) -> str:
    """The part of the address by which routes are walked together, in one world."""
    parts = route.pattern.strip("/").split("/")
    return "/".join(parts[: 2 if parts[0] == "api" else 1]) or "home"


WALKED = [route for route in ROUTES if set(route.actions.values()) != {PUBLIC}]
AREAS = sorted({area_of(route) for route in WALKED})


class World:
    """An organization with a person of every role, and one of everything that a route can name."""

    def __init__(self) -> None:
        owner = somebody(Role.OWNER)
        self.people: dict[Role, Person] = {role: somebody(role, owner.organization) for role in Role if role != Role.OWNER}
        self.people[Role.OWNER] = owner
        self.stranger = somebody(Role.OWNER)
        self.nobody = somebody(Role.ANNOTATOR, owner.organization)
        Membership.objects.filter(user=self.nobody.user).delete()
        annotator = self.people[Role.ANNOTATOR]
        project = project_of(owner, tasks=2)
        first, second = task_ids(project)
        annotation = made(annotator.post(f"/api/tasks/{first}/annotations", {"result": mood()}))
        label = made_list(
            owner.post("/api/labels", [{"project": project.pk, "from_name": "spans", "title": f"Label {project.pk}", "value": ["A"]}])
        )[0]["id"]
        webhook = made(owner.post("/api/webhooks", {"url": "https://1.1.1.1/"}))["id"]
        made(annotator.patch(f"/api/annotations/{annotation['id']}", {"result": mood("Bad")}))
        self.ids: dict[str, Any] = {
            "organization": owner.organization.pk,
            "annotator": annotator.user.pk,
            "invitation": made(owner.post("/api/invitations", {"role": "annotator"}))["id"],
            "access_request": AccessRequest.objects.create(
                organization=owner.organization, user=somebody().user, created_at=timezone.now()
            ).pk,
            "token": made(owner.post("/api/token"))["id"],
            "job": enqueue(owner.actor, "project.purge", "A job").pk,
            "project": project.pk,
            "task": first,
            "annotation": annotation["id"],
            "version": 1,
            "draft": made(annotator.post(f"/api/tasks/{second}/drafts", {"result": mood()}))["id"],
            "prediction": made(owner.post("/api/predictions", {"task": first, "result": mood()}))["id"],
            "import": ProjectImport.objects.create(project=project).pk,
            "export": Export.objects.create(project=project, created_by=owner.user).pk,
            "upload": FileUpload.objects.create(
                project=project,
                file=f"upload/{project.pk}/0a1b2c3d-a.txt",
                name="a.txt",
                size=1,
                sha256="0",
                content=Content.objects.create(organization=owner.organization, sha256="0", size=1, path=f"content/{project.pk}"),
            ).pk,
            "entity": "task",
            "member": ProjectMember.objects.create(project=project, user=annotator.user).pk,
            "comment": made(annotator.post("/api/comments", {"annotation": annotation["id"], "text": "Is this right?"}))["id"],
            "label": label,
            "label_link": made(owner.get("/api/label_links", project=project.pk))["results"][0]["id"],
            "partial": PartialUpload.objects.create(
                project=project, user=owner.user, key="0" * 32, name="a.txt", size=1, expires_at=timezone.now() + timedelta(days=1)
            ).key,
            "webhook": webhook,
            "view": made(owner.post("/api/dm/views", {"project": project.pk, "data": {"title": "A view"}}))["id"],
            "delivery": Delivery.objects.create(webhook_id=webhook, event_id=1, action="TASKS_CREATED", created_at=timezone.now()).pk,
            "model": MLBackend.objects.create(project=project, url="http://127.0.0.1:9/").pk,
            "action": "predictions_to_annotations",
            "entry": open_entry(owner.actor, project.pk, "delete_tasks"),
            "source": Storage.objects.create(project=project, direction="source", kind="s3", fields='{"bucket": "b"}').pk,
            "target": Storage.objects.create(project=project, direction="target", kind="s3", fields='{"bucket": "b"}').pk,
            "connection": Connection.objects.create(organization=owner.organization, kind="s3", fields='{"bucket": "b"}').pk,
            "kind": "s3",
            "file_name": "0a1b2c3d-a.txt",
            "text": "nonsense",
            "dataset": HubSource.objects.create(project=project, repo="ann/data", revision="main").pk,
            "place": "0-0",
            "training": TrainingRun.objects.create(
                key="walk", organization=owner.organization, project=project, executor="local", script="a.py", minutes=1
            ).pk,
        }

    def path(self, route: Route, *, absent: bool = False) -> str:
        path = f"/{route.pattern}"
        for parameter, kind in route.parameters.items():
            value = ABSENT if absent and kind == "id" else self.ids[EXAMPLES[parameter]]
            path = path.replace(f"<{kind}:{parameter}>", str(value)).replace(f"<{parameter}>", str(value))
        return path


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def made_list(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 201, answer.content
    found: list[dict[str, Any]] = answer.json()
    return found


@pytest.fixture
def world() -> World:
    return World()


def ask(client: JSONClient, route: Route, method: str, path: str) -> Any:
    """One request, whose traces are taken back."""
    with transaction.atomic():
        if route.page and method == "POST":
            answer = client.generic(method, path, "", content_type="application/x-www-form-urlencoded")
        else:
            answer = client.send(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    credentials_changed()
    return answer


def walk(area: str) -> Iterator[tuple[Route, str, str]]:
    """(route, method, action) of an area; HEAD is GET's shadow."""
    for route in WALKED:
        if area_of(route) == area:
            yield from ((route, method, action) for method, action in route.actions.items() if method != "HEAD")


def test_every_address_was_declared_with_its_actions() -> None:
    def declared(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern), pattern.callback
            else:
                yield from declared(pattern.url_patterns, prefix + str(pattern.pattern))

    for pattern, callback in declared(get_resolver().url_patterns):
        if not pattern.startswith(FOREIGN_PREFIXES or ("\0",)):
            assert isinstance(getattr(callback, "route", None), Route), f"{pattern} is not made by route() or page()"
    patterns = [route.pattern if route.page else route.pattern.strip("/") for route in ROUTES]
    assert sorted(patterns) == sorted(set(patterns)), "two routes answer the same address"
    names = [route.name for route in ROUTES]
    assert sorted(names) == sorted(set(names)), "two routes have the same name"


def test_every_parameter_has_an_example() -> None:
    unknown = {parameter for route in ROUTES for parameter in route.parameters} - set(EXAMPLES)
    assert not unknown, f"give {unknown} a line in EXAMPLES, and World the object it names"


def test_every_action_is_used_or_asked_for_by_an_operation() -> None:
    used = {action for route in ROUTES for action in route.actions.values()} - {PUBLIC, SIGNED_IN}
    # These are looked at inside operations, because they are about whose object it is.
    inside = {"annotations.change_others", "annotations.create_for_others"}
    assert used | inside == set(ACTIONS)


@pytest.mark.parametrize("area", AREAS)
def test_each_role_may_do_what_the_table_says(area: str, world: World) -> None:
    wrong = []
    for route, method, action in walk(area):
        path = world.path(route)
        for role, person in world.people.items():
            answer = ask(person.client, route, method, path)
            if action in (PUBLIC, SIGNED_IN) or allowed(role, action):
                refused = {401, 405} if route.name in NARROWER else {401, 403, 405}
                right = answer.status_code not in refused and answer.status_code < 500 and not _to_sign_in(answer)
            else:
                right = answer.status_code == 403
            if not right:
                wrong.append(f"{method} {path} as {role}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_the_anonymous_and_those_without_an_organization(area: str, world: World) -> None:
    wrong = []
    for route, method, action in walk(area):
        path = world.path(route)
        answer = ask(JSONClient(), route, method, path)
        if action != PUBLIC:
            right = _to_sign_in(answer) if route.page else (answer.status_code, answer.get("WWW-Authenticate")) == (401, "Token")
            if not right:
                wrong.append(f"{method} {path} as nobody: {answer.status_code}")
        if action not in (PUBLIC, SIGNED_IN):
            status = ask(world.nobody.client, route, method, path).status_code
            if status != 403:
                wrong.append(f"{method} {path} without an organization: {status}")
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_what_belongs_to_another_organization_is_as_absent_as_what_does_not_exist(area: str, world: World) -> None:
    wrong = []
    for route, method, _action in walk(area):
        if not route.parameters or route.name in NOT_SCOPED:
            continue
        path = world.path(route)
        foreign = ask(world.stranger.client, route, method, path)
        if foreign.status_code != 404:
            wrong.append(f"{method} {path} as a stranger: {foreign.status_code}")
        elif "id" in route.parameters.values():
            absent = ask(world.people[Role.OWNER].client, route, method, world.path(route, absent=True))
            if absent.status_code != 404:
                wrong.append(f"{method} {world.path(route, absent=True)}: {absent.status_code}")
            elif not route.page and _without_id(foreign) != _without_id(absent):
                wrong.append(f"{method} {path} tells a foreign id from an absent one")
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_other_methods_are_not_allowed(area: str, world: World) -> None:
    wrong = []
    for route in {id(route): route for route, _method, _action in walk(area)}.values():
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - set(route.actions)):
            answer = ask(world.people[Role.OWNER].client, route, method, world.path(route))
            if answer.status_code != 405 or not set(route.actions) <= set(answer["Allow"].split(", ")):
                wrong.append(f"{method} {world.path(route)}: {answer.status_code}")
    assert wrong == []


def _to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/user/login/")


def _without_id(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "id"}
