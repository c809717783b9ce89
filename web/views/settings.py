"""A project's settings: general, labeling interface, instructions, members, danger zone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Refused
from core.requests import integer
from core.routing import actor_of
from organizations.models import Membership
from projects import operations, queries
from projects.models import Project
from web.project_fields import field_errors, validated
from web.project_page import render_project
from web.settings_pages import settings_pages

GENERAL = ("title", "description", "sampling", "skip_queue", "maximum_annotations")
GENERAL_CHECKS = ("show_skip_button", "enable_empty_annotation")
INSTRUCTIONS = ("expert_instruction",)
MOST_PEOPLE = 500


def general(request: HttpRequest, project_id: int) -> HttpResponse:
    return _form(request, project_id, "general", GENERAL, GENERAL_CHECKS, samplings=samplings(), skip_queues=skip_queues())


def instructions(request: HttpRequest, project_id: int) -> HttpResponse:
    return _form(request, project_id, "instructions", INSTRUCTIONS, ("show_instruction",))


def labeling(request: HttpRequest, project_id: int) -> HttpResponse:
    """The config with its preview. A change that would break answers is shown with counts before it is saved."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    config, errors = project.label_config, {}
    if request.method == "POST":
        config = request.POST.get("label_config", "")
        try:
            operations.update_project(actor, project_id, validated({"label_config": config}))
        except Refused as refused:
            errors = field_errors(refused)
        else:
            messages.success(request, _("Saved. The former set-up is kept in the history below."))
            return redirect("settings-labeling", project_id=project_id)
    return render_settings(
        request,
        project,
        "labeling",
        status=400 if errors else 200,
        label_config=config,
        errors=errors,
        versions=queries.config_versions(project).select_related("created_by")[:20],
    )


def restore(request: HttpRequest, project_id: int) -> HttpResponse:
    version = integer(request.POST.get("version"), "version", least=1) or 0
    try:
        operations.restore_config(actor_of(request), project_id, version)
    except Refused as refused:
        if refused.fields is None:
            raise
        messages.error(request, " ".join(field_errors(refused).values()))
    else:
        messages.success(request, _("Version %(version)d is in use again.") % {"version": version})
    return redirect("settings-labeling", project_id=project_id)


def members(request: HttpRequest, project_id: int) -> HttpResponse:
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    if request.method == "POST":
        if "visibility" in request.POST:
            closed = request.POST["visibility"] == "members"
            operations.update_project(actor, project_id, {"members_only": closed})
        elif (person := integer(request.POST.get("add"), "add", least=1)) is not None:
            operations.add_member(actor, project_id, person)
        elif (person := integer(request.POST.get("remove"), "remove", least=1)) is not None:
            operations.remove_member(actor, project_id, person)
        return redirect("settings-members", project_id=project_id)
    people = Membership.objects.visible_to(actor).filter(removed_at=None).select_related("user").order_by("user__email")[:MOST_PEOPLE]
    present = {member.user_id for member in queries.members(project)}
    return render_settings(
        request,
        project,
        "members",
        members=[person for person in people if person.user_id in present],
        others=[person for person in people if person.user_id not in present],
    )


def danger(request: HttpRequest, project_id: int) -> HttpResponse:
    """Deleting, with what will be lost; the project's name must be typed."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    error = ""
    if request.method == "POST":
        if request.POST.get("confirm", "").strip() == project.title.strip():
            operations.delete_project(actor, project_id)
            messages.success(request, _("“%(title)s” is deleted.") % {"title": project.title})
            return redirect("projects-page")
        error = _("This is not the project's name. Nothing was deleted.")
    return render_settings(request, project, "danger", status=400 if error else 200, error=error)


def _form(
    request: HttpRequest, project_id: int, page: str, names: tuple[str, ...], checks: tuple[str, ...], **context: Any
) -> HttpResponse:
    """A page of plain fields: shows the project's values, or what was sent together with what is wrong."""
    actor = actor_of(request)
    project = queries.get_project(actor, project_id)
    values: dict[str, Any] = {name: getattr(project, name) for name in (*names, *checks)}
    errors: dict[str, str] = {}
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in names} | {name: name in request.POST for name in checks}
        try:
            operations.update_project(actor, project_id, validated(values))
        except Refused as refused:
            errors = field_errors(refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(f"settings-{page}", project_id=project_id)
    return render_settings(request, project, page, status=400 if errors else 200, values=values, errors=errors, **context)


def render_settings(
    request: HttpRequest, project: Project, page: str, status: int = 200, *, template: str = "", **context: Any
) -> HttpResponse:
    """A page of the project's settings, by its name there; `template` when it is another's."""
    pages = settings_pages(actor_of(request), project)
    return render_project(
        request, f"web/settings/{template or page}.html", project, "settings", status, pages=pages, current_page=page, **context
    )


def samplings() -> list[tuple[str, str, str]]:
    return [
        (Project.Sampling.SEQUENTIAL, _("In order"), _("The oldest task first.")),
        (Project.Sampling.UNIFORM, _("At random"), _("Every open task is equally likely.")),
        (Project.Sampling.UNCERTAINTY, _("Least certain first"), _("The task whose prediction has the lowest score.")),
    ]


def skip_queues() -> list[tuple[str, str]]:
    return [
        (Project.SkipQueue.REQUEUE_FOR_OTHERS, _("give it to somebody else")),
        (Project.SkipQueue.REQUEUE_FOR_ME, _("show it to the same person again later")),
        (Project.SkipQueue.IGNORE_SKIPPED, _("count it as done")),
    ]
