"""How Django REST framework fits into the house: the guard around each route has already authenticated and authorised."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer

from core.authentication import authenticate
from core.rawjson import JSONRefused, dump_json, read_json


class ActorAuthentication(BaseAuthentication):
    """`request.user` is the actor's user (looked up only when asked for), `request.auth` the actor."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        actor = authenticate(request._request)
        return None if actor is None else (SimpleLazyObject(lambda: actor.user), actor)

    def authenticate_header(self, request: Any) -> str:
        return "Token"


class StrictJSONParser(JSONParser):
    """The one JSON reader of the house, for DRF views."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            body = stream.read()
            return read_json(body) if body else {}
        except JSONRefused as error:
            raise ParseError(str(error)) from None


class FastJSONRenderer(BaseRenderer):
    """orjson instead of the standard library's encoder; lazy translations become text."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        if data is None:
            return b""
        try:
            return dump_json(data)
        except JSONRefused:
            raise
        except TypeError:
            from core.errors import _plain

            return dump_json(_plain(data))
