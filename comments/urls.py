from comments import api
from core.permissions import SIGNED_IN
from core.routing import route

urlpatterns = [
    route("api/comments", api.comments, "comments", GET="comments.view", POST="comments.create"),
    route("api/comments/export", api.export, "comments-export", GET="comments.view"),
    route(
        "api/comments/<id:comment_id>",
        api.comment,
        "comment",
        GET="comments.view",
        PATCH="comments.create",
        PUT="comments.create",
        DELETE="comments.create",
    ),
    route("api/notifications", api.notifications, "notifications", GET=SIGNED_IN, POST=SIGNED_IN),
]
