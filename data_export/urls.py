from __future__ import annotations

from core.routing import route
from data_export import api, snapshot_api

urlpatterns = [
    route("api/projects/<id:project_id>/export/formats", api.formats, "export-formats", GET="exports.create"),
    route("api/projects/<id:project_id>/export", api.export, "export", GET="exports.create"),
    route("api/projects/<id:project_id>/exports", snapshot_api.exports, "exports", GET="exports.create", POST="exports.create"),
    route(
        "api/projects/<id:project_id>/exports/<id:export_id>",
        snapshot_api.one_export,
        "one-export",
        GET="exports.create",
        DELETE="exports.create",
    ),
    route("api/projects/<id:project_id>/exports/<id:export_id>/convert", snapshot_api.convert, "export-convert", POST="exports.create"),
    route("api/projects/<id:project_id>/exports/<id:export_id>/download", snapshot_api.download, "export-download", GET="exports.create"),
]
