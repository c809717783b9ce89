"""Reading what a request brings: bodies in JSON, urlencoded or multipart alike, and typed query parameters."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.dateparse import parse_datetime

from core.errors import Refused, invalid
from core.rawjson import JSONRefused, dump_json, read_json

TRUE = frozenset({"true", "yes", "on", "1", "t", "y"})
FALSE = frozenset({"false", "no", "not", "off", "0", "f", "n", ""})
MAX_PAGE = 1_000_000


def body_of(request: HttpRequest, *, limit: int = 20 << 20) -> Any:
    """The request's body as a value: JSON as it is, forms as a dict of strings. An empty body is `{}`.

    Raises 400 for malformed JSON, 413 above `limit` bytes, 415 for another media type.
    """
    kind = (request.content_type or "").lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {key: values[-1] for key, values in _form(request, kind).lists()}
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > limit:
        raise Refused(
            f"The request is too large: {length:,} bytes, at most {limit:,} are taken here.",
            413,
        )
    body = request.body
    if not body:
        return {}
    if kind != "application/json" and not kind.endswith("+json"):
        raise Refused(f'Unsupported media type "{request.content_type}" in request.', 415)
    try:
        return read_json(body)
    except JSONRefused as error:
        raise Refused(str(error), 400) from None


def _form(request: HttpRequest, kind: str) -> QueryDict:
    """The fields of a form; Django reads them for POST only. Raises 400 for a multipart body that is none."""
    if request.method == "POST":
        return request.POST
    if kind == "application/x-www-form-urlencoded":
        return QueryDict(request.body, encoding=request.encoding)
    try:
        fields, _files = MultiPartParser(request.META, BytesIO(request.body), request.upload_handlers, request.encoding).parse()
    except MultiPartParserError as error:
        raise Refused(str(error), 400) from None
    return fields


def dict_body(request: HttpRequest, *, limit: int = 20 << 20) -> dict[str, Any]:
    """As `body_of`, for views that take an object. Raises 400 when the body is something else."""
    body = body_of(request, limit=limit)
    if not isinstance(body, dict):
        raise invalid(non_field_errors=f"Invalid data. Expected a dictionary, but got {type(body).__name__}.")
    return body


def boolean(value: Any, name: str, default: bool | None = None) -> bool | None:
    """A boolean as clients write them. Raises 400 for anything else."""
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    raise invalid(**{name: "Must be a valid boolean."})


def integer(
    value: Any,
    name: str,
    default: int | None = None,
    *,
    least: int | None = None,
    most: int | None = None,
) -> int | None:
    """A whole number from a query or a body. Raises 400 for anything else, or outside `least`…`most`."""
    if value is None or value == "":
        return default
    try:
        number = int(value) if not isinstance(value, bool | float) or (isinstance(value, float) and value.is_integer()) else None
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None:
        raise invalid(**{name: "A valid integer is required."})
    if (least is not None and number < least) or (most is not None and number > most) or abs(number) >= 2**63:
        raise invalid(
            **{
                name: f"Ensure this value is between {least if least is not None else -(2**63)} and {most if most is not None else 2**63 - 1}."
            }
        )
    return number


def moment(value: Any, name: str) -> datetime | None:
    """An ISO 8601 date and time; without an offset it is UTC. Raises 400 for anything else."""
    if value in (None, ""):
        return None
    from datetime import UTC

    try:
        parsed = parse_datetime(str(value))
    except ValueError:
        parsed = None
    if parsed is None:
        raise invalid(**{name: "This is not a date and time; write it like 2026-11-21T10:30:00Z."})
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def id_list(request: HttpRequest, name: str) -> list[int] | None:
    """`?ids=1,2`, `?ids=1&ids=2` and `?ids[]=1` alike; None when absent. Raises 400 for something that is not a number."""
    values = request.GET.getlist(name) + request.GET.getlist(f"{name}[]")
    if not values:
        return None
    parts = [part for value in values for part in value.split(",") if part.strip()]
    return [integer(part.strip(), name, least=1) or 0 for part in parts]


def page_of(request: HttpRequest, *, size: int, most: int) -> tuple[int, int]:
    """(page from 1, page size). Sizes above `most` are cut, as clients expect; a page that is no number is 404, as in DRF."""
    try:
        page = integer(request.GET.get("page"), "page", 1, least=1, most=MAX_PAGE) or 1
    except Refused:
        raise Refused("Invalid page.", 404) from None
    wanted = integer(request.GET.get("page_size"), "page_size", size)
    if wanted is None or wanted < 1:
        wanted = size
    return page, min(wanted, most)


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer; `core.rawjson.fragment` pieces go out unparsed."""
    return HttpResponse(
        dump_json(value),
        status=status,
        content_type="application/json",
        headers=headers,
    )
