from core.permissions import PUBLIC
from core.routing import route
from webhooks import api

_ONE = "api/webhooks/<id:webhook_id>"

urlpatterns = [
    route("api/webhooks", api.webhooks, "webhooks", GET="webhooks.view", POST="webhooks.change"),
    route("api/webhooks/info", api.info, "webhooks-info", GET=PUBLIC),
    route(_ONE, api.webhook, "webhook", GET="webhooks.view", PATCH="webhooks.change", PUT="webhooks.change", DELETE="webhooks.change"),
    route(f"{_ONE}/deliveries", api.deliveries, "webhook-deliveries", GET="webhooks.view"),
    route(f"{_ONE}/deliveries/<id:delivery_id>/replay", api.replay, "webhook-replay", POST="webhooks.change"),
]
