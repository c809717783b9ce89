from __future__ import annotations

from core.routing import route
from durability.bundle import api

urlpatterns = [
    route("api/projects/<id:project_id>/bundles", api.bundles, "bundles", GET="projects.change", POST="projects.change"),
    route("api/projects/<id:project_id>/bundles/<id:job_id>/download", api.download, "bundle-download", GET="projects.change"),
    route("api/projects/<id:project_id>/copy", api.copy, "project-copy", POST="projects.create"),
    route("api/bundles", api.bring, "bring-bundle", POST="projects.create"),
]
