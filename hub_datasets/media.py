"""The media of an imported dataset: they stay on the Hub, and come through here with the right token."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase

from core.errors import not_found
from core.rawjson import read_json
from core.routing import actor_of
from hub_datasets.columns import MEDIA, columns_of
from hub_datasets.hub import Hub
from hub_datasets.models import HubSource
from hub_datasets.reading import medium, parquet

CACHE_BYTES = 1 << 30
FRESH = "private, max-age=86400, immutable"  # a row at a commit never changes


def address_of(source: HubSource, file: int, row: int, column: str) -> str:
    """What a task's data says for a medium."""
    return f"/api/hub/media/{source.pk}/{file}-{row}/{quote(column, safe='')}"


def serve(request: HttpRequest, dataset_id: int, place: str, column: str) -> HttpResponseBase:
    """A row's picture, sound or film, for whoever may see the project; `place` is the file's number and the row's. Raises 404."""
    source = HubSource.objects.visible_to(actor_of(request)).filter(pk=dataset_id).first()
    found = re.fullmatch(r"(\d{1,6})-(\d{1,12})", place)
    if source is None or found is None:
        raise not_found()
    path = _cached(source, int(found[1]), int(found[2]), column)
    opened = path.open("rb")
    response = FileResponse(opened, content_type=_type(opened.read(16)))
    opened.seek(0)
    response["Cache-Control"] = FRESH
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _cached(source: HubSource, file: int, row: int, column: str) -> Path:
    """The medium as a file; the others of its row group, which come with it, are kept too."""
    folder = settings.DATA_DIR / "cache" / "hub"
    wanted = _place(folder, source, file, row, column)
    if wanted.exists():
        return wanted
    files = read_json(source.files)
    if file >= len(files):
        raise not_found()
    folder.mkdir(parents=True, exist_ok=True)
    hub = Hub(source.plain_token())
    with parquet(hub, source.repo, source.revision, files[file]) as opened:
        known = {one.name: one for one in columns_of(opened.schema_arrow)}
        if column not in known or known[column].kind not in MEDIA or row >= opened.metadata.num_rows:
            raise not_found()
        for number, value in medium(opened, column, row):
            content = value.get("bytes")
            if content is None and number == row and value.get("path"):
                with hub.opened(source.repo, source.revision, str(value["path"])) as away:
                    content = away.read()
            if content is not None:
                _keep(_place(folder, source, file, number, column), content)
    if not wanted.exists():
        raise not_found()
    _make_room(folder)
    return wanted


def _place(folder: Path, source: HubSource, file: int, row: int, column: str) -> Path:
    return folder / hashlib.sha256(f"{source.pk}/{source.revision}/{file}/{row}/{column}".encode()).hexdigest()


def _keep(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{secrets.token_hex(8)}")
    draft.write_bytes(content)
    os.replace(draft, path)


def _make_room(folder: Path) -> None:
    """The longest unused go first; a file that is just being sent stays readable."""
    known = sorted(_files(folder))
    total = sum(size for _time, size, _path in known)
    for _time, size, path in known:
        if total <= CACHE_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size


def _files(folder: Path) -> Iterator[tuple[float, int, Path]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            found: Any = entry.stat()
            yield max(found.st_atime, found.st_mtime), found.st_size, Path(entry.path)


def _type(head: bytes) -> str:
    """By the first bytes: a dataset seldom says more."""
    for start, kind in _SIGNS.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF":
        return "image/webp" if head[8:12] == b"WEBP" else "audio/wav"
    if head[4:8] == b"ftyp":
        return "video/mp4"
    return "application/octet-stream"


_SIGNS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8": "image/jpeg",
    b"GIF8": "image/gif",
    b"BM": "image/bmp",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"fLaC": "audio/flac",
    b"OggS": "audio/ogg",
    b"\x1aE\xdf\xa3": "video/webm",
}
