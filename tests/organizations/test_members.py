"""`/api/organizations…` and `/api/users…` as Label Studio's clients use them, and what each role may do to whom."""

from __future__ import annotations

from typing import Any

import pytest

from core.permissions import Role
from organizations.models import Membership
from tests.browser import PASSWORD, Browser, text_of
from tests.people import Person, somebody
from tests.tasks.work import mood, project_of, task_ids
from users.models import User

pytestmark = pytest.mark.django_db

USER = {
    "id", "first_name", "last_name", "username", "email", "last_activity", "custom_hotkeys", "avatar", "initials", "phone", "active_organization",
    "active_organization_meta", "allow_newsletters", "date_joined",
}  # fmt: skip


@pytest.fixture
def owner() -> Person:
    return somebody(Role.OWNER)


@pytest.fixture
def bob(owner: Person) -> Person:
    return somebody(Role.MANAGER, owner.organization)


def path(owner: Person, person: Person | None = None) -> str:
    return f"/api/organizations/{owner.organization.pk}/memberships" + (f"/{person.user.pk}/" if person else "")


def labelled(owner: Person, annotator: Person) -> tuple[int, int]:
    """A project with a task that somebody has labelled; returns the project's and the annotation's ids."""
    project = project_of(owner, tasks=1)
    answer = annotator.post(f"/api/tasks/{task_ids(project)[0]}/annotations/", {"result": mood()})
    assert answer.status_code == 201, answer.content
    return project.pk, int(answer.json()["id"])


def test_users_of_my_organization(owner: Person, bob: Person) -> None:
    stranger = somebody(Role.OWNER)
    rows = bob.get("/api/users/").json()
    assert {row["id"] for row in rows} == {owner.user.pk, bob.user.pk}
    assert set(rows[0]) == USER
    assert rows[0]["active_organization"] == owner.organization.pk
    assert rows[0]["active_organization_meta"] == {"title": owner.organization.title, "email": owner.user.email}
    assert bob.get(f"/api/users/{stranger.user.pk}/").status_code == 404
    assert set(bob.get(f"/api/users/{owner.user.pk}").json()) == USER


def test_an_administrator_makes_accounts(owner: Person, bob: Person) -> None:
    body = {"username": "carol", "email": "Carol@example.com", "first_name": "Carol", "last_name": "C", "phone": "1", "role": "reviewer"}
    assert bob.post("/api/users/", body).status_code == 403
    made = owner.post("/api/users/", body)
    assert made.status_code == 201
    assert (made.json()["email"], made.json()["username"], made.json()["initials"]) == ("carol@example.com", "carol", "CC")
    assert Membership.objects.get(user__email="carol@example.com").role == "reviewer"
    browser = Browser()
    assert browser.submit(made.json()["invite_url"], new_password=PASSWORD).status_code == 302
    assert browser.sign_in("carol@example.com").status_code == 302
    again = owner.post("/api/users", body)
    assert again.status_code == 400
    assert "already exists" in again.content.decode()


def test_an_account_made_with_a_password_can_be_used_at_once(owner: Person) -> None:
    made = owner.post("/api/users/", {"username": "dave@example.com", "password": PASSWORD})
    assert made.status_code == 201
    assert "invite_url" not in made.json()
    assert Browser().sign_in("dave@example.com").status_code == 302


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "username"),
        ({"username": "x"}, "email"),
        ({"username": "x", "email": "nobody"}, "email"),
        ({"username": "x", "email": "x@example.com", "password": "short"}, "password"),
        ({"username": "x", "email": "x@example.com", "role": "emperor"}, "role"),
    ],
)
def test_a_bad_account_says_which_field_is_wrong(owner: Person, body: dict[str, Any], field: str) -> None:
    answer = owner.post("/api/users/", body)
    assert (answer.status_code, list(answer.json()["validation_errors"])) == (400, [field])
    assert User.objects.count() == 1


def test_profiles_are_changed_by_oneself_and_administrators(owner: Person, bob: Person) -> None:
    admin = somebody(Role.ADMINISTRATOR, owner.organization)
    me = f"/api/users/{bob.user.pk}/"
    changed = bob.patch(
        me,
        {"first_name": "Bob", "last_name": "Builder", "phone": "12", "email": bob.user.email, "is_active": False, "password": "x", "id": 1},
    )
    assert changed.status_code == 200
    assert (changed.json()["first_name"], changed.json()["initials"], changed.json()["id"]) == ("Bob", "BB", bob.user.pk)
    assert admin.patch(me, {"first_name": "Robert"}).json()["first_name"] == "Robert"
    assert bob.patch(f"/api/users/{owner.user.pk}/", {"first_name": "X"}).status_code == 403
    assert admin.patch(f"/api/users/{owner.user.pk}/", {"first_name": "X"}).status_code == 403
    refused = bob.patch(me, {"email": "other@example.com", "first_name": "Nope"})
    assert refused.status_code == 405
    assert bob.get(me).json()["first_name"] == "Robert"
    assert bob.put(me, {}).status_code == 405
    assert bob.patch(me, {"first_name": "x" * 257}).status_code == 400


