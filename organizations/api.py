"""`/api/organizations…`, `/api/users…`, invitations and policies: thin views; see organizations/urls.py for who may call what."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse

from core.actor import Actor
from core.errors import Refused, forbidden, invalid, not_found
from core.permissions import Role
from core.requests import boolean, dict_body, integer, json_response, page_of
from core.routing import actor_of
from organizations import queries
from organizations import serializers as wire
from organizations.models import Membership, MembershipQuerySet, Organization
from organizations.operations import invitations, members, policies
from users import tokens as token_texts
from users.operations import accounts, api_tokens
from users.queries import account
from users.serializers import ProfileSerializer, TokenSerializer, token_json, user_json, validated

PAGE, MOST = 20, 500
PROFILE_ONLY = 'Method "PATCH" not allowed for the e-mail address.'


def users(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        return _create_user(request, actor)
    organization = _organization(actor)
    rows = queries.people(actor).present().filter(user__is_active=True)
    return json_response([wire.member_user_json(row, organization) for row in rows])


def _create_user(request: HttpRequest, actor: Actor) -> HttpResponse:
    fields = validated(wire.NewPersonSerializer, dict_body(request))
    email = fields.pop("email") or fields["username"]
    password, role = fields.pop("password"), fields.pop("role")
    fields.pop("custom_hotkeys", None)
    user, token = members.create_person(actor, email, password or None, wire.role_of(role) if role else None, **fields)
    body = user_json(user, organization=wire.organization_meta(_organization(actor)))
    if token is not None:
        body["invite_url"] = f"/user/reset/{token}/"
    return json_response(body, status=201)


def user(request: HttpRequest, user_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = queries.people(actor).filter(user_id=user_id, user__is_active=True).first()
    if row is None:
        raise not_found()
    if request.method == "DELETE":
        members.delete_person(actor, user_id)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        body = dict_body(request)
        if "email" in body and str(body["email"]).strip().lower() != row.user.email:
            raise Refused(PROFILE_ONLY, 405)
        row.user = members.update_person(actor, user_id, validated(ProfileSerializer, body))
    return json_response(wire.member_user_json(row, _organization(actor)))


def whoami(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    return json_response(wire.me_json(actor, account(actor.user_id), _organization(actor)))


def current_user(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    me = account(actor.user_id)
    if request.method == "PATCH":
        body = dict_body(request)
        if "email" in body and str(body["email"]).strip().lower() != me.email:
            raise Refused(PROFILE_ONLY, 405)
        me = accounts.update_profile(actor, me, validated(ProfileSerializer, body))
    return json_response(wire.me_json(actor, me, _organization(actor)))


def tokens(request: HttpRequest) -> HttpResponse:
    """One's personal tokens; a new one is shown in full this once."""
    actor = actor_of(request)
    if request.method == "GET":
        rows = api_tokens.live_tokens(actor.user_id)
        return json_response([token_json(row, token_texts.without_signature(api_tokens.text_of(row))) for row in rows])
    organization = queries.my_organization(actor)
    if not organization.api_tokens_enabled:
        raise Refused("API tokens have been disabled for this organization.", 403)
    fields = validated(TokenSerializer, dict_body(request))
    row = api_tokens.create_token(actor, name=fields["name"], days=fields["expires_in_days"], longest_days=organization.api_token_ttl_days)
    return json_response(token_json(row, api_tokens.text_of(row)), status=201)


def organizations(request: HttpRequest) -> HttpResponse:
    """Those one belongs to. A server has one organization, which its first account made."""
    if request.method == "POST":
        raise forbidden("This server has its organization already. Ask its administrators for an invitation.")
    return json_response([wire.organization_json(row) for row in queries.my_organizations(actor_of(request))])


