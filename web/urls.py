"""The pages. The API's routes are in each room's own `urls.py`."""

from __future__ import annotations

from core.permissions import PUBLIC, SIGNED_IN
from core.routing import page
from web.accounts.urls import urlpatterns as accounts
from web.views import (
    api_docs,
    config_check,
    create,
    custom_interface,
    data_import,
    export,
    home,
    hub,
    jobs,
    label,
    management,
    models,
    project,
    projects,
    recycle_bin,
    saved,
    settings,
    storages,
    webhooks,
)

_ONE = "projects/<id:project_id>"
_SETTINGS = f"{_ONE}/settings"

urlpatterns = [
    *accounts,
    page("", home.home, "home", GET=SIGNED_IN),
    page("projects/", projects.projects, "projects-page", GET="projects.view"),
    page("manage/", management.management, "project-management", GET="projects.view", POST="projects.view"),
    page("share/<token>/", management.shared, "shared-project", GET=SIGNED_IN, POST=SIGNED_IN),
    page("queue/", projects.queue, "queue-page", GET="annotations.create"),
    page("saved/", saved.saved, "saved", GET=SIGNED_IN),
    page("jobs/", jobs.jobs, "jobs-page", GET="jobs.view", POST="jobs.change"),
    page("jobs/<id:job_id>/", jobs.job, "job-page", GET="jobs.view"),
    page("projects/create/", create.create, "create-page", GET="projects.create", POST="projects.create"),
    page("projects/create/check", config_check.check_new, "check-new-config", POST="projects.create"),
    page("projects/create/hub", hub.create, "create-hub-page", GET="projects.create", POST="projects.create"),
    page("custom-interface/", custom_interface.frame, "custom-interface", GET=PUBLIC),
    page("gallery.json", create.gallery, "gallery", GET="projects.create"),
    page(f"{_ONE}/", project.project, "project-page", GET="projects.view"),
    page(f"{_ONE}/pin", projects.pin, "project-pin", POST="projects.change"),
    page(f"{_ONE}/archive", projects.archive, "project-archive", POST="projects.change"),
    page(f"{_ONE}/data", project.data, "data-page", GET="tasks.view"),
    page(f"{_ONE}/label/", label.stream, "label-page", GET="annotations.create"),
    page(f"{_ONE}/tasks/<id:task_id>/", label.quick, "task-page", GET="tasks.view"),
    page(f"{_ONE}/data/import", data_import.import_data, "import-page", GET="tasks.create"),
    page(f"{_ONE}/data/import/hub", hub.import_dataset, "import-hub-page", GET="tasks.create", POST="tasks.create"),
    page(f"{_ONE}/data/export/hub", hub.push, "export-hub-page", GET="storages.view", POST="storages.change"),
    page(f"{_ONE}/data/export", export.export, "export-page", GET="exports.create", POST="exports.create"),
    page(f"{_SETTINGS}/", settings.general, "settings-general", GET="projects.change", POST="projects.change"),
    page(f"{_SETTINGS}/labeling", settings.labeling, "settings-labeling", GET="projects.change", POST="projects.change"),
    page(f"{_SETTINGS}/labeling/check", config_check.check_change, "check-config", POST="projects.change"),
    page(f"{_SETTINGS}/labeling/restore", settings.restore, "settings-restore", POST="projects.change"),
    page(f"{_SETTINGS}/instruction", settings.instructions, "settings-instructions", GET="projects.change", POST="projects.change"),
    page(f"{_SETTINGS}/members", settings.members, "settings-members", GET="projects.change", POST="projects.change"),
    page(f"{_SETTINGS}/models", models.models, "settings-models", GET="models.view", POST="models.change"),
    page(f"{_SETTINGS}/storage", storages.storages, "settings-storages", GET="storages.view", POST="storages.change"),
    page(f"{_SETTINGS}/storage/edit", storages.storage, "settings-storage", GET="storages.change", POST="storages.change"),
    page(f"{_SETTINGS}/recycle-bin", recycle_bin.recycle_bin, "settings-recycle", GET="tasks.change", POST="tasks.change"),
    page(f"{_SETTINGS}/webhooks", webhooks.of_project, "settings-webhooks", GET="webhooks.view", POST="webhooks.change"),
    page(f"{_SETTINGS}/webhooks/<id:webhook_id>", webhooks.one_of_project, "settings-webhook", GET="webhooks.view", POST="webhooks.change"),
    page("organization/webhooks", webhooks.of_organization, "organization-webhooks", GET="webhooks.view", POST="webhooks.change"),
    page(
        "organization/webhooks/<id:webhook_id>",
        webhooks.one_of_organization,
        "organization-webhook",
        GET="webhooks.view",
        POST="webhooks.change",
    ),
    page("docs/api", api_docs.api_docs, "api-docs", GET=PUBLIC),
    page("docs/api/schema/swagger-ui", api_docs.api_docs, "api-docs-swagger", GET=PUBLIC),
    page("docs/api/schema/redoc", api_docs.api_docs, "api-docs-redoc", GET=PUBLIC),
    page(f"{_SETTINGS}/danger-zone", settings.danger, "settings-danger", GET="projects.delete", POST="projects.delete"),
]
