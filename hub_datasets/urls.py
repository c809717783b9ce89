from __future__ import annotations

from core.routing import route
from hub_datasets import api, media

_PROJECT = "api/projects/<id:project_id>/hub"

urlpatterns = [
    route(f"{_PROJECT}/look", api.look, "hub-look", POST="tasks.create"),
    route(f"{_PROJECT}/import", api.import_dataset, "hub-import", POST="tasks.create"),
    route(f"{_PROJECT}/target", api.target, "hub-target", GET="storages.view", PUT="storages.change"),
    route(f"{_PROJECT}/push", api.push, "hub-push", POST="storages.change"),
    route("api/hub/media/<id:dataset_id>/<place>/<column>", media.serve, "hub-media", GET="files.view"),
]
