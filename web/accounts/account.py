"""One's own account: profile, password, sessions, tokens, preferences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.authentication import client_address
from core.errors import Refused
from core.requests import integer
from core.routing import actor_of
from organizations.operations import joining
from organizations.queries import my_organization, my_organizations
from users.openid import provider
from users.operations import accounts, api_tokens
from users.queries import account, my_sessions
from web.accounts.forms import AvatarForm, ChangePasswordForm, ProfileForm, TokenForm
from web.context import THEME_COOKIE, THEMES

PAGES = [
    ("account-page", gettext_lazy("Profile"), "user"),
    ("account-password", gettext_lazy("Password"), "lock"),
    ("account-identities", gettext_lazy("Connected accounts"), "link"),
    ("account-sessions", gettext_lazy("Sessions"), "activity"),
    ("account-tokens", gettext_lazy("API tokens"), "code"),
    ("account-preferences", gettext_lazy("Preferences"), "settings"),
]
THEME_COOKIE_SECONDS = 400 * 24 * 3600  # as long as browsers keep one


def profile(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    me = account(actor.user_id)
    form = ProfileForm(request.POST or None, initial={"first_name": me.first_name, "last_name": me.last_name, "phone": me.phone})
    if request.method == "POST" and form.is_valid():
        accounts.update_profile(actor, me, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("account-page")
    return account_page(request, "account-page", form=form, avatar_form=AvatarForm(), me=me)


def avatar(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = AvatarForm(request.POST, request.FILES)
    if "remove" in request.POST:
        accounts.remove_avatar(actor)
        return redirect("account-page")
    if form.is_valid():
        try:
            accounts.set_avatar(actor, form.cleaned_data["avatar"])
        except Refused as refused:
            form.add_error("avatar", str(refused.detail))
        else:
            messages.success(request, _("Saved."))
            return redirect("account-page")
    me = account(actor.user_id)
    profile_form = ProfileForm(initial={"first_name": me.first_name, "last_name": me.last_name, "phone": me.phone})
    return account_page(request, "account-page", form=profile_form, avatar_form=form, me=me)


def password(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(actor, form.cleaned_data["old_password"], form.cleaned_data["new_password"], client_address(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your password is changed, and your other sessions have ended."))
            return redirect("account-password")
    return account_page(request, "account-password", form=form)


def sessions(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        session_id = integer(request.POST.get("session"), "session", least=1)
        if session_id is not None:
            accounts.end_session(actor, session_id)
            messages.success(request, _("The session has ended."))
        else:
            count = accounts.end_other_sessions(actor)
            messages.success(request, ngettext("%(count)d session has ended.", "%(count)d sessions have ended.", count) % {"count": count})
        return redirect("account-sessions")
    return account_page(request, "account-sessions", sessions=my_sessions(actor))


def tokens(request: HttpRequest) -> HttpResponse:
    """Personal tokens and the legacy one. A token is shown once, in the answer to the click that made it or asked for it."""
    actor = actor_of(request)
    organization = my_organization(actor) if actor.organization_id else None
    form = TokenForm()
    shown: dict[str, Any] = {}
    if request.method == "POST" and organization is not None:
        if "legacy" in request.POST:
            shown = {"legacy": api_tokens.legacy_token(account(actor.user_id))}
        elif "reset" in request.POST:
            shown = {"legacy": api_tokens.reset_legacy_token(actor, account(actor.user_id))}
        elif (token_id := integer(request.POST.get("revoke"), "revoke", least=1)) is not None:
            api_tokens.revoke_token(actor, token_id)
            messages.success(request, _("The token is revoked."))
            return redirect("account-tokens")
        elif organization.api_tokens_enabled:
            form = TokenForm(request.POST)
            if form.is_valid():
                try:
                    row = api_tokens.create_token(
                        actor,
                        name=form.cleaned_data["name"],
                        days=form.cleaned_data["expires_in_days"],
                        longest_days=organization.api_token_ttl_days,
                    )
                    shown = {"token": api_tokens.text_of(row), "name": row.name}
                    form = TokenForm()
                except Refused as refused:
                    form.refuse(refused)
    response = account_page(
        request, "account-tokens", form=form, tokens=api_tokens.live_tokens(actor.user_id), organization=organization, shown=shown
    )
    response["Cache-Control"] = "no-store"
    return response


def preferences(request: HttpRequest) -> HttpResponse:
    """The theme is this device's (a cookie); the organization one works in and mails are the account's."""
    actor = actor_of(request)
    if request.method == "POST":
        organization_id = integer(request.POST.get("organization"), "organization", least=1)
        if organization_id is not None and organization_id != actor.organization_id:
            joining.switch_organization(actor, organization_id)
        messages.success(request, _("Saved."))
        response = redirect("account-preferences")
        theme = request.POST.get("theme", "")
        if theme in THEMES:
            response.set_cookie(THEME_COOKIE, theme, max_age=THEME_COOKIE_SECONDS, samesite="Lax")
        else:
            response.delete_cookie(THEME_COOKIE)
        return response
    return account_page(
        request,
        "account-preferences",
        organizations=my_organizations(actor),
        organization_id=actor.organization_id,
        themes=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
    )


def account_page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(
        request,
        f"web/accounts/{name.removeprefix('account-').replace('page', 'profile')}.html",
        {
            **context,
            "pages": [
                {"name": page, "title": title, "icon": icon, "url": reverse(page)}
                for page, title, icon in PAGES
                if page != "account-identities" or provider() is not None
            ],
            "current_page": name,
        },
    )
