"""Datasets of the Hugging Face Hub: rows in, into a new project or one that is there, and annotations out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.errors import Refused
from core.jobs.models import Job
from core.jobs.operations import OPEN
from core.rawjson import dump_json
from core.routing import actor_of
from hub_datasets import operations
from hub_datasets.operations import Asked, Looked, may_lend_token
from hub_datasets.proposal import ANNOTATION, ANSWERS, DATA, LEAVE, PREDICTION
from hub_datasets.queries import pushes_of, target_of
from projects.models import Project
from projects.queries import config_of, get_project
from web.project_fields import field_errors, validated
from web.project_page import render_project
from web.requests import is_fragment

USE = "use:"  # what stands before a column's name in the form
USE_TITLES = {
    DATA: gettext_lazy("shown as data"),
    PREDICTION: gettext_lazy("predictions, to be checked"),
    ANNOTATION: gettext_lazy("annotations"),
    LEAVE: gettext_lazy("left out"),
}
CELL = 200  # characters of a cell that are shown


def create(request: HttpRequest) -> HttpResponse:
    """A new project from a dataset."""
    actor = actor_of(request)

    def take(asked: Asked, uses: dict[str, str]) -> Job:
        title = request.POST.get("title", "").strip()
        return operations.create_from_dataset(actor, validated({"title": title}) if title else {}, asked, uses=uses)[1]

    return _taking(request, None, take)


def import_dataset(request: HttpRequest, project_id: int) -> HttpResponse:
    """A dataset's rows as tasks of a project."""
    actor = actor_of(request)
    project = get_project(actor, project_id)

    def take(asked: Asked, uses: dict[str, str]) -> Job:
        return operations.import_dataset(actor, project, asked, uses=uses, take_config="take_config" in request.POST)[1]

    return _taking(request, project, take)


def _taking(request: HttpRequest, project: Project | None, take: Callable[[Asked, dict[str, str]], Job]) -> HttpResponse:
    """Looking changes nothing and stays on the page; the import goes on on its job's page."""
    if request.method != "POST":
        return _page(request, project, asked=_asked(request.GET))
    said: Mapping[str, str] = request.POST
    if said.get("of", "") != said.get("dataset", "").strip():
        # What was chosen was chosen of another dataset.
        said = {name: value for name, value in said.items() if name != "part" and not name.startswith(USE)}
    asked = _asked(said)
    uses = {name.removeprefix(USE): value for name, value in said.items() if name.startswith(USE)}
    try:
        if request.POST.get("do") == "import":
            return redirect("job-page", job_id=take(asked, uses).pk)
        found = operations.look(actor_of(request), asked, uses)
    except Refused as refused:
        # A part of the page is only shown when it is said to be well.
        status = 200 if is_fragment(request) else refused.status if refused.status < 500 else 400
        return _page(request, project, status, asked=asked, errors=field_errors(refused))
    return _page(request, project, asked=asked, found=found, rows=_rows(found), columns=_columns(found), parts=_parts(found))


def _page(request: HttpRequest, project: Project | None, status: int = 200, **context: Any) -> HttpResponse:
    shown = {
        "lends": may_lend_token(actor_of(request)),
        "errors": {},
        "title": request.POST.get("title", ""),
        # Who has just looked at a dataset has not said whether its set-up is wanted: it is where there is none.
        "take_config": "take_config" in request.POST or (project is not None and not config_of(project).controls),
        **context,
    }
    if project is None:
        return render(request, "web/create_hub.html", shown, status=status)
    return render_project(request, "web/project/import_hub.html", project, "import", status, **shown)


def _asked(said: Mapping[str, str]) -> Asked:
    configuration, _slash, split = said.get("part", "").rpartition("/")
    texts = {name: said.get(name, "").strip()[:500].replace("\0", "") for name in ("dataset", "revision", "token")}
    return Asked(**texts, configuration=configuration, split=split)


def _parts(found: Looked) -> list[tuple[str, str, bool]]:
    """Every configuration and split as one choice: (value, words, whether it is chosen)."""
    alone = len(found.configurations) == 1
    return [
        (
            f"{configuration}/{split}",
            split if alone else f"{configuration} · {split}",
            (configuration, split) == (found.configuration, found.split),
        )
        for configuration, splits in found.configurations.items()
        for split in splits
    ]


