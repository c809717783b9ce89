"""The organization: its people and invitations, its rules, who may do what, and what happened."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.permissions import ACTIONS, ROLE_NAMES, Role
from core.requests import integer
from core.routing import actor_of
from organizations import queries
from organizations.operations import access_requests, invitations, members, policies
from web.accounts import forms
from web.accounts.audit import AREAS, audit_page
from web.accounts.links import invitation_link, password_reset_link
from web.accounts.usage import counted

PAGES = [
    ("organization-page", gettext_lazy("People"), "users", "organization.view"),
    ("organization-invitations", gettext_lazy("Invitations"), "link", "people.invite"),
    ("organization-policies", gettext_lazy("Policies"), "settings", "organization.change"),
    ("organization-storages", gettext_lazy("Storages"), "folder", "storages.connect"),
    ("organization-webhooks", gettext_lazy("Webhooks"), "link", "webhooks.view"),
    ("organization-permissions", gettext_lazy("Permissions"), "lock", "organization.audit"),
    ("organization-audit", gettext_lazy("Audit"), "activity", "organization.audit"),
    (
        "organization-space",
        gettext_lazy("This Space") if settings.ENVIRONMENT.on_space else gettext_lazy("This server"),
        "activity",
        "space.manage",
    ),
    ("organization-usage", gettext_lazy("Usage"), "info", "organization.usage"),
]
PEOPLE_PER_PAGE = 50


def people(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    search = request.GET.get("search", "").replace("\0", "").strip()
    rows = queries.people(actor).present().filter(user__is_active=True)
    page = Paginator(queries.search_people(rows, search), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    return organization_page(
        request,
        "organization-page",
        page=page,
        search=search,
        rows=[_person(actor, row) for row in page],
        can_change=actor.may("people.change"),
        me=actor.user_id,
        waiting=queries.waiting_people(actor) if actor.may("people.invite") else [],
        waiting_roles=forms.role_choices(queries.roles_that_may_be_given(actor)),
        waiting_role=queries.my_organization(actor).signup_role,
    )


def _person(actor: Actor, row: Any) -> dict[str, Any]:
    may_manage = actor.may("people.change") and (row.role != Role.OWNER or actor.role == Role.OWNER)
    return {
        "membership": row,
        "user": row.user,
        "role_name": ROLE_NAMES[Role(row.role)],
        "roles": forms.role_choices(queries.roles_that_may_be_given(actor)) if may_manage else [],
        "may_manage": may_manage and row.user_id != actor.user_id,
    }


def change_role(request: HttpRequest, user_id: int) -> HttpResponse:
    actor = actor_of(request)
    queries.member(actor, user_id)
    form = forms.RoleForm(queries.roles_that_may_be_given(actor), request.POST)
    if not form.is_valid():
        raise invalid(role=_("Choose one of the roles that you may give."))
    try:
        row = members.change_role(actor, user_id, Role(form.cleaned_data["role"]))
    except Refused as refused:
        _tell(request, refused)
    else:
        messages.success(request, _("%(name)s is now %(role)s.") % {"name": row.user.name, "role": str(ROLE_NAMES[Role(row.role)]).lower()})
    return redirect("organization-page")


def answer_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Somebody who signed in elsewhere waits: let them in with a role, or not."""
    actor = actor_of(request)
    queries.access_request(actor, request_id)
    if request.POST.get("answer") == "refuse":
        person = access_requests.refuse(actor, request_id)
        messages.success(request, _("%(name)s was not let in.") % {"name": person.name})
        return redirect("organization-page")
    form = forms.RoleForm(queries.roles_that_may_be_given(actor), request.POST)
    if not form.is_valid():
        raise invalid(role=_("Choose one of the roles that you may give."))
    person = access_requests.approve(actor, request_id, Role(form.cleaned_data["role"]))
    messages.success(request, _("%(name)s is in.") % {"name": person.name})
    return redirect("organization-page")


def remove(request: HttpRequest, user_id: int) -> HttpResponse:
    """Asks first, and says what will happen."""
    actor = actor_of(request)
    row = queries.member(actor, user_id)
    if request.method == "POST":
        try:
            members.remove_member(actor, user_id)
        except Refused as refused:
            _tell(request, refused)
        else:
            messages.success(request, _("%(name)s was removed.") % {"name": row.user.name})
        return redirect("organization-page")
    return organization_page(request, "organization-page", template="remove", person=row.user)


def password_link(request: HttpRequest, user_id: int) -> HttpResponse:
    actor = actor_of(request)
    person = queries.member(actor, user_id).user
    try:
        token = members.make_password_link(actor, user_id)
    except Refused as refused:
        _tell(request, refused)
        return redirect("organization-page")
    response = organization_page(
        request, "organization-page", template="password_link", person=person, link=password_reset_link(request, token)
    )
    response["Cache-Control"] = "no-store"
    return response


