"""The header's line about the copy, which pages ask for again and again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web.saved import saved as line


def saved(request: HttpRequest) -> HttpResponse:
    found = line()
    return render(request, "web/saved.html", {"saved": found}) if found else HttpResponse()
