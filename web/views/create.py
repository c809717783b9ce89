"""Creating a project on one page: name, data, labeling set-up. Nothing is stored before the form is sent."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render

from core.errors import Refused
from core.rawjson import dump_json
from core.routing import actor_of
from projects.operations import create_project
from web.project_fields import field_errors, validated


def create(request: HttpRequest) -> HttpResponse:
    """The page. Its script makes the project through the API and then uploads; without it the form makes the project and leads to the import."""
    context = {"template": request.GET.get("template", ""), "title": "", "errors": {}}
    if request.method == "POST":
        body = {"title": request.POST.get("title", "").strip(), "label_config": request.POST.get("label_config", "")}
        try:
            project = create_project(actor_of(request), validated(body))
        except Refused as refused:
            return render(request, "web/create.html", {**context, **body, "errors": field_errors(refused)}, status=400)
        return redirect("import-page", project_id=project.pk)
    return render(request, "web/create.html", context)


def gallery(request: HttpRequest) -> HttpResponse:
    """The template gallery as JSON, with each template's sample task. The same bytes until the next release."""
    body, packed, tag = _gallery()
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if accepts else body, content_type="application/json")
    if accepts:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=3600"
    return response


@cache
def _gallery() -> tuple[bytes, bytes, str]:
    import labeling

    rows = [
        {
            "id": template.id,
            "title": template.title,
            "group": template.group,
            "description": template.description,
            "keywords": template.keywords,
            "tags": template.tags,
            "config": template.config,
            "sample": template.sample,
        }
        for template in labeling.gallery()
    ]
    body = dump_json(rows)
    return body, gzip.compress(body, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:16]}"'
