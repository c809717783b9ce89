"""Uploaded files and avatars over HTTP: the one view that serves what users uploaded (rule F1 of docs/security.md).

The content type comes from our own table and the file's first bytes; only media and plain text may be shown as a page of their own, and
then in a sandbox without scripts. Ranges, ETags and conditional requests work, so that players can seek and browsers need not ask twice.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _

from core.errors import Refused, not_found
from core.media.cache import CachedFile
from core.routing import actor_of
from data_import.contents import open_upload
from data_import.file_types import HEAD, type_of
from data_import.models import FileUpload
from projects.models import Project

PIECE = 256 << 10
SMALL = 256 << 10  # bytes that are sent at once and hold no thread
PATIENCE = 5  # seconds that a stream waits for a thread
AVATAR = re.compile(r"[A-Za-z0-9_-]{1,60}\.(?:png|webp|jpg)")
RANGE = re.compile(r"bytes=(\d*)-(\d*)")

# Slow readers of large files may hold half of a process's threads; the other half answers everything else.
STREAMS = threading.BoundedSemaphore(max(1, settings.ENVIRONMENT.web_threads // 2))


def uploaded_file(request: HttpRequest, project_id: int, name: str) -> HttpResponseBase:
    """`/data/upload/<project>/<name>`: for whoever may see the project. Absent and foreign files give the same 404."""
    project = Project.objects.visible_to(actor_of(request)).filter(pk=project_id)
    uploads = FileUpload.objects.select_related("content").filter(project__in=project.values("pk"))
    upload = uploads.filter(file=f"upload/{project_id}/{name}").first()
    if upload is None:
        raise not_found()
    file = open_upload(upload)
    try:
        headers = file_headers(upload.name, file.read(HEAD))
    except BaseException:
        file.close()
        raise
    return serve_open(request, file, upload.size, headers, etag=upload.sha256[:32], modified=int(upload.created_at.timestamp()))


def avatar(request: HttpRequest, name: str) -> HttpResponseBase:
    """`/data/avatars/<name>`: people's pictures, which the server has made itself."""
    if not AVATAR.fullmatch(name):
        raise not_found()
    try:
        with default_storage.open(f"avatars/{name}") as file:
            data = file.read()
    except FileNotFoundError:
        raise not_found() from None
    return serve_open(request, BytesIO(data), len(data), file_headers(name, data[:HEAD]), etag=name)


def storage_data(request: HttpRequest) -> HttpResponseBase:
    """`/storage-data/uploaded/?filepath=upload/<project>/<name>` (or `avatars/<name>`), where clients of Label Studio look for files of a lasting
    storage."""
    parts = request.GET.get("filepath", "").split("/")
    if len(parts) == 3 and parts[0] == "upload" and parts[1].isdecimal() and len(parts[1]) < 19:
        return uploaded_file(request, int(parts[1]), parts[2])
    if len(parts) == 2 and parts[0] == "avatars":
        return avatar(request, parts[1])
    raise not_found()


def serve(request: HttpRequest, path: Path, name: str, *, etag: str, changing: bool = False) -> HttpResponseBase:
    """The file at `path` under the name its owner gave it; `etag` identifies its content. Raises 404 when it is gone.

    `changing`: the same address may show another content later, so browsers ask again.
    """
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise not_found() from None
    try:
        size, modified = (found := path.stat()).st_size, int(found.st_mtime)
        headers = file_headers(name, file.read(HEAD))
        if changing:
            headers["Cache-Control"] = "private, no-cache"
    except BaseException:
        file.close()
        raise
    return serve_open(request, file, size, headers, etag=etag, modified=modified)


def serve_open(
    request: HttpRequest, file: BinaryIO, size: int, headers: dict[str, str], *, etag: str, modified: int | None = None
) -> HttpResponseBase:
    """An open file of `size` bytes that can be sought, whole or the range asked for, with these headers; closes it. `etag` identifies its content."""
    try:
        headers = {**headers, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        if modified is not None:
            headers["Last-Modified"] = formatdate(modified, usegmt=True)
        if _unchanged(request, f'"{etag}"', modified):
            file.close()
            return HttpResponseNotModified(
                headers={key: headers[key] for key in ("ETag", "Cache-Control", "Last-Modified") if key in headers}
            )
        span = byte_span(request, size, f'"{etag}"')
        if span is None:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Cache-Control": "private, no-store"})
        first, last = span
        length = last - first + 1
        status = 200 if length == size else 206
        if status == 206:
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        headers["Content-Length"] = str(length)
        file.seek(first)
        if isinstance(file, CachedFile):
            file.expect(last)
        if request.method == "HEAD" or length <= SMALL:
            body = b"" if request.method == "HEAD" else file.read(length)
            file.close()
            return HttpResponse(body, status=status, headers=headers)
        if not STREAMS.acquire(timeout=PATIENCE):
            raise Refused(_("The server is sending many files at the moment. Please try again."), 503, headers={"Retry-After": "5"})
        return StreamingHttpResponse(_Stream(file, length), status=status, headers=headers)
    except BaseException:
        file.close()
        raise


class _Stream:
    """A part of a file in pieces; gives its place back when it is closed, read to the end or not."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self.file, self.left = file, length

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0 and (piece := self.file.read(min(PIECE, self.left))):
            self.left -= len(piece)
            yield piece

    def close(self) -> None:
        if not self.file.closed:
            self.file.close()
            STREAMS.release()


def file_headers(name: str, head: bytes) -> dict[str, str]:
    found = type_of(name, head)
    plain = re.sub(r'[^ -~]|["\\]', "_", name)
    quoted = "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 128) or chr(byte) in "-._~" else f"%{byte:02X}"
        for byte in name.encode("utf-8", "replace")
    )
    return {
        "Content-Type": found.content_type,
        "Content-Disposition": f"{'inline' if found.inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quoted}",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "Cross-Origin-Resource-Policy": "same-origin",
        # The name is random and the content never changes; what may not be shared is never in a shared cache.
        "Cache-Control": "private, max-age=86400, immutable",
    }


def _unchanged(request: HttpRequest, etag: str, modified: int | None) -> bool:
    known = request.headers.get("If-None-Match")
    if known is not None:
        return known.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified is not None and modified <= since


def byte_span(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte to send: the whole file unless one valid range is asked for; None for a range outside of the file."""
    said = request.headers.get("Range", "")
    match = RANGE.fullmatch(said.replace(" ", ""))
    if not match or not (match[1] or match[2]) or request.headers.get("If-Range", etag) != etag:
        return 0, size - 1
    if not match[1]:
        return (max(0, size - int(match[2])), size - 1) if int(match[2]) and size else None
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    return (first, last) if first <= last else None
