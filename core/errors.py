"""One error shape, made in one place.

Shape (Label Studio's): `{id, status_code, version, detail, exc_info: null, validation_errors?}`.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpResponse

from core.rawjson import JSONRefused, dump_json

logger = logging.getLogger("labelspace.errors")


class Refused(Exception):
    """An operation will not do what was asked: the user's mistake, told in one sentence.

    `status` is the HTTP status; `fields` maps a field's name to its sentences and makes the answer a validation error.
    """

    def __init__(
        self,
        detail: Any,
        status: int = 400,
        *,
        fields: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.status = status
        self.fields = fields
        self.headers = headers or {}
        self.more = more

    @property
    def sentence(self) -> str:
        """For places that know no fields, such as the command line."""
        texts = [text for said in (self.fields or {}).values() for text in (said.values() if isinstance(said, dict) else said)]
        return " ".join(str(text) for text in texts) or str(self.detail)


def invalid(**fields: Any) -> Refused:
    """A validation error: `invalid(title="Too short.")`."""
    return Refused(
        "Validation error",
        400,
        fields={name: text if isinstance(text, list | dict) else [text] for name, text in fields.items()},
    )


def not_found(detail: Any = "Not found.") -> Refused:
    return Refused(detail, 404)


def forbidden(
    detail: Any = "You do not have permission to perform this action.",
) -> Refused:
    return Refused(detail, 403)


def error_body(status: int, detail: Any, fields: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "status_code": status,
        "version": settings.VERSION,
        "detail": str(detail),
        "exc_info": None,
        **more,
    }
    if fields is not None:
        body["validation_errors"] = _plain(fields)
    return body


def error_response(
    status: int,
    detail: Any,
    fields: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    response = HttpResponse(
        dump_json(error_body(status, detail, fields, **more)),
        status=status,
        content_type="application/json",
    )
    for name, value in (headers or {}).items():
        response[name] = value
    if status == 401:
        response["WWW-Authenticate"] = "Token"
    return response


def response_for(error: Exception) -> HttpResponse:
    """The answer for anything that a view raised."""
    from django.core.exceptions import (
        BadRequest,
        PermissionDenied,
        RequestDataTooBig,
        SuspiciousOperation,
        TooManyFilesSent,
    )
    from django.http import Http404
    from rest_framework.exceptions import APIException, ValidationError

    if isinstance(error, Refused):
        return error_response(error.status, error.detail, error.fields, error.headers, **error.more)
    if isinstance(error, JSONRefused):
        return error_response(400, error)
    if isinstance(error, ValidationError):
        detail = error.detail
        return error_response(
            400,
            "Validation error",
            detail if isinstance(detail, dict) else {"non_field_errors": detail},
        )
    if isinstance(error, APIException):
        headers = {}
        if (wait := getattr(error, "wait", None)) is not None:
            headers["Retry-After"] = str(int(wait))
        return error_response(error.status_code, error.detail, headers=headers)
    if isinstance(error, Http404):
        return error_response(404, "Not found.")
    if isinstance(error, PermissionDenied):
        return error_response(403, str(error) or "You do not have permission to perform this action.")
    if isinstance(error, RequestDataTooBig):
        return error_response(413, "The request is too large.")
    if isinstance(error, BadRequest | SuspiciousOperation | TooManyFilesSent):
        return error_response(400, str(error) or "Bad request.")
    if isinstance(error, OperationalError):
        logger.warning("database unavailable: %s", error)
        return error_response(
            503,
            "The database is busy or unavailable. Please try again.",
            headers={"Retry-After": "2"},
        )
    body = error_body(500, "Something went wrong on the server. Please report the id of this answer.")
    logger.error("unhandled error %s", body["id"], exc_info=error)
    return HttpResponse(dump_json(body), status=500, content_type="application/json")


def drf_exception_handler(error: Exception, context: dict[str, Any]) -> None:
    """DRF asks here first; the guard around every route answers (one place), so the error goes on."""
    return


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(child) for child in value]
    if isinstance(value, str | int | float | bool) and type(value) in (
        str,
        int,
        float,
        bool,
    ):
        return value
    return str(value)
