from core.permissions import PUBLIC
from core.routing import route
from projects import api, members, samples

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
    route("samples/time-series.csv", samples.time_series, "sample-time-series", GET=PUBLIC),
    route("samples/paragraphs.json", samples.paragraphs, "sample-paragraphs", GET=PUBLIC),
    route("api/projects/roles", members.roles, "project-roles", GET="projects.view", POST="projects.change"),
    route("api/projects/roles/<id:member_id>", members.role, "project-role", DELETE="projects.change"),
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
    route(f"{_ONE}/members/bulk", members.bulk, "project-members-bulk", POST="projects.change", DELETE="projects.change"),
    route(f"{_ONE}/members/paginated", members.paginated, "project-members-page", GET="projects.view"),
    route(f"{_ONE}/roles", members.roles_of, "project-roles-of", GET="projects.view"),
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
