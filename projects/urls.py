from core.permissions import PUBLIC
from core.routing import route
from projects import api

_ONE = "api/projects/<id:project_id>"

urlpatterns = [
    route(
        "api/projects",
        api.projects,
        "projects",
        GET="projects.view",
        POST="projects.create",
    ),
    route("api/projects/counts", api.counts, "project-counts", GET="projects.view"),
    route("api/projects/validate", api.validate_any, "projects-validate", POST=PUBLIC),
    route("api/templates", api.templates, "templates", GET="projects.view"),
    route(
        _ONE,
        api.project,
        "project",
        GET="projects.view",
        PATCH="projects.change",
        PUT="projects.change",
        DELETE="projects.delete",
    ),
    route(f"{_ONE}/validate", api.validate, "project-validate", POST="projects.change"),
    route(f"{_ONE}/summary", api.summary, "project-summary", GET="tasks.list"),
    route(
        f"{_ONE}/sample-task",
        api.sample_task,
        "project-sample-task",
        POST="projects.view",
    ),
    route(f"{_ONE}/annotators", api.annotators, "project-annotators", GET="tasks.list"),
    route(
        f"{_ONE}/members",
        api.members,
        "project-members",
        GET="projects.view",
        POST="projects.change",
        DELETE="projects.change",
    ),
    route(
        f"{_ONE}/config-versions",
        api.config_versions,
        "project-config-versions",
        GET="projects.view",
    ),
    route(
        f"{_ONE}/config-versions/<id:version>/restore",
        api.restore_config,
        "project-config-restore",
        POST="projects.change",
    ),
]
