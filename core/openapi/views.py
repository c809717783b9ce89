"""`/docs/api/schema`: the description of the API as JSON and YAML. Made once per installation and kept as a file, so that asking costs nothing."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect

from core.openapi.describe import COMPONENTS, OPERATIONS
from core.rawjson import dump_json, read_json

YAML = ("yaml", "application/yaml", "application/vnd.oai.openapi", "application/x-yaml", "text/yaml")


def schema(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON; as YAML where `?format=yaml` or the Accept header asks for it."""
    accept = request.headers.get("Accept", "")
    if request.GET.get("format") == "yaml" or any(kind in accept for kind in YAML):
        return as_yaml(request)
    return as_json(request)


def as_json(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as JSON."""
    return _answer(request, ".json", "application/vnd.oai.openapi+json")


def as_yaml(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1 as YAML."""
    return _answer(request, ".yaml", "application/yaml; charset=utf-8")


def elsewhere(request: HttpRequest) -> HttpResponse:
    """Where the description used to be."""
    return HttpResponseRedirect(f"{settings.FORCE_SCRIPT_NAME or ''}/docs/api/schema/json/")


def description() -> dict[str, Any]:
    """The description itself, for pages that show it."""
    found: dict[str, Any] = read_json(_kept(".json"), max_depth=200)
    return found


def _answer(request: HttpRequest, form: str, content_type: str) -> HttpResponse:
    tag = f'"{_mark()}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    return HttpResponse(_kept(form), content_type=content_type, headers={"ETag": tag, "Cache-Control": "public, max-age=300"})


@lru_cache(1)
def _mark() -> str:
    """Changes with the version, the routes and what is said of them."""
    from core.openapi.generate import api_routes, load  # only now: the generator weighs more than all the rest of a request

    load()
    routes = [(route.pattern, sorted(route.actions.items()), route.view.__doc__ if route.view else "") for route in api_routes()]
    said = repr((settings.VERSION, routes, sorted(OPERATIONS.items()), sorted(COMPONENTS.items())))
    return hashlib.sha256(said.encode()).hexdigest()[:24]


@lru_cache(2)
def _kept(form: str) -> bytes:
    path = settings.DATA_DIR / f"openapi-{_mark()}{form}"
    if not path.exists():
        _make(path.with_suffix(""))
    return path.read_bytes()


def _make(base: Path) -> None:
    """Write both forms, each complete or not at all; what earlier versions left goes."""
    from drf_spectacular.renderers import OpenApiYamlRenderer

    from core.openapi.generate import described

    made = described()
    for former in base.parent.glob("openapi-*"):
        former.unlink(missing_ok=True)
    for form, content in ((".json", dump_json(made)), (".yaml", OpenApiYamlRenderer().render(made))):
        partial = base.with_name(f"{base.name}{form}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(base.with_suffix(form))