def test_whoami_and_the_current_user(bob: Person) -> None:
    me = bob.get("/api/current-user/whoami").json()
    assert set(me) > USER
    assert (me["id"], me["role"], me["org_membership"][0]["role"]) == (bob.user.pk, "manager", "MA")
    assert "projects.create" in me["permissions"]
    assert "people.change" not in me["permissions"]
    assert bob.patch("/api/current-user", {"first_name": "Bob"}).json()["first_name"] == "Bob"
    assert bob.get("/api/current-user/").json()["first_name"] == "Bob"
    assert bob.patch("/api/current-user", {"email": "x@example.com"}).status_code == 405


def test_organizations_are_seen_by_members_and_changed_by_administrators(owner: Person, bob: Person) -> None:
    number = owner.organization.pk
    stranger = somebody(Role.OWNER)
    assert [set(row) for row in bob.get("/api/organizations/").json()] == [{"id", "title", "contact_info", "created_at"}]
    seen = bob.get(f"/api/organizations/{number}").json()
    assert set(seen) == {"id", "title", "token", "created_at", "updated_at", "contact_info", "created_by", "users"}
    assert (seen["token"], seen["users"]) == (None, [owner.user.pk, bob.user.pk])
    token = owner.get("/api/invite").json()["token"]
    assert owner.get(f"/api/organizations/{number}/").json()["token"] == token
    assert bob.get(f"/api/organizations/{number}").json()["token"] is None
    assert bob.patch(f"/api/organizations/{number}", {"title": "Mine"}).status_code == 403
    changed = owner.patch(
        f"/api/organizations/{number}", {"title": "Otters", "contact_info": "help@example.com", "token": "guess-me", "users": []}
    )
    assert (changed.status_code, changed.json()["title"], changed.json()["token"]) == (200, "Otters", token)
    assert owner.patch(f"/api/organizations/{number}", {"title": ""}).status_code == 400
    assert owner.patch(f"/api/organizations/{number}", {"contact_info": "nobody"}).status_code == 400
    assert stranger.get(f"/api/organizations/{number}").status_code == 404
    assert stranger.patch(f"/api/organizations/{number}", {"title": "Mine"}).status_code == 404


def test_the_list_of_members_is_paged_and_past_its_end_it_is_empty(owner: Person) -> None:
    for _ in range(4):
        somebody(Role.ANNOTATOR, owner.organization)
    first = owner.get(path(owner), page_size=2).json()
    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert "page=2" in first["next"]
    assert set(first["results"][0]) == {"id", "organization", "role", "user", "created_projects", "contributed_to_projects"}
    assert (first["results"][0]["created_projects"], first["results"][0]["contributed_to_projects"]) == (None, None)
    last = owner.get(path(owner), page_size=2, page=3).json()
    assert (len(last["results"]), last["next"]) == (1, None)
    past = owner.get(path(owner), page_size=2, page=4)
    assert (past.status_code, past.json()["results"]) == (200, [])
    assert len(owner.get(path(owner), page_size=-1).json()["results"]) == 5
    assert owner.get(path(owner), ordering="secret").status_code == 400
    emails = [row["user"]["email"] for row in owner.get(path(owner), ordering="-email").json()["results"]]
    assert emails == sorted(emails, reverse=True)
    assert owner.get(path(owner), search=owner.user.email, role="OW").json()["count"] == 1
    assert owner.get(path(owner), role="annotator").json()["count"] == 4
    assert somebody(Role.OWNER).get(path(owner)).status_code == 404


def test_what_members_made_and_labelled(owner: Person, bob: Person) -> None:
    project, _annotation = labelled(owner, bob)
    other = owner.post("/api/projects/", {"title": "Beavers"}).json()["id"]
    rows = {row["user"]["id"]: row for row in owner.get(path(owner), contributed_to_projects=1).json()["results"]}
    assert [row["id"] for row in rows[owner.user.pk]["created_projects"]] == [project, other]
    assert rows[owner.user.pk]["contributed_to_projects"] == []
    assert rows[bob.user.pk]["user"]["contributed_to_projects"] == [{"id": project, "title": "Texts"}]
    one = owner.get(path(owner, bob)).json()
    assert (one["annotations_count"], one["contributed_projects_count"], one["created_projects"]) == (1, 1, [])
    assert set(one) >= {
        "user",
        "organization",
        "contributed_projects_count",
        "annotations_count",
        "created_at",
        "created_projects",
        "contributed_to_projects",
    }


