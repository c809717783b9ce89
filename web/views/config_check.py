"""What is wrong with a labeling set-up while it is being written. Always 200: half-written text is no mistake of the person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from core.errors import Refused
from core.requests import dict_body, json_response
from core.routing import actor_of
from projects.configs import warnings
from projects.operations import check_config
from projects.queries import get_project


def check_new(request: HttpRequest) -> HttpResponse:
    """`{label_config}` -> `{problems, warnings, losses}`, each a list of sentences."""
    return _answer(str(dict_body(request).get("label_config", "")))


def check_change(request: HttpRequest, project_id: int) -> HttpResponse:
    """The same against a project: `problems` also names what would make answers impossible, `losses` what they would lose."""
    project = get_project(actor_of(request), project_id)
    text = str(dict_body(request).get("label_config", ""))
    try:
        check = check_config(project, text, strict=False)
    except Refused:
        return _answer(text)
    return _answer(text, check.errors, check.losses)


def _answer(text: str, problems: list[str] | None = None, losses: list[str] | None = None) -> HttpResponse:
    try:
        odd = warnings(text)
    except Refused as refused:
        return json_response({"problems": (refused.fields or {}).get("label_config", [str(refused)]), "warnings": [], "losses": []})
    return json_response({"problems": problems or [], "warnings": odd, "losses": losses or []})
