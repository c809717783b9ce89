"""`/api/projects/{id}/members/…` and roles: who is in a project, many at once and page by page.

A role is a person's in the whole organization; what the SDK calls project roles are the members with that role.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import invalid, not_found
from core.requests import boolean, dict_body, id_list, integer, json_response, page_of
from core.routing import actor_of
from organizations.models import Membership
from organizations.queries import people, search_people
from organizations.serializers import ROLE_CODES, member_user_json, role_of
from projects import operations, queries
from projects.models import Project, ProjectMember

PAGE, MOST = 30, 500
AT_ONCE = 1_000


def paginated(request: HttpRequest, project_id: int) -> HttpResponse:
    """A page of the people who see the project, past the end an empty one (the SDK's pager stops only there); `implicit=false` leaves only those who were added by name. Narrowed by `search`, `role`, `ids`."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    named = set(ProjectMember.objects.filter(project=project).values_list("user_id", flat=True))
    rows = _narrowed(people(actor).present(), request)
    if boolean(request.GET.get("implicit"), "implicit", True) is False:
        rows = rows.filter(user_id__in=named)
    elif project.members_only:
        rows = rows.filter(Q(user_id__in=named) | Q(role__in=("owner", "administrator", "manager")))
    page, size = page_of(request, size=PAGE, most=MOST)
    count = rows.count()
    shown = list(rows[(page - 1) * size : page * size])
    return json_response(
        {
            "count": count,
            "next": _link(request, page + 1) if page * size < count else None,
            "previous": _link(request, page - 1) if page > 1 else None,
            "results": [
                {
                    **member_user_json(row, None),
                    "implicit_member": row.user_id not in named,
                    "project_role": ROLE_CODES[row.role],
                    "project_role_source": None,
                    "user_type": "member",
                }
                for row in shown
            ],
        }
    )


def _narrowed(rows: Any, request: HttpRequest) -> Any:
    query = request.GET
    if query.get("search"):
        rows = search_people(rows, query["search"].replace("\0", ""))
    if query.get("role"):
        rows = rows.filter(role__in=[role_of(part) for part in query["role"].split(",")])
    if (wanted := id_list(request, "ids")) is not None:
        rows = rows.filter(user_id__in=wanted)
    return rows


def bulk(request: HttpRequest, project_id: int) -> HttpResponse:
    """POST `{"included": […]}` (or `{"all": true, "excluded": […]}`) adds members, DELETE with the same in the query removes them."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    if request.method == "DELETE":
        chosen = _chosen(actor, request, boolean(request.GET.get("all"), "all"), id_list(request, "included"), id_list(request, "excluded"))
        members = ProjectMember.objects.filter(project=project, user_id__in=chosen).values_list("user_id", flat=True)
        removed = list(members)
        for user_id in removed:
            operations.remove_member(actor, project_id, user_id)
        return json_response({"unassignments": len(removed)})
    body = dict_body(request)
    named = body.get("roles") or []
    if not isinstance(named, list) or not all(isinstance(item, dict) for item in named):
        raise invalid(roles="Expected a list of {user_id, role}.")
    included = [_id(value, "included") for value in _list(body, "included")] + [_id(item.get("user_id"), "roles") for item in named]
    chosen = _chosen(
        actor, request, boolean(body.get("all"), "all"), included, [_id(value, "excluded") for value in _list(body, "excluded")]
    )
    for user_id in chosen:
        operations.add_member(actor, project_id, user_id)
    return json_response({"assignments": len(chosen), "skipped_user_ids": sorted(set(included) - set(chosen))})


def _list(body: dict[str, Any], name: str) -> list[Any]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise invalid(**{name: "Expected a list of ids."})
    return value


def _id(value: Any, name: str) -> int:
    found = integer(value, name, least=1)
    if found is None:
        raise invalid(**{name: "Expected a list of ids."})
    return found


def _chosen(
    actor: Actor, request: HttpRequest, everybody: bool | None, included: list[int] | None, excluded: list[int] | None
) -> list[int]:
    """Present people of the organization, in the order of their ids."""
    rows = _narrowed(people(actor).present(), request)
    if not everybody:
        rows = rows.filter(user_id__in=included or [])
    found = list(rows.exclude(user_id__in=excluded or []).order_by("user_id").values_list("user_id", flat=True)[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        raise invalid(included=f"At most {AT_ONCE:,} people at once.")
    return found


def roles(request: HttpRequest) -> HttpResponse:
    """The members of projects (`?ids=` of projects) with their roles; POST `{project, user, role}` adds one who has this role."""
    actor = actor_of(request)
    if request.method == "POST":
        body = dict_body(request)
        project_id, user_id = _id(body.get("project"), "project"), _id(body.get("user"), "user")
        role = role_of(body.get("role"))
        if not Project.objects.visible_to(actor).filter(pk=project_id).exists():
            raise invalid(project=f'Invalid pk "{project_id}" - object does not exist.')
        person = people(actor).present().filter(user_id=user_id).first()
        if person is None:
            raise invalid(user="There is no such person in this organization.")
        if person.role != role:
            raise invalid(
                role=f"Roles are given for the whole organization, and this person is {person.role} there. Change it under People."
            )
        member = operations.add_member(actor, project_id, user_id)
        return json_response(_role_json(member, person.role), 201)
    rows = ProjectMember.objects.filter(project__in=Project.objects.visible_to(actor).values("pk"))
    if (wanted := id_list(request, "ids")) is not None:
        rows = rows.filter(project_id__in=wanted)
    return json_response(_roles_json(actor, rows))


def role(request: HttpRequest, member_id: int) -> HttpResponse:
    """Take the member out of the project."""
    actor = actor_of(request)
    found = ProjectMember.objects.filter(pk=member_id, project__in=Project.objects.visible_to(actor).values("pk")).first()
    if found is None:
        raise not_found()
    operations.remove_member(actor, found.project_id, found.user_id)
    return HttpResponse(status=204)


def roles_of(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    return json_response(_roles_json(actor, ProjectMember.objects.filter(project=project)))


def _roles_json(actor: Actor, rows: QuerySet[ProjectMember]) -> list[dict[str, Any]]:
    found = list(rows.order_by("pk")[:10_000])
    memberships = Membership.objects.visible_to(actor).present().filter(user_id__in={row.user_id for row in found})
    role_by_user = dict(memberships.values_list("user_id", "role"))
    return [_role_json(row, role_by_user[row.user_id]) for row in found if row.user_id in role_by_user]


def _role_json(row: ProjectMember, role: str) -> dict[str, Any]:
    return {"id": row.pk, "project": row.project_id, "user": row.user_id, "role": ROLE_CODES[role], "role_source": "manual"}  # type: ignore[index]


def _link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
