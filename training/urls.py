from __future__ import annotations

from core.routing import route
from training import api

_PROJECT = "api/projects/<id:project_id>/trainings"

urlpatterns = [
    route(_PROJECT, api.trainings, "trainings", GET="training.view", POST="training.change"),
    route(f"{_PROJECT}/<id:run_id>", api.training, "training", GET="training.view"),
    route(f"{_PROJECT}/<id:run_id>/cancel", api.cancel, "training-cancel", POST="training.change"),
]
