"""What a request brings to import: a JSON body, files of a form, or an address to fetch; streamed to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid
from core.outbound import fetch
from data_import.contents import local_copy
from data_import.file_types import EXTENSIONS, MEDIA, UNKNOWN, extension_of
from data_import.models import FileUpload
from data_import.operations import check_extension, store_upload
from data_import.parts import ImportFile
from data_import.storage import Received, pieces_of, receive
from projects.models import Project

MAX_FILES = 1_000
MAX_FETCHED = 1 << 30
BY_CONTENT_TYPE = {file_type.content_type.partition(";")[0]: extension for extension, file_type in reversed(EXTENSIONS.items())}


@contextmanager
def received_body(request: HttpRequest) -> Iterator[Received]:
    """The request's body as a file, which is gone afterwards unless somebody moved it. Raises `Refused` (400) when it broke off."""
    with _unbroken():
        received = receive(pieces_of(cast("BinaryIO", request)), announced=_length(request))
    try:
        if received.size < _length(request):
            raise _broken_off()
        yield received
    finally:
        received.forget()


def receive_form(request: HttpRequest) -> list[tuple[Received, str]]:
    """The files of a form, under whatever field names: (file, its name). Django has streamed the larger ones to disk already.

    Raises `Refused` (400) when the form broke off: its last file would be cut short.
    """
    found: list[tuple[Received, str]] = []
    try:
        with _unbroken():
            fields = request.FILES.lists()
        if (read := getattr(request._stream, "_pos", None)) is not None and read < _length(request):
            raise _broken_off()
        for _field, files in fields:
            for file in files:
                if len(found) >= MAX_FILES:
                    raise Refused(f"A request may bring at most {MAX_FILES:,} files.", 413)
                name = file.name or ""
                check_extension(name)
                found.append((receive(pieces_of(cast("BinaryIO", file)), announced=file.size or 0), name))
    except BaseException:
        for received, _name in found:
            received.forget()
        raise
    return found


@contextmanager
def _unbroken() -> Iterator[None]:
    try:
        yield
    except UnreadablePostError:
        raise _broken_off() from None


def _broken_off() -> Refused:
    return Refused(_("The upload broke off before its end. Please send it again."), 400)


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
    file_type = EXTENSIONS.get(extension_of(upload.name), UNKNOWN)
    # Of a medium only the name is looked at: it need not be fetched from a bucket.
    path = Path(upload.content.path) if file_type.kind in MEDIA else local_copy(upload)
    return ImportFile(path, upload.name, f"/data/{upload.file}", upload.pk)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if re.fullmatch(r"\d{1,18}", said) else 0
