from __future__ import annotations

from core.routing import route
from data_manager import api, view_api
from data_manager.actions import api as actions

urlpatterns = [
    route("api/tasks", api.tasks, "tasks", GET="tasks.list", POST="tasks.create"),
    route("api/dm/project", api.dm_project, "dm-project", GET="tasks.list"),
    route("api/dm/totals", api.dm_totals, "dm-totals", GET="tasks.list"),
    route("api/dm/views", view_api.views, "dm-views", GET="tasks.list", POST="views.change"),
    route("api/dm/views/order", view_api.views_order, "dm-views-order", POST="views.change"),
    route("api/dm/views/reset", view_api.views_reset, "dm-views-reset", DELETE="views.change"),
    route(
        "api/dm/views/<id:view_id>",
        view_api.view,
        "dm-view",
        GET="tasks.list",
        PATCH="views.change",
        PUT="views.change",
        DELETE="views.change",
    ),
    route("api/dm/columns", api.dm_columns, "dm-columns", GET="tasks.list"),
    # Who may do which action is asked by the actions themselves.
    route("api/dm/actions", actions.many, "dm-actions", GET="tasks.view", POST="tasks.view"),
    route("api/dm/actions/<slug:action_id>/form", actions.form, "dm-action-form", GET="tasks.view"),
    route("api/dm/actions/<slug:action_id>/counts", actions.counts, "dm-action-counts", POST="tasks.view"),
]
