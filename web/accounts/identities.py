"""Signing in with another server's account: to the issuer and back, into a frame by a one-time code, connecting and disconnecting.

Inside huggingface.co's frame cookies are kept apart from those of a window. So the frame opens a window, the window signs in, hands its
opener a code by postMessage (to our own origin only), and the frame posts the code for a session of its own.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.authentication import authenticate, client_address
from core.errors import Refused, not_found
from core.requests import integer
from core.routing import actor_of
from organizations.operations import identities as people
from users.models import User
from users.openid import Claims, Provider, protocol, provider
from users.operations import identities
from users.queries import my_identities
from web.accounts.account import account_page
from web.accounts.forms import ConnectForm
from web.accounts.links import absolute, wanted_page
from web.accounts.sessions import begin_session, start_session

FLOW = "__Host-signing-in" if settings.SESSION_COOKIE_SECURE else "signing-in"
FLOW_SECONDS = 600
IN_WINDOW, CONNECT = "window", "connect"  # why somebody went to the issuer; "" to sign in here


def start(request: HttpRequest) -> HttpResponse:
    """Off to the issuer, with what must come back the same kept in a signed cookie."""
    issuer = _issuer()
    why = request.GET.get("for", "")
    try:
        url, proof = protocol.begin(issuer, _back(request))
    except Refused as refused:
        return _failed(request, refused)
    response = HttpResponseRedirect(url)
    _keep(
        response,
        {
            "proof": [proof.state, proof.nonce, proof.verifier],
            "next": wanted_page(request),
            "for": why if why in (IN_WINDOW, CONNECT) else "",
            "token": request.GET.get("token", "")[:100],
            "user": actor.user_id if why == CONNECT and (actor := authenticate(request)) is not None else None,
        },
    )
    return _open_to_opener(response)


def callback(request: HttpRequest) -> HttpResponse:
    """Back from the issuer."""
    issuer = _issuer()
    flow = _kept(request)
    proof = protocol.Proof(*flow["proof"]) if flow and "proof" in flow else None
    if flow is None or proof is None or request.GET.get("state") != proof.state:
        return _failed(request, Refused(_("This sign-in took too long, or was begun in another window. Start again."), 400))
    if "code" not in request.GET:
        return _failed(request, Refused(_("%(name)s did not let you in. Start again.") % {"name": issuer.name}, 400))
    try:
        claims = protocol.finish(issuer, request.GET["code"], proof, _back(request))
        if flow["for"] == CONNECT:
            return _connected(request, claims, flow["user"])
        user = people.sign_in_with(claims, flow["token"], client_address(request))
    except people.AddressTaken:
        response = _connect_page(request, ConnectForm(), claims.email, issuer)
        # (Without the organizations, which may be many: who has an account here is a member by it.)
        _keep(response, {"claims": {**claims.as_json(), "organizations": {}}, "for": flow["for"], "next": flow["next"]})
        return response
    except Refused as refused:
        return _failed(request, refused)
    return _signed_in(request, user, flow)


def prove(request: HttpRequest) -> HttpResponse:
    """The password of the account with the address that the issuer named: then both are one person's."""
    issuer = _issuer()
    flow = _kept(request)
    if flow is None or "claims" not in flow:
        return _failed(request, Refused(_("This sign-in took too long. Start again."), 400))
    claims = Claims(**flow["claims"])
    form = ConnectForm(request.POST)
    if form.is_valid():
        try:
            user = people.connect_by_password(claims, form.cleaned_data["password"], client_address(request))
        except Refused as refused:
            form.refuse(refused)
        else:
            return _signed_in(request, user, flow)
    return _connect_page(request, form, claims.email, issuer)


def handover(request: HttpRequest) -> HttpResponse:
    """The frame's turn: its code for a session."""
    try:
        user = identities.take_handover(request.POST.get("code", "")[:100])
    except Refused as refused:
        return _failed(request, refused)
    return begin_session(request, user, persist=True)


def mine(request: HttpRequest) -> HttpResponse:
    """One's accounts elsewhere."""
    actor = actor_of(request)
    if request.method == "POST":
        identity_id = integer(request.POST.get("disconnect"), "disconnect", least=1)
        if identity_id is None:
            raise not_found()
        try:
            identities.disconnect(actor, identity_id)
        except Refused as refused:
            if refused.status != 409:
                raise
            messages.error(request, str(refused.detail))
        else:
            messages.success(request, _("Disconnected."))
        return redirect("account-identities")
    issuer = provider()
    mine = my_identities(actor)
    return account_page(
        request,
        "account-identities",
        identities=mine,
        issuer=issuer,
        may_connect=issuer is not None and all(row.issuer != issuer.url for row in mine),
    )


def _issuer() -> Provider:
    found = provider()
    if found is None:
        raise not_found()
    return found


def _back(request: HttpRequest) -> str:
    return absolute(request, reverse("openid-callback"))


def _connected(request: HttpRequest, claims: Claims, user_id: int | None) -> HttpResponse:
    actor = authenticate(request)
    if actor is None or actor.user_id != user_id:
        return redirect("login")
    identities.connect(actor, claims)
    messages.success(request, _("Connected."))
    return _forget(redirect("account-identities"))


def _signed_in(request: HttpRequest, user: User, flow: dict[str, Any]) -> HttpResponse:
    if flow["for"] != IN_WINDOW:
        return _forget(begin_session(request, user, persist=True, target=flow["next"]))
    code = identities.make_handover(user)
    # The window is signed in as well: should its opener be out of reach, one goes on here.
    start_session(request, user, persist=False)
    response = render(request, "web/accounts/handover.html", {"handover": {"code": code}, "next": flow["next"]})
    response["Cache-Control"] = "no-store"
    return _open_to_opener(_forget(response))


def _failed(request: HttpRequest, refused: Refused) -> HttpResponse:
    response = render(
        request, "web/accounts/sign_in_failed.html", {"text": refused.sentence}, status=refused.status if refused.status < 500 else 400
    )
    return _open_to_opener(_forget(response))


def _connect_page(request: HttpRequest, form: ConnectForm, email: str, issuer: Provider) -> HttpResponse:
    response = render(request, "web/accounts/connect.html", {"form": form, "email": email, "issuer": issuer})
    response["Cache-Control"] = "no-store"
    return _open_to_opener(response)


def _open_to_opener(response: HttpResponse) -> HttpResponse:
    """Without this the browser would part the window from the frame that opened it."""
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    return response


def _keep(response: HttpResponse, flow: dict[str, Any]) -> None:
    response.set_cookie(
        FLOW,
        signing.dumps(flow, salt=FLOW, compress=True),
        max_age=FLOW_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # The way back comes from another site, so Strict would lose it.
        samesite="None" if settings.SESSION_COOKIE_SAMESITE == "None" else "Lax",
    )


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(request.COOKIES.get(FLOW, ""), salt=FLOW, max_age=FLOW_SECONDS)
    except signing.BadSignature:
        return None
    return found


def _forget(response: HttpResponse) -> HttpResponse:
    response.set_cookie(
        FLOW,
        "",
        max_age=0,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="None" if settings.SESSION_COOKIE_SAMESITE == "None" else "Lax",
    )
    return response
