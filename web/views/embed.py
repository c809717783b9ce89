"""The editor for other pages: the script that defines `<annotation-editor>`, and the page that it shows in its frame."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from web.assets import entry

SCRIPT = "src/islands/annotation-editor.ts"


def script(request: HttpRequest) -> HttpResponse:
    """The element's file has another name in each version; pages name this one."""
    found = redirect(entry(SCRIPT).script)
    found["Access-Control-Allow-Origin"] = "*"  # a module of another site; it holds nothing of anybody
    found["Cache-Control"] = "public, max-age=300"
    return found


def frame(request: HttpRequest) -> HttpResponse:
    """An editor without a task; `FRAME_ANCESTORS` says which sites may show it."""
    return render(request, "web/embed.html")
