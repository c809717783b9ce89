"""Every route × every method × every role, the anonymous, somebody without an organization, and the owner of another organization.

Generated from what `route()` and `page()` declared, and checked against the table in core/permissions.py: a new route is walked as soon as it
exists. A new kind of parameter needs one line in `EXAMPLES`: which of the world's objects it names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver

import core.urls  # noqa: F401 - every room declares its routes
from core.authentication import credentials_changed
from core.jobs.operations import enqueue
from core.permissions import ACTIONS, PUBLIC, SIGNED_IN, Role, allowed
from core.routing import ROUTES, Route
from data_import.models import FileUpload, ProjectImport
from organizations.models import Membership
from tests.people import JSONClient, Person, somebody
from tests.tasks.work import mood, project_of, task_ids

pytestmark = pytest.mark.django_db

ABSENT = 10**15
# Whose object a parameter names: made once per world, by what people do.
EXAMPLES: dict[str, str] = {
    "organization_id": "organization",
    "user_id": "annotator",
    "invitation_id": "invitation",
    "token_id": "token",
    "job_id": "job",
    "project_id": "project",
    "task_id": "task",
    "annotation_id": "annotation",
    "version": "version",
    "draft_id": "draft",
    "prediction_id": "prediction",
    "import_id": "import",
    "upload_id": "upload",
    "name": "file_name",
    "token": "text",
}
# Routes that another organization's people may use with our objects, and why.
NOT_SCOPED = {"avatar": "pictures are found by a random name only"}
# Framework routes that are not ours to declare. None so far.
FOREIGN_PREFIXES: tuple[str, ...] = ()

WALKED = [route for route in ROUTES if set(route.actions.values()) != {PUBLIC}]


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
        made(annotator.patch(f"/api/annotations/{annotation['id']}", {"result": mood("Bad")}))
        self.ids: dict[str, Any] = {
            "organization": owner.organization.pk,
            "annotator": annotator.user.pk,
            "invitation": made(owner.post("/api/invitations", {"role": "annotator"}))["id"],
            "token": made(owner.post("/api/token"))["id"],
            "job": enqueue(owner.actor, "project.purge", "A job").pk,
            "project": project.pk,
            "task": first,
            "annotation": annotation["id"],
            "version": 1,
            "draft": made(annotator.post(f"/api/tasks/{second}/drafts", {"result": mood()}))["id"],
            "prediction": made(owner.post("/api/predictions", {"task": first, "result": mood()}))["id"],
            "import": ProjectImport.objects.create(project=project).pk,
            "upload": FileUpload.objects.create(project=project, file=f"upload/{project.pk}/0a1b2c3d-a.txt", name="a.txt", size=1, sha256="0").pk,
            "file_name": "0a1b2c3d-a.txt",
            "text": "nonsense",
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
            answer.close()
        transaction.set_rollback(True)
    credentials_changed()
    return answer


def methods(route: Route) -> Iterator[tuple[str, str]]:
    return ((method, action) for method, action in route.actions.items() if method != "HEAD")


def test_every_address_was_declared_with_its_actions() -> None:
    def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield prefix + str(pattern.pattern), pattern.callback
            else:
                yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))

    for pattern, callback in walk(get_resolver().url_patterns):
        if not pattern.startswith(FOREIGN_PREFIXES or ("\0",)):
            assert isinstance(getattr(callback, "route", None), Route), f"{pattern} is not made by route() or page()"
    patterns = [route.pattern.strip("/") for route in ROUTES]
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


@pytest.mark.parametrize("route", WALKED, ids=lambda route: route.name)
def test_each_role_may_do_what_the_table_says(route: Route, world: World) -> None:
    for method, action in methods(route):
        path = world.path(route)
        for role, person in world.people.items():
            answer = ask(person.client, route, method, path)
            where = f"{method} {path} as {role}: {answer.status_code}"
            assert answer.status_code < 500, where
            if action in (PUBLIC, SIGNED_IN) or allowed(role, action):
                assert answer.status_code not in (401, 403, 405), where
                assert not _to_sign_in(answer), where
            else:
                assert answer.status_code == 403, where


@pytest.mark.parametrize("route", WALKED, ids=lambda route: route.name)
def test_the_anonymous_and_those_without_an_organization(route: Route, world: World) -> None:
    for method, action in methods(route):
        path = world.path(route)
        answer = ask(JSONClient(), route, method, path)
        where = f"{method} {path}: {answer.status_code}"
        if action != PUBLIC:
            if route.page:
                assert _to_sign_in(answer), where
            else:
                assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Token"), where
        if action not in (PUBLIC, SIGNED_IN):
            assert ask(world.nobody.client, route, method, path).status_code == 403, where


@pytest.mark.parametrize("route", [route for route in WALKED if route.parameters and route.name not in NOT_SCOPED], ids=lambda route: route.name)
def test_what_belongs_to_another_organization_is_as_absent_as_what_does_not_exist(route: Route, world: World) -> None:
    for method, _action in methods(route):
        foreign = ask(world.stranger.client, route, method, world.path(route))
        assert foreign.status_code == 404, f"{method} {world.path(route)} as a stranger: {foreign.status_code}"
        if "id" in route.parameters.values():
            absent = ask(world.people[Role.OWNER].client, route, method, world.path(route, absent=True))
            assert absent.status_code == 404, f"{method} {world.path(route, absent=True)}: {absent.status_code}"
            if not route.page:
                assert _without_id(foreign) == _without_id(absent), f"{method} {world.path(route)} tells a foreign id from an absent one"


@pytest.mark.parametrize("route", WALKED, ids=lambda route: route.name)
def test_other_methods_are_not_allowed(route: Route, world: World) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(route.actions):
        answer = ask(world.people[Role.OWNER].client, route, method, world.path(route))
        assert answer.status_code == 405, f"{method} {world.path(route)}: {answer.status_code}"
        assert set(route.actions) <= set(answer["Allow"].split(", "))


def _to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/user/login/")


def _without_id(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "id"}
