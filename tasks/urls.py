from core.routing import route
from tasks.api import annotations, bulk, drafts, predictions, project, recycle, states, stream, tasks, versions

_TASK = "api/tasks/<id:task_id>"
_PROJECT = "api/projects/<id:project_id>"
_ANNOTATION = "api/annotations/<id:annotation_id>"
_CHANGE = {"PATCH": "annotations.change", "PUT": "annotations.change", "DELETE": "annotations.change"}
_DRAFT = {"PATCH": "annotations.create", "PUT": "annotations.create", "DELETE": "annotations.create"}
_PREDICTION = {"PATCH": "predictions.change", "PUT": "predictions.change", "DELETE": "predictions.change"}

urlpatterns = [
    route(f"{_PROJECT}/next", stream.next_task, "next-task", GET="annotations.create"),
    route(
        f"{_PROJECT}/model-versions", project.model_versions, "project-model-versions", GET="predictions.view", DELETE="predictions.change"
    ),
    route(f"{_PROJECT}/duplicate", project.duplicate, "project-duplicate", POST="projects.create"),
    route("api/fsm/entities/<entity>/<id:entity_id>/history", states.history, "state-history", GET="projects.view"),
    route("api/fsm/entities/<entity>/<id:entity_id>/transition", states.transition, "state-transition", POST="projects.view"),
    route(f"{_PROJECT}/summary/reset", project.reset_summary, "project-summary-reset", POST="projects.change"),
    route(f"{_TASK}/annotations", annotations.of_task, "task-annotations", GET="tasks.view", POST="annotations.create"),
    route(_TASK, tasks.one, "task", GET="tasks.view", PATCH="tasks.change", PUT="tasks.change", DELETE="tasks.delete"),
    route(f"{_TASK}/lease", stream.lease, "task-lease", POST="annotations.create", DELETE="annotations.create"),
    route(f"{_TASK}/drafts", drafts.of_task, "task-drafts", GET="annotations.create", POST="annotations.create"),
    route(
        f"{_TASK}/annotations/<id:annotation_id>/drafts",
        drafts.of_task,
        "annotation-drafts",
        GET="annotations.create",
        POST="annotations.create",
    ),
    route(f"{_TASK}/agreement", tasks.agreement, "task-agreement", GET="tasks.view"),
    route(f"{_TASK}/annotation-versions", versions.of_task, "task-annotation-versions", GET="tasks.view"),
    route(f"{_PROJECT}/label-stream-history", stream.history, "label-stream-history", GET="annotations.create"),
    route(f"{_PROJECT}/tasks", tasks.of_project, "project-tasks", GET="tasks.list", POST="tasks.create", DELETE="tasks.delete"),
    route(f"{_PROJECT}/recycle-bin", recycle.many, "recycle-bin", GET="annotations.change"),
    route(f"{_PROJECT}/recycle-bin/<id:entry_id>", recycle.one, "recycle-entry", DELETE="tasks.delete"),
    route(f"{_PROJECT}/recycle-bin/<id:entry_id>/undo", recycle.undo, "recycle-undo", POST="annotations.change"),
    route("api/annotations/bulk", bulk.create, "annotations-bulk", POST="annotations.create"),
    route("api/annotations/bulk-delete", bulk.delete, "annotations-bulk-delete", POST="annotations.change"),
    route(_ANNOTATION, annotations.one, "annotation", GET="tasks.view", **_CHANGE),
    route(f"{_ANNOTATION}/convert-to-draft", drafts.from_annotation, "annotation-convert-to-draft", POST="annotations.change"),
    route(f"{_ANNOTATION}/versions", versions.of_annotation, "annotation-versions", GET="tasks.view"),
    route(f"{_ANNOTATION}/versions/<id:version>/restore", versions.restore, "annotation-restore", POST="annotations.change"),
    route("api/drafts/<id:draft_id>", drafts.one, "draft", GET="annotations.create", **_DRAFT),
    route("api/predictions", predictions.many, "predictions", GET="predictions.view", POST="predictions.change"),
    route("api/predictions/<id:prediction_id>", predictions.one, "prediction", GET="predictions.view", **_PREDICTION),
]