def _columns(found: Looked) -> list[dict[str, Any]]:
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "names": column.names,
            "uses": [
                (use, title, found.uses[column.name] == use)
                for use, title in USE_TITLES.items()
                if column.kind in ANSWERS or use in (DATA, LEAVE)
            ],
        }
        for column in found.columns
    ]


def _rows(found: Looked) -> dict[str, Any]:
    """The first tasks as a table: their data, and what is answered."""
    names = list(dict.fromkeys(name for task in found.tasks for name in task["data"]))
    answers = any("predictions" in task or "annotations" in task for task in found.tasks)
    lines = []
    for task in found.tasks:
        line = [_cell(task["data"].get(name)) for name in names]
        if answers:
            given = [row["value"] for kind in ("annotations", "predictions") for one in task.get(kind, ()) for row in one["result"]]
            line.append(_cell("; ".join(next(iter(_named(value)), "") or dump_json(value).decode() for value in given)))
        lines.append(line)
    return {"names": [*names, *([_("Answers")] if answers else [])], "lines": lines}


def _named(value: dict[str, Any]) -> list[str]:
    """The labels of a region or choice, for a glance."""
    return [", ".join(map(str, labels)) for labels in value.values() if isinstance(labels, list) and labels and isinstance(labels[0], str)]


def _cell(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else dump_json(value).decode()
    return text if len(text) <= CELL else f"{text[:CELL]}…"


def push(request: HttpRequest, project_id: int) -> HttpResponse:
    """Where a project's annotations go, and what went there. POST saves, or (`do` is push) saves nothing and pushes."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method != "POST":
        return _push_page(request, actor, project)
    try:
        if request.POST.get("do") != "push":
            operations.set_target(actor, project, _target_fields(request))
            messages.success(request, _("Saved."))
        if request.POST.get("do") != "save":
            found = target_of(actor, project)
            if found is None:
                raise Refused(_("Say first which dataset the annotations go to."), 400)
            operations.push(actor, found)
    except Refused as refused:
        return _push_page(request, actor, project, refused.status if refused.status < 500 else 400, errors=field_errors(refused))
    return redirect("export-hub-page", project_id=project.pk)


def _target_fields(request: HttpRequest) -> dict[str, Any]:
    when = request.POST.get("when", "")
    return {
        "dataset": request.POST.get("dataset", ""),
        "token": request.POST.get("token", "").strip(),
        "private": request.POST.get("visibility") != "public",
        "hours": request.POST.get("hours") if when == "hours" else 0,
        "annotations": request.POST.get("annotations") if when == "annotations" else 0,
    }


def _push_page(request: HttpRequest, actor: Actor, project: Project, status: int = 200, **context: Any) -> HttpResponse:
    found = target_of(actor, project)
    job = Job.objects.filter(pk=found.job_id).first() if found is not None and found.job_id else None
    sent = request.POST if status != 200 else None
    values: dict[str, Any]
    if sent is not None and "dataset" in sent:
        values = {name: sent.get(name, "") for name in ("dataset", "hours", "annotations", "when")}
        values["private"] = sent.get("visibility") != "public"
    elif found is not None:
        when = "hours" if found.hours else "annotations" if found.annotations else ""
        values = {
            "dataset": found.repo,
            "hours": found.hours or "",
            "annotations": found.annotations or "",
            "when": when,
            "private": found.private,
        }
    else:
        values = {"private": True, "when": ""}
    return render_project(
        request,
        "web/project/export_hub.html",
        project,
        "export",
        status,
        **{
            "target": found,
            "values": values,
            "pushes": pushes_of(found) if found is not None else [],
            "job": job,
            "running": job is not None and job.status in OPEN,
            "lends": may_lend_token(actor),
            "may_change": actor.may("storages.change"),
            "errors": {},
            "hub": settings.ENVIRONMENT.hf_endpoint or "https://huggingface.co",
            **context,
        },
    )