def test_removing_a_member(owner: Person, bob: Person) -> None:
    carol = somebody(Role.MANAGER, owner.organization)
    assert bob.delete(path(owner, carol)).status_code == 403
    assert owner.delete(path(owner, owner)).status_code == 405
    assert somebody(Role.OWNER).delete(path(owner, bob)).status_code == 404
    assert owner.delete(path(owner, bob)).status_code == 204
    assert owner.delete(path(owner, bob)).status_code == 404
    assert owner.get(path(owner, bob)).status_code == 404
    assert bob.user.pk not in [row["id"] for row in owner.get("/api/users/").json()]
    rows = {row["user"]["id"]: row["user"] for row in owner.get(path(owner)).json()["results"]}
    gone = rows[bob.user.pk]
    assert (gone["username"], gone["first_name"], gone["last_name"], gone["email"], gone["initials"]) == (
        "Deleted",
        "Deleted",
        "User",
        "Deleted",
        "DU",
    )
    assert owner.get(path(owner), active=1).json()["count"] == 2
    assert owner.get(path(owner), is_deleted=1).json()["count"] == 1


def test_owners_are_managed_by_owners_and_one_always_stays(owner: Person, bob: Person) -> None:
    admin = somebody(Role.ADMINISTRATOR, owner.organization)
    assert admin.delete(path(owner, owner)).status_code == 403
    assert admin.patch(path(owner, owner), {"role": "annotator"}).status_code == 403
    assert admin.patch(path(owner, bob), {"role": "owner"}).status_code == 403
    assert owner.patch(path(owner, owner), {"role": "manager"}).status_code == 400
    assert owner.patch(path(owner, bob), {"role": "OW"}).json()["role"] == "OW"
    assert owner.patch(path(owner, owner), {"role": "manager"}).status_code == 200
    assert owner.patch(path(owner, bob), {"role": "manager"}).status_code == 403
    assert bob.patch(path(owner, bob), {"role": "manager"}).status_code == 400


def test_roles_are_changed_by_administrators(owner: Person, bob: Person) -> None:
    admin = somebody(Role.ADMINISTRATOR, owner.organization)
    assert admin.patch(path(owner, bob), {"role": "reviewer"}).json()["role"] == "RE"
    assert bob.patch(path(owner, admin), {"role": "annotator"}).status_code == 403
    by_sdk = admin.patch(path(owner), {"user_id": bob.user.pk, "role": "AN"})
    assert (by_sdk.status_code, by_sdk.json()["role"]) == (200, "AN")
    assert admin.patch(path(owner, bob), {"role": "emperor"}).status_code == 400
    assert admin.patch(path(owner), {"role": "AN"}).status_code == 400
    assert bob.post("/api/projects/", {"title": "Mine now"}).status_code == 403


def test_deleting_an_account_forgets_who_it_was_and_keeps_the_work(owner: Person, bob: Person) -> None:
    _project, annotation = labelled(owner, bob)
    email = bob.user.email
    assert bob.delete(f"/api/users/{bob.user.pk}/").status_code == 403
    assert owner.delete(f"/api/users/{owner.user.pk}/").status_code == 403
    assert owner.delete(f"/api/users/{bob.user.pk}/").status_code == 204
    assert owner.get(f"/api/users/{bob.user.pk}/").status_code == 404
    assert owner.get(f"/api/annotations/{annotation}/").json()["completed_by"] == bob.user.pk
    assert email not in str(list(User.objects.values()))
    assert owner.post("/api/users/", {"username": email, "email": email, "password": PASSWORD}).status_code == 201


def test_the_people_page_changes_roles_and_removes(owner: Person, bob: Person) -> None:
    assert bob.user.email in text_of(bob.get("/organization/"))
    assert "Make a password link" not in text_of(bob.get("/organization/"))
    changed = Browser()
    changed.cookies["sessionid"] = owner.client.cookies["sessionid"].value
    assert changed.submit("/organization/", f"/organization/people/{bob.user.pk}/role", role="annotator").status_code == 302
    assert "is now annotator" in text_of(changed.get("/organization/"))
    assert changed.submit("/organization/", f"/organization/people/{owner.user.pk}/role", role="annotator").status_code == 302
    assert "needs an owner" in text_of(changed.get("/organization/"))
    assert "Their annotations and projects stay." in text_of(changed.get(f"/organization/people/{bob.user.pk}/remove"))
    assert changed.submit("/organization/", f"/organization/people/{bob.user.pk}/remove").status_code == 302
    assert bob.user.email not in text_of(changed.get("/organization/?search="))
    assert changed.get(f"/organization/people/{bob.user.pk}/remove").status_code == 404
