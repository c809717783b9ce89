from core.routing import route
from labels import api

_LABEL = {"PATCH": "labels.change", "PUT": "labels.change", "DELETE": "labels.change"}

urlpatterns = [
    route("api/labels", api.labels, "labels", GET="labels.view", POST="labels.create"),
    route("api/labels/bulk", api.rename, "labels-bulk", POST="labels.change"),
    route("api/labels/<id:label_id>", api.label, "label", GET="labels.view", **_LABEL),
    route("api/label_links", api.links, "label-links", GET="labels.view", POST="labels.create"),
    route("api/label_links/<id:link_id>", api.link, "label-link", GET="labels.view", **_LABEL),
]
