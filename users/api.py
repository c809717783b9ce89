"""`/api/token…`, `/api/current-user/…` and avatars: one's own account. Thin views; what concerns the organization is in organizations/api.py."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.authentication import authenticate
from core.errors import Refused, invalid
from core.requests import dict_body, json_response
from core.routing import actor_of
from users import tokens, tours
from users.models import ApiToken, User
from users.operations import accounts, api_tokens
from users.queries import account
from users.serializers import avatar_url, token_json


def token_refresh(request: HttpRequest) -> HttpResponse:
    """A fresh access token for a personal token."""
    row = api_tokens.live_token(_refresh_of(request))
    api_tokens.touch(row)
    return json_response({"access": tokens.access_token(row.user_id, row.lookup, row.user.token_version)})


def token_blacklist(request: HttpRequest) -> HttpResponse:
    api_tokens.blacklist(authenticate(request), _refresh_of(request))
    return HttpResponse(status=204)


def token_rotate(request: HttpRequest) -> HttpResponse:
    return json_response({"refresh": api_tokens.text_of(api_tokens.rotate(actor_of(request), _refresh_of(request)))})


def token(request: HttpRequest, token_id: int) -> HttpResponse:
    api_tokens.revoke_token(actor_of(request), token_id)
    return HttpResponse(status=204)


def tokens_json(rows: list[ApiToken]) -> list[dict[str, Any]]:
    return [token_json(row, tokens.without_signature(api_tokens.text_of(row))) for row in rows]


def legacy_token(request: HttpRequest) -> HttpResponse:
    return json_response({"token": api_tokens.legacy_token(_me(request))})


def reset_legacy_token(request: HttpRequest) -> HttpResponse:
    return json_response({"token": api_tokens.reset_legacy_token(actor_of(request), _me(request))}, status=201)


def hotkeys(request: HttpRequest) -> HttpResponse:
    me = _me(request)
    if request.method == "PATCH":
        body = dict_body(request, limit=1 << 20)
        if "custom_hotkeys" not in body:
            raise invalid(custom_hotkeys="This field is required.")
        me = accounts.update_profile(actor_of(request), me, {"custom_hotkeys": body["custom_hotkeys"]})
    return json_response({"custom_hotkeys": me.custom_hotkeys})


def preferences(request: HttpRequest) -> HttpResponse:
    if request.method == "PATCH":
        return json_response(accounts.set_preferences(actor_of(request), dict_body(request, limit=1 << 20)))
    return json_response(_me(request).preferences)


def product_tour(request: HttpRequest) -> HttpResponse:
    """How far one has come with the tour `?name=`; PATCH keeps `state` and `interaction_data`."""
    name = tours.checked_name(request.GET.get("name"))
    me = _me(request)
    if request.method == "PATCH":
        actor = actor_of(request)
        me.preferences = accounts.set_preferences(actor, tours.changed(me, name, dict_body(request, limit=1 << 20)))
    return json_response(tours.tour_json(me, name))


def avatar(request: HttpRequest, user_id: int) -> HttpResponse:
    """The picture of oneself: POST one as multipart, under any field name, or DELETE it."""
    actor = actor_of(request)
    accounts.require_self(actor, user_id)
    if request.method == "DELETE":
        accounts.remove_avatar(actor)
        return HttpResponse(status=204)
    upload = next(iter(request.FILES.values()), None)
    if upload is None:
        raise Refused("Send a picture as multipart/form-data.", 400)
    user = accounts.set_avatar(actor, upload)
    return json_response({"detail": "avatar saved", "avatar": avatar_url(user)})


def _me(request: HttpRequest) -> User:
    return account(actor_of(request).user_id)


def _refresh_of(request: HttpRequest) -> str:
    value = dict_body(request, limit=1 << 20).get("refresh")
    if not isinstance(value, str) or not value:
        raise invalid(refresh="This field is required.")
    return value
