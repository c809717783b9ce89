"""This Space: each fact with its fix, and what an owner can do to it."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.errors import Refused
from core.routing import actor_of
from spaces import operations
from spaces.facts import hub_facts, local_facts
from spaces.hub import hub, told
from spaces.runtime import look
from web.accounts.organization import organization_page
from web.context import LATER_COOKIE
from web.requests import next_page

LATER_SECONDS = 24 * 3600


def this_space(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "POST":
        try:
            operations.manage(actor, request.POST.get("action", ""), request.POST.get("name", "").strip(), request.POST.get("value", ""))
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("Done. Hugging Face restarts the Space when it has to."))
        return redirect("organization-space")
    space = settings.ENVIRONMENT.space
    response = organization_page(
        request,
        "organization-space",
        facts=local_facts(),
        space=space,
        asks_hub=bool(space or os.environ.get("HF_TOKEN")),
        may_manage=bool(space and os.environ.get("HF_TOKEN")),
    )
    response["Cache-Control"] = "no-store"
    return response


def hub_part(request: HttpRequest) -> HttpResponse:
    """What only Hugging Face knows, fetched by the page once it is there."""
    return render(request, "web/organization/space_facts.html", {"facts": hub_facts()})


def machines(request: HttpRequest) -> HttpResponse:
    """The hardware there is, with its price, for the form."""
    try:
        with told():
            found = [(one.name, one.pretty_name, (one.unit_cost_usd or 0) * 60) for one in hub().list_spaces_hardware()]
    except Refused as refused:
        return render(request, "web/organization/space_hardware.html", {"refused": refused.sentence})
    return render(request, "web/organization/space_hardware.html", {"machines": found})


def at_the_hub(request: HttpRequest) -> HttpResponse:
    """The Space as Hugging Face runs it now, with the forms that change it."""
    try:
        now = look(hub())
    except Refused as refused:
        return render(request, "web/organization/space_runtime.html", {"refused": refused.sentence})
    return render(request, "web/organization/space_runtime.html", {"now": now})


def later(request: HttpRequest) -> HttpResponse:
    """The warning about storage that does not last is put off until tomorrow, in this browser."""
    actor_of(request)
    response = HttpResponseRedirect(next_page(request, "home"))
    same_site: Any = settings.SESSION_COOKIE_SAMESITE  # in the frame of a Space's page it has to come back, too
    response.set_cookie(LATER_COOKIE, "1", max_age=LATER_SECONDS, secure=settings.SESSION_COOKIE_SECURE, samesite=same_site)
    return response
