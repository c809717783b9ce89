from core.routing import route
from ml import api

_ONE = "api/ml/<id:backend_id>"

urlpatterns = [
    route("api/ml", api.backends, "ml-backends", GET="models.view", POST="models.change"),
    route(_ONE, api.backend, "ml-backend", GET="models.view", PATCH="models.change", PUT="models.change", DELETE="models.change"),
    route(f"{_ONE}/train", api.train, "ml-train", POST="models.change"),
    route(f"{_ONE}/predict", api.predict, "ml-predict", POST="models.change"),
    route(f"{_ONE}/predict/test", api.predict_test, "ml-predict-test", POST="models.change"),
    route(f"{_ONE}/interactive-annotating", api.interactive, "ml-interactive", POST="annotations.create"),
    route("api/tasks/<id:task_id>/chat", api.chat, "ml-chat", POST="annotations.create"),
    route(f"{_ONE}/versions", api.versions, "ml-versions", GET="models.view"),
]
