from __future__ import annotations

from core.routing import route
from data_manager import api

urlpatterns = [
    route("api/tasks", api.tasks, "tasks", GET="tasks.list", POST="tasks.create"),
    route("api/dm/columns", api.dm_columns, "dm-columns", GET="tasks.list"),
]
