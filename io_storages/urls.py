from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from core.permissions import PUBLIC
from core.routing import route
from io_storages import api, media_info, proxy, thumbnails
from io_storages.models import Storage

VIEW, CHANGE, CONNECT = "storages.view", "storages.change", "storages.connect"


def _routes(base: str, direction: str, name: str) -> list[URLPattern]:
    parameter = f"{direction}_id"

    def bound(view: Callable[..., Any]) -> Callable[..., Any]:
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            if parameter in arguments:
                arguments["storage_id"] = arguments.pop(parameter)
            found: HttpResponse = view(request, direction=direction, **arguments)
            return found

        return answer

    one = f"{base}/<segment:kind>/<id:{parameter}>"
    return [
        route(base, bound(api.all_storages), f"{name}s", GET=VIEW),
        route(f"{base}/types", bound(api.types), f"{name}-types", GET=VIEW),
        route(f"{base}/<segment:kind>", bound(api.storages), f"{name}s-of-kind", GET=VIEW, POST=CHANGE),
        route(f"{base}/<segment:kind>/validate", bound(api.validate), f"{name}-validate", POST=CHANGE),
        route(f"{base}/<segment:kind>/form", bound(api.form), f"{name}-form", GET=VIEW),
        route(f"{base}/<segment:kind>/files", bound(api.files), f"{name}-files", POST=CHANGE),
        route(one, bound(api.storage), name, GET=VIEW, PATCH=CHANGE, PUT=CHANGE, DELETE=CHANGE),
        route(f"{one}/test", bound(api.test), f"{name}-test", POST=CHANGE),
        route(f"{one}/notifications", bound(api.notifications), f"{name}-notifications", POST=CHANGE, DELETE=CHANGE),
        route(f"{one}/sync", bound(api.sync), f"{name}-sync", POST=CHANGE),
    ]


urlpatterns = [
    route("api/storage-connections", api.connections, "storage-connections", GET=VIEW, POST=CONNECT),
    route("api/storage-connections/<id:connection_id>", api.connection, "storage-connection", GET=VIEW, PATCH=CONNECT, DELETE=CONNECT),
    *_routes("api/storages/export", Storage.Direction.TARGET, "target-storage"),
    *_routes("api/storages", Storage.Direction.SOURCE, "source-storage"),
    route("api/storage-events/<id:storage_id>/<segment:secret>", api.notified, "storage-notified", POST=PUBLIC),
    route("tasks/<id:task_id>/resolve", proxy.of_task, "task-resolve", GET="tasks.view"),
    route("tasks/<id:task_id>/media-info", media_info.media_info, "task-media-info", GET="tasks.view"),
    route("tasks/<id:task_id>/thumbnail", thumbnails.thumbnail, "task-thumbnail", GET="tasks.view"),
    route("tasks/<id:task_id>/presign", proxy.of_task, "task-presign", GET="tasks.view"),
    route("projects/<id:project_id>/resolve", proxy.of_project, "project-resolve", GET="tasks.view"),
    route("projects/<id:project_id>/presign", proxy.of_project, "project-presign", GET="tasks.view"),
    route("data/local-files", proxy.local_file, "local-file", GET="tasks.view"),
]
