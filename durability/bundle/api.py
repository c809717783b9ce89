"""`/api/projects/{id}/bundles`, `/api/projects/{id}/copy` and `/api/bundles`: whole projects out, in and doubled."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from core.errors import invalid, not_found
from core.jobs.api import as_json
from core.jobs.models import Job
from core.jobs.run import run_job
from core.requests import dict_body, json_response
from core.routing import actor_of
from data_import.receiving import received_body
from data_import.serving import serve_open
from data_import.storage import Received, pieces_of, receive
from durability.bundle.operations import AT_ONCE, bring_bundle, copy_whole, make_bundle
from durability.bundle.queries import bundle_file, bundle_json, bundles_of
from projects.queries import get_project

LONGEST_TITLE = 50


def bundles(request: HttpRequest, project_id: int) -> HttpResponse:
    """GET: the newest 25. POST has one made."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "GET":
        return json_response([bundle_json(job) for job in bundles_of(actor, project)])
    return json_response(bundle_json(finish(make_bundle(actor, project))), 201)


def download(request: HttpRequest, project_id: int, job_id: int) -> HttpResponseBase:
    """The file; ranges of it too."""
    actor = actor_of(request)
    name, size = bundle_file(actor, get_project(actor, project_id), job_id)
    try:
        file = default_storage.open(name)
    except FileNotFoundError:
        raise not_found() from None
    shown = PurePosixPath(name).name
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{shown}"',
        "filename": shown,
        "Cache-Control": "private, no-store",
    }
    return serve_open(request, cast("BinaryIO", file), size, headers, etag=f"bundle-{job_id}")


def copy(request: HttpRequest, project_id: int) -> HttpResponse:
    """A second project with everything that this one has, under `title`."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    title = dict_body(request).get("title", "")
    return json_response(as_json(finish(copy_whole(actor, project, _title(title)))), 201)


def bring(request: HttpRequest) -> HttpResponse:
    """A project of a bundle, as the body or as the one file of a form; `?title=` names it otherwise."""
    actor, title = actor_of(request), _title(request.GET.get("title", ""))
    if (request.content_type or "").startswith("multipart/"):
        job = bring_bundle(actor, received_form(request), title)
    else:
        with received_body(request) as received:
            job = bring_bundle(actor, received, title)
    return json_response(as_json(finish(job)), 201)


def received_form(request: HttpRequest) -> Received:
    """The file of a form. Raises `Refused` (400) when there is none."""
    files = [file for _field, found in request.FILES.lists() for file in found]
    if len(files) != 1:
        raise invalid(file="Send one file, a bundle.")
    return receive(pieces_of(cast("BinaryIO", files[0])), announced=files[0].size or 0)


def finish(job: Job) -> Job:
    """Do a short job here and now; a long one is left to the worker."""
    if (job.total or 0) <= AT_ONCE:
        run_job.func(job.pk)
        job.refresh_from_db()
    return job


def _title(said: object) -> str:
    if not isinstance(said, str) or len(said) > LONGEST_TITLE:
        raise invalid(title=f"Ensure this field has no more than {LONGEST_TITLE} characters.")
    return said.strip()
