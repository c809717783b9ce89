"""Uploads in pieces over HTTP: the tus protocol, version 1.0.0 (tus.io), with creation, creation-with-upload, expiration, checksum and termination."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from email.utils import format_datetime
from typing import BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from core.errors import Refused, invalid
from core.requests import integer
from core.routing import actor_of
from data_import import partial_uploads
from data_import.models import PartialUpload
from data_import.storage import pieces_of, plain_path
from projects.queries import get_project

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination"
PIECES = "application/offset+octet-stream"
MAX_METADATA = 8_000  # characters
UPLOAD_ID = "Labelspace-Upload"  # of a whole file: its number as an upload of the project


def create(request: HttpRequest, project_id: int) -> HttpResponse:
    """POST: begin an upload (`Upload-Length`, `Upload-Metadata` with `filename` and perhaps `relativePath`). 201 with its `Location`."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "OPTIONS":
        return _options()
    _check_version(request)
    if request.headers.get("Upload-Defer-Length"):
        raise Refused("Say the file's size at once, in Upload-Length.", 400)
    size = integer(request.headers.get("Upload-Length"), "Upload-Length", least=0)
    if size is None:
        raise invalid(**{"Upload-Length": "Say the file's size in bytes."})
    metadata = request.headers.get("Upload-Metadata", "")
    partial = partial_uploads.begin(actor, project, _name_in(metadata), size, metadata)
    if (request.content_type or "").lower() == PIECES and _length(request) and size:
        partial = _add(request, partial, 0)
    address = reverse("tus-upload", kwargs={"project_id": project_id, "key": partial.key})
    return _answer(201, partial, {"Location": address})


def upload(request: HttpRequest, project_id: int, key: str) -> HttpResponse:
    """HEAD: how much is there. PATCH: the next piece. DELETE: give up."""
    actor = actor_of(request)
    partial = partial_uploads.find(actor, get_project(actor, project_id), key)
    if request.method == "OPTIONS":
        return _options()
    _check_version(request)
    if request.method == "HEAD":
        more = {"Upload-Length": str(partial.size), "Cache-Control": "no-store"}
        return _answer(200, partial, more | ({"Upload-Metadata": partial.metadata} if partial.metadata else {}))
    if request.method == "DELETE":
        partial_uploads.give_up(partial)
        return _answer(204, None)
    if (request.content_type or "").lower() != PIECES:
        raise Refused(f"A piece of a file is sent as {PIECES}.", 415)
    offset = integer(request.headers.get("Upload-Offset"), "Upload-Offset", least=0)
    if offset is None:
        raise invalid(**{"Upload-Offset": "Say where in the file the piece belongs."})
    return _answer(204, _add(request, partial, offset))


def _add(request: HttpRequest, partial: PartialUpload, offset: int) -> PartialUpload:
    checksum = partial_uploads.checksum_of(request.headers.get("Upload-Checksum", ""))
    try:
        return partial_uploads.add_piece(actor_of(request), partial, offset, _pieces(request), checksum)
    except partial_uploads.ChecksumDiffers:
        raise Refused("The piece is not what its checksum says. Send it again.", 460) from None


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    yield from pieces_of(cast("BinaryIO", request))


def _answer(status: int, partial: PartialUpload | None, headers: dict[str, str] | None = None) -> HttpResponse:
    answer = HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **(headers or {})})
    if partial is not None:
        answer["Upload-Offset"] = str(partial.offset)
        answer["Upload-Expires"] = format_datetime(partial.expires_at, usegmt=True)
        if partial.upload_id is not None:
            answer[UPLOAD_ID] = str(partial.upload_id)
    return answer


def _options() -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Checksum-Algorithm": ",".join(partial_uploads.CHECKSUMS),
        },
    )


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refused(f"This is tus {VERSION}: send Tus-Resumable: {VERSION}.", 412, headers={"Tus-Version": VERSION})


def _name_in(metadata: str) -> str:
    """The file's name with the folders it was in: `relativePath`, else `filename`. Raises `Refused` (400) for metadata that is none."""
    if len(metadata) > MAX_METADATA:
        raise invalid(**{"Upload-Metadata": f"At most {MAX_METADATA:,} characters."})
    said: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in metadata.split(","))):
        key, _space, value = pair.partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise invalid(**{"Upload-Metadata": f"{key} is not base64 of UTF-8."}) from None
    path = said.get("relativePath") if said.get("relativePath") not in (None, "", "null") else said.get("filename") or said.get("name")
    if not (name := plain_path(path or "")):
        raise invalid(**{"Upload-Metadata": "Say the file's name: `filename` and its base64."})
    return name


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
