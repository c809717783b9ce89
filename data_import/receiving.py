"""What a request brings to import: a JSON body, files of a form, or an address to fetch; streamed to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest

from core.actor import Actor
from core.errors import Refused, invalid
from core.outbound import fetch
from data_import.file_types import EXTENSIONS, extension_of
from data_import.models import FileUpload
from data_import.operations import check_extension, store_upload
from data_import.reading import ImportFile
from data_import.storage import Received, media_path, pieces_of, receive
from projects.models import Project

MAX_FILES = 1_000
MAX_FETCHED = 1 << 30
BY_CONTENT_TYPE = {file_type.content_type.partition(";")[0]: extension for extension, file_type in reversed(EXTENSIONS.items())}


@contextmanager
def received_body(request: HttpRequest) -> Iterator[Received]:
    """The request's body as a file, which is gone afterwards unless somebody moved it."""
    received = receive(pieces_of(cast("object", request)), announced=_length(request))  # type: ignore[arg-type]
    try:
        yield received
    finally:
        received.forget()


def receive_form(request: HttpRequest) -> list[tuple[Received, str]]:
    """The files of a form, under whatever field names: (file, its name). Django has streamed the larger ones to disk already."""
    found: list[tuple[Received, str]] = []
    try:
        for _field, files in request.FILES.lists():
            for file in files:
                if len(found) >= MAX_FILES:
                    raise Refused(f"A request may bring at most {MAX_FILES:,} files.", 413)
                name = file.name or ""
                check_extension(name)
                found.append((receive(pieces_of(file), announced=file.size or 0), name))  # type: ignore[arg-type]
    except BaseException:
        for received, _name in found:
            received.forget()
        raise
    return found


def fetch_upload(actor: Actor, project: Project, url: str) -> FileUpload:
    """Fetch a public http(s) address and keep what comes as an upload. Raises `Refused` (400) when it cannot be had."""
    with fetch(url, max_bytes=MAX_FETCHED) as answer:
        if answer.status != 200:
            raise invalid(non_field_errors=f"The address answered with status {answer.status} instead of a file.")
        name = unquote(urlsplit(answer.url).path).rsplit("/", 1)[-1] or "download"
        if extension_of(name) not in EXTENSIONS:
            extension = BY_CONTENT_TYPE.get(answer.headers.get("content-type", "").partition(";")[0].strip().lower(), "")
            name = f"{name}.{extension}" if extension else name
        check_extension(name)
        received = receive(answer.stream())
    try:
        return store_upload(actor, project, received, name)
    finally:
        received.forget()


def as_import_file(upload: FileUpload) -> ImportFile:
    return ImportFile(media_path(upload.file), upload.name, f"/data/{upload.file}", upload.pk)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if re.fullmatch(r"\d{1,18}", said) else 0