def organization(request: HttpRequest, organization_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = queries.organization_visible(actor, organization_id)
    if request.method != "GET":
        fields = validated(wire.OrganizationSerializer, dict_body(request))
        if fields.get("contact_info") == "":
            fields["contact_info"] = None
        found = policies.update_organization(actor, fields)
    token = queries.invite_token(found) if actor.may("people.invite") else None
    ids = queries.people(actor).present().order_by("user_id").values_list("user_id", flat=True)
    return json_response(wire.organization_detail_json(found, token, list(ids)))


def memberships(request: HttpRequest, organization_id: int) -> HttpResponse:
    """A page of members; past the end an empty one, because the SDK's pager stops only there. PATCH changes a role, as the SDK does."""
    actor = actor_of(request)
    found = queries.organization_visible(actor, organization_id)
    if request.method == "PATCH":
        body = dict_body(request)
        user_id = integer(body.get("user_id"), "user_id", least=1)
        if user_id is None:
            raise invalid(user_id="This field is required.")
        row = members.change_role(actor, user_id, wire.role_of(body.get("role")))
        return json_response(wire.membership_json(row, found, None))
    rows = _narrowed(queries.people(actor), request)
    count = rows.count()
    everything = request.GET.get("page_size") == "-1"
    page, size = (1, max(count, 1)) if everything else page_of(request, size=PAGE, most=MOST)
    shown = list(rows[(page - 1) * size : page * size])
    asked = boolean(request.GET.get("contributed_to_projects"), "contributed_to_projects", False)
    did = queries.contributions(organization_id, [row.user_id for row in shown]) if asked else None
    return json_response(
        {
            "count": count,
            "next": _page_link(request, page + 1) if page < math.ceil(count / size) else None,
            "previous": _page_link(request, page - 1) if page > 1 else None,
            "results": [wire.membership_json(row, found, did) for row in shown],
        }
    )


def _narrowed(rows: MembershipQuerySet, request: HttpRequest) -> MembershipQuerySet:
    """`active`, `is_deleted`, `role`, `search` and `ordering`."""
    query = request.GET
    if boolean(query.get("active"), "active", False):
        rows = rows.present()
    removed = boolean(query.get("is_deleted"), "is_deleted")
    if removed is not None:
        rows = rows.filter(removed_at__isnull=not removed)
    if query.get("role"):
        rows = rows.filter(role__in=[wire.role_of(part) for part in query["role"].split(",")])
    if query.get("search"):
        rows = queries.search_people(rows, query["search"].replace("\0", ""))
    if query.get("ordering"):
        name = query["ordering"].lstrip("-")
        columns = {"id": "pk", "created_at": "created_at", "email": "user__email", "username": "user__username", "role": "role"}
        column = columns.get(name.removeprefix("user__"))
        if column is None:
            raise invalid(ordering=f"Use one of {', '.join(columns)}.")
        rows = rows.order_by(f"-{column}" if query["ordering"].startswith("-") else column, "pk")
    return rows


def membership(request: HttpRequest, organization_id: int, user_id: int) -> HttpResponse:
    actor = actor_of(request)
    queries.organization_visible(actor, organization_id)
    row = queries.people(actor).present().filter(user_id=user_id).first()
    if row is None:
        raise not_found()
    if request.method == "DELETE":
        members.remove_member(actor, user_id)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        row = members.change_role(actor, user_id, wire.role_of(dict_body(request).get("role")))
    return json_response(_member(row))


def _member(row: Membership) -> dict[str, Any]:
    did = queries.contributions(row.organization_id, [row.user_id])
    return wire.member_json(row, did, queries.annotations_count(row.organization_id, row.user_id))


def password_link(request: HttpRequest, user_id: int) -> HttpResponse:
    token = members.make_password_link(actor_of(request), user_id)
    return json_response({"token": token, "reset_url": f"/user/reset/{token}/"}, status=201)


def invite(request: HttpRequest) -> HttpResponse:
    return json_response(_invite(invitations.organization_token(actor_of(request))))


def invite_reset(request: HttpRequest) -> HttpResponse:
    return json_response(_invite(invitations.reset_organization_token(actor_of(request))), status=201)


def _invite(token: str) -> dict[str, str]:
    return {"token": token, "invite_url": queries.invite_path(token)}


def invitation_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "GET":
        return json_response([wire.invitation_json(row) for row in queries.invitations(actor)])
    fields = validated(wire.InvitationSerializer, dict_body(request))
    row, token = invitations.invite(actor, wire.role_of(fields["role"]), email=fields["email"], days=fields["days"])
    return json_response({**wire.invitation_json(row), **_invite(token)}, status=201)


def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitations.revoke(actor_of(request), invitation_id)
    return HttpResponse(status=204)


def token_policy(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = queries.my_organization(actor)
    if request.method == "POST":
        found = policies.update_token_policy(actor, validated(wire.TokenPolicySerializer, dict_body(request)))
    return json_response(wire.token_policy_json(found))


def session_policy(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = queries.my_organization(actor)
    if request.method == "PATCH":
        found = policies.update_session_policy(actor, validated(wire.SessionPolicySerializer, dict_body(request)))
    return json_response(wire.session_policy_json(found))


def roles(request: HttpRequest) -> HttpResponse:
    """The roles, and which of them the caller may give."""
    may_give = queries.roles_that_may_be_given(actor_of(request))
    return json_response([{"role": role, "code": wire.ROLE_CODES[role], "may_give": role in may_give} for role in Role])


def _organization(actor: Actor) -> Organization | None:
    if actor.organization_id is None:
        return None
    return Organization.objects.select_related("created_by").filter(pk=actor.organization_id).first()


def _page_link(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