def invite(request: HttpRequest) -> HttpResponse:
    """The live invitations and the organization's link. A new invitation's link is shown once, in the answer to the form."""
    actor = actor_of(request)
    roles = queries.roles_that_may_be_given(actor)
    blank = forms.InviteForm(roles, initial={"role": Role.ANNOTATOR})
    form, link, invited = blank, "", None
    if request.method == "POST":
        form = forms.InviteForm(roles, request.POST)
        if form.is_valid():
            values = form.cleaned_data
            try:
                invited, token = invitations.invite(actor, Role(values["role"]), email=values["email"], days=values["days"])
            except Refused as refused:
                form.refuse(refused)
            else:
                form, link = blank, invitation_link(request, token)
    organization = queries.my_organization(actor)
    token_now = queries.invite_token(organization)
    response = organization_page(
        request,
        "organization-invitations",
        form=form,
        link=link,
        invited=invited,
        invitations=[{"row": row, "role_name": ROLE_NAMES[Role(row.role)]} for row in queries.invitations(actor)],
        organization_link=invitation_link(request, token_now) if token_now else "",
        link_role=ROLE_NAMES[Role(organization.signup_role)],
    )
    response["Cache-Control"] = "no-store"
    return response


def reset_link(request: HttpRequest) -> HttpResponse:
    invitations.reset_organization_token(actor_of(request))
    messages.success(request, _("There is a new link; the former one is dead."))
    return redirect("organization-invitations")


def revoke(request: HttpRequest, invitation_id: int) -> HttpResponse:
    invitations.revoke(actor_of(request), invitation_id)
    messages.success(request, _("The invitation is revoked."))
    return redirect("organization-invitations")


def close_sign_up(request: HttpRequest) -> HttpResponse:
    policies.close_sign_up(actor_of(request))
    messages.success(request, _("Sign-up is closed: from now on people come by invitation."))
    return redirect("organization-page")


def policy(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    organization = queries.my_organization(actor)
    roles = [role for role in queries.roles_that_may_be_given(actor) if role != Role.OWNER]
    known: dict[str, Any] = {
        "general": (forms.OrganizationForm, (), policies.update_organization),
        "signup": (forms.SignUpPolicyForm, (roles,), policies.update_organization),
        "tokens": (forms.TokenPolicyForm, (), policies.update_token_policy),
        "sessions": (forms.SessionPolicyForm, (), policies.update_session_policy),
    }
    sent = request.POST.get("form") if request.method == "POST" else None
    if request.method == "POST" and sent not in known:
        raise not_found()
    shown: dict[str, Any] = {}
    for name, (form_class, arguments, operation) in known.items():
        initial = {field: getattr(organization, field) for field in form_class.base_fields}
        form = form_class(*arguments, request.POST if name == sent else None, initial=initial, auto_id=f"{name}-%s")
        if name == sent and form.is_valid():
            values = dict(form.cleaned_data)
            if name == "general":
                values["contact_info"] = values["contact_info"] or None
            try:
                operation(actor, values)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("Saved."))
                return redirect("organization-policies")
        shown[f"{name}_form"] = form
    return organization_page(
        request,
        "organization-policies",
        **shown,
        decided_by_environment=settings.DISABLE_SIGNUP_WITHOUT_LINK is not None,
        is_open=queries.sign_up_is_open(organization),
    )


def permissions(request: HttpRequest) -> HttpResponse:
    """The table that every route is checked against."""
    rows = [{"title": title, "cells": [role in roles for role in Role]} for title, roles in ACTIONS.values()]
    return organization_page(request, "organization-permissions", roles=[ROLE_NAMES[role] for role in Role], rows=rows)


def audit(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    area = request.GET.get("area", "")
    area = area if area in AREAS else "people"
    before = integer(request.GET.get("before"), "before", least=1)
    found = audit_page(actor, area, before)
    return organization_page(
        request,
        "organization-audit",
        entries=found.entries,
        older=found.older,
        area=area,
        areas=[{"name": name, "title": title} for name, (title, _kinds) in AREAS.items()],
    )


def _tell(request: HttpRequest, refused: Refused) -> None:
    texts = [str(text) for field in (refused.fields or {}).values() for text in (field if isinstance(field, list) else [field])]
    messages.error(request, " ".join(texts) or str(refused.detail))


def organization_page(request: HttpRequest, name: str, *, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
    """A page of the organization, by its name; `template` when it is not called like it."""
    actor = actor_of(request)
    organization = queries.my_organization(actor)
    file = template or name.removeprefix("organization-").replace("page", "people")
    return render(
        request,
        f"web/organization/{file}.html",
        {
            **context,
            "organization": organization,
            "may_invite": actor.may("people.invite"),
            "pages": [
                {"name": page, "title": title, "icon": icon, "url": reverse(page)}
                for page, title, icon, action in PAGES
                if actor.may(action)
            ],
            "current_page": name,
        },
        status=status,
    )


def usage(request: HttpRequest) -> HttpResponse:
    """What is counted here, and leaves the server with nobody."""
    return organization_page(request, "organization-usage", counted=counted(actor_of(request)))
