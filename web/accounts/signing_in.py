"""Sign in, sign up, sign out, accept an invitation, set a new password. Field names are Label Studio's: its clients post these forms."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.authentication import authenticate, client_address
from core.errors import Refused
from core.routing import actor_of
from organizations.operations import joining
from organizations.queries import Invited, first_organization, invited_by, sign_up_is_open
from projects import guests
from users.openid import provider
from users.operations import accounts
from users.operations.mails import ask_for_link
from web.accounts.forms import EmailForm, NewPasswordForm, SignInForm, SignUpForm
from web.accounts.links import is_from_here, wanted_page
from web.accounts.sessions import begin_session


def login(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        if authenticate(request) is not None:
            return HttpResponseRedirect(wanted_page(request))
        if settings.MULTI_SESSION and is_new_guest(request):
            return begin_session(request, guests.make_guest(client_address(request)), persist=True)
        return _login_page(request, SignInForm(initial={"persist_session": True}))
    form = SignInForm(request.POST)
    if form.is_valid():
        try:
            user = joining.sign_in(form.cleaned_data["email"], form.cleaned_data["password"], client_address(request))
        except Refused as refused:
            form.refuse(refused)
            form.ask_for_password()
            return _login_page(request, form, refused)
        return begin_session(request, user, persist=form.cleaned_data["persist_session"])
    return _login_page(request, form)


def is_new_guest(request: HttpRequest) -> bool:
    """A person's browser that opens a page, and does not ask for the form of those with an account."""
    return request.method == "GET" and "account" not in request.GET and "text/html" in request.headers.get("Accept", "")


def _login_page(request: HttpRequest, form: SignInForm, refused: Refused | None = None) -> HttpResponse:
    organization = first_organization()
    response = render(
        request,
        "web/accounts/login.html",
        {
            "form": form,
            "next": wanted_page(request),
            "may_sign_up": sign_up_is_open(organization),
            "is_first": organization is None,
            "issuer": provider(),
        },
        status=429 if refused is not None and refused.status == 429 else 200,
    )
    for name, value in (refused.headers if refused else {}).items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def signup(request: HttpRequest) -> HttpResponse:
    token = request.POST.get("token") or request.GET.get("token") or ""
    try:
        invited = joining.check_sign_up(token)
    except Refused as refused:
        return _closed(request, refused)
    if request.method != "POST":
        return _signup_page(request, SignUpForm(initial={"email": invited.email if invited else ""}), token, invited)
    form = SignUpForm(request.POST)
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            user = joining.sign_up(fields.pop("email"), fields.pop("password"), token, **fields)
        except Refused as refused:
            if refused.status == 403:
                return _closed(request, refused)
            form.refuse(refused)
        else:
            return begin_session(request, user, persist=True)
    return _signup_page(request, form, token, invited)


def _signup_page(request: HttpRequest, form: SignUpForm, token: str, invited: Invited | None) -> HttpResponse:
    actor = authenticate(request)
    response = render(
        request,
        "web/accounts/signup.html",
        {
            "form": form,
            "token": token,
            "invited": invited,
            "next": wanted_page(request),
            "is_first": first_organization() is None,
            "closes_behind": settings.ENVIRONMENT.on_space and settings.DISABLE_SIGNUP_WITHOUT_LINK is None,
            "issuer": provider(),
            "may_join": actor is not None and invited is not None and actor.organization_id != invited.organization.pk,
            "signed_in_as": actor.email if actor else "",
        },
    )
    response["Cache-Control"] = "no-store"
    return response


def _closed(request: HttpRequest, refused: Refused) -> HttpResponse:
    return render(request, "web/accounts/closed.html", {"text": str(refused.detail), "issuer": provider()}, status=403)


def join(request: HttpRequest) -> HttpResponse:
    """Accept an invitation with the account that is signed in."""
    token = request.POST.get("token") or request.GET.get("token") or ""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            organization = joining.join(actor, token)
        except Refused as refused:
            return _closed(request, refused)
        messages.success(request, _("Welcome to %(title)s.") % {"title": organization.title})
        return redirect("home")
    invited = invited_by(token)
    if invited is None:
        return _closed(request, Refused(_("This invitation is not valid any more. Ask for a new one."), 403))
    return render(request, "web/accounts/join.html", {"invited": invited, "token": token, "signed_in_as": actor.email})


def logout(request: HttpRequest) -> HttpResponse:
    actor = authenticate(request)
    if actor is not None:
        if request.method != "POST" and not is_from_here(request):
            return render(request, "web/accounts/logout.html", {"signed_in_as": actor.email})
        accounts.sign_out(actor)
    request.session.flush()
    answer = HttpResponseRedirect(settings.LOGIN_URL)
    answer["Clear-Site-Data"] = '"cache"'  # media that were shown; not the storage: it may hold work that has not been sent yet
    return answer


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password: by mail when the server sends any, else from an administrator."""
    sends_mail = bool(settings.EMAIL_HOST and settings.PUBLIC_ORIGIN)
    form = EmailForm(request.POST or None)
    sent = False
    if request.method == "POST" and sends_mail and form.is_valid():
        try:
            ask_for_link(form.cleaned_data["email"])
            sent = True
        except Refused as refused:
            form.refuse(refused)
    return render(request, "web/accounts/forgotten.html", {"form": form, "sends_mail": sends_mail, "sent": sent})


def reset(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a new password with a link. Afterwards one signs in with it: the link alone opens nothing."""
    try:
        user = accounts.password_link(token).user
    except Refused as refused:
        return render(request, "web/accounts/closed.html", {"text": str(refused.detail)}, status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.set_password_by_link(token, form.cleaned_data["new_password"])
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your new password is set. Sign in with it."))
            return HttpResponseRedirect(settings.LOGIN_URL)
    response = render(request, "web/accounts/reset.html", {"form": form, "email": user.email})
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
