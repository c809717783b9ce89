from __future__ import annotations

from core.routing import route
from data_export import api

urlpatterns = [
    route("api/projects/<id:project_id>/export/formats", api.formats, "export-formats", GET="exports.create"),
    route("api/projects/<id:project_id>/export", api.export, "export", GET="exports.create"),
]
