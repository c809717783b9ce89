"""Every room's routes. Each room declares its own in its `urls.py`."""

from __future__ import annotations

from importlib import import_module

from django.urls import URLPattern

ROOMS = [
    "core.health",
    "core.formalities",
    "core.openapi.urls",
    "core.jobs.api",
    "users.urls",
    "organizations.urls",
    "projects.urls",
    "tasks.urls",
    "data_manager.urls",
    "data_import.urls",
    "data_export.urls",
    "comments.urls",
    "labels.urls",
    "quality.urls",
    "webhooks.urls",
    "ml.urls",
    "io_storages.urls",
    "durability.urls",
    "hub_datasets.urls",
    "training.urls",
    "web.urls",
]

urlpatterns: list[URLPattern] = [pattern for room in ROOMS for pattern in import_module(room).urlpatterns]

handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"
handler403 = "web.errors.forbidden"
handler400 = "web.errors.bad_request"
