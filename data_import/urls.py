from __future__ import annotations

from core.routing import route
from data_import import api, serving, tus

urlpatterns = [
    route("api/projects/<id:project_id>/import", api.import_tasks, "import", POST="tasks.create"),
    route("api/projects/<id:project_id>/tasks/bulk", api.import_tasks, "import-bulk", POST="tasks.create"),
    route("api/projects/<id:project_id>/import/predictions", api.import_predictions, "import-predictions", POST="predictions.change"),
    route("api/projects/<id:project_id>/reimport", api.reimport, "reimport", POST="tasks.create"),
    route("api/projects/<id:project_id>/imports", api.imports, "imports", POST="tasks.create"),
    route("api/projects/<id:project_id>/imports/preview", api.import_preview, "import-preview", POST="tasks.create"),
    route("api/projects/<id:project_id>/imports/<id:import_id>/refused", api.refused_rows, "import-refused", GET="tasks.create"),
    route("api/projects/<id:project_id>/imports/<id:import_id>", api.one_import, "one-import", GET="tasks.create"),
    route("api/projects/<id:project_id>/file-uploads", api.file_uploads, "file-uploads", GET="files.change", DELETE="files.change"),
    route(
        "api/import/file-upload/<id:upload_id>",
        api.file_upload,
        "file-upload",
        GET="files.change",
        PATCH="files.change",
        PUT="files.change",
        DELETE="files.change",
    ),
    route("api/projects/<id:project_id>/uploads", api.upload, "uploads", POST="files.change"),
    route("api/projects/<id:project_id>/tus", tus.create, "tus", POST="files.change", OPTIONS="files.change"),
    route(
        "api/projects/<id:project_id>/tus/<segment:key>",
        tus.upload,
        "tus-upload",
        HEAD="files.change",
        PATCH="files.change",
        DELETE="files.change",
        OPTIONS="files.change",
    ),
    route("api/uploads/preview", api.preview, "upload-preview", POST="projects.create"),
    route("data/upload/<id:project_id>/<segment:name>", serving.uploaded_file, "uploaded-file", GET="files.view"),
    route("storage-data/uploaded", serving.storage_data, "storage-data", GET="files.view"),
    route("data/avatars/<segment:name>", serving.avatar, "avatar", GET="organization.view"),
]
