from core.routing import route
from tasks.api import annotations, stream, tasks

_TASK = "api/tasks/<id:task_id>"
_PROJECT = "api/projects/<id:project_id>"

urlpatterns = [
    route(f"{_PROJECT}/next", stream.next_task, "next-task", GET="annotations.create"),
    route(f"{_PROJECT}/label-stream-history", stream.history, "label-stream-history", GET="annotations.create"),
    route(f"{_TASK}/annotations", annotations.of_task, "task-annotations", GET="tasks.view", POST="annotations.create"),
    route(f"{_TASK}/lease", stream.lease, "task-lease", POST="annotations.create", DELETE="annotations.create"),
    route(_TASK, tasks.one, "task", GET="tasks.view"),
    route(
        "api/annotations/<id:annotation_id>",
        annotations.one,
        "annotation",
        GET="tasks.view",
        PATCH="annotations.change",
        PUT="annotations.change",
        DELETE="annotations.change",
    ),
]
