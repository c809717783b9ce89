from core.permissions import PUBLIC, SIGNED_IN
from core.routing import route
from users import api

urlpatterns = [
    route("api/token/refresh", api.token_refresh, "token-refresh", POST=PUBLIC),
    route("api/token/blacklist", api.token_blacklist, "token-blacklist", POST=PUBLIC),
    route("api/token/rotate", api.token_rotate, "token-rotate", POST=SIGNED_IN),
    route("api/token/<id:token_id>", api.token, "token", DELETE=SIGNED_IN),
    route("api/current-user/token", api.legacy_token, "legacy-token", GET=SIGNED_IN),
    route("api/current-user/reset-token", api.reset_legacy_token, "legacy-token-reset", POST=SIGNED_IN),
    route("api/current-user/hotkeys", api.hotkeys, "hotkeys", GET=SIGNED_IN, PATCH=SIGNED_IN),
    route("api/current-user/preferences", api.preferences, "preferences", GET=SIGNED_IN, PATCH=SIGNED_IN),
    route("api/current-user/product-tour", api.product_tour, "product-tour", GET=SIGNED_IN, PATCH=SIGNED_IN),
    route("api/users/<id:user_id>/avatar", api.avatar, "user-avatar", POST=SIGNED_IN, DELETE=SIGNED_IN),
]
