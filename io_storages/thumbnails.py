"""Small pictures for grids: a task's picture as WebP, made once and kept in the cache."""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from core.errors import Refused, not_found
from core.media import cache
from core.requests import integer
from core.routing import actor_of
from data_import.file_types import EXTENSIONS, UNKNOWN, extension_of
from io_storages.media_info import medium_for

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
SIZES = (64, 128, 256, 512)
MOST_PIXELS = 120_000_000
LARGEST = 200 << 20


def thumbnail(request: HttpRequest, task_id: int) -> HttpResponse:
    """`/tasks/<id>/thumbnail/?key=<data key>&size=256`: at most that wide and high. 404 for what is no picture of ours."""
    size = integer(request.GET.get("size"), "size", 256, least=16, most=SIZES[-1]) or 256
    size = next(each for each in SIZES if each >= size)
    _project, medium = medium_for(actor_of(request), task_id, request.GET.get("key", ""))
    kind = EXTENSIONS.get(extension_of(medium.name), UNKNOWN)
    if kind.kind not in ("image", "other") or kind.content_type.startswith("image/svg") or medium.size > LARGEST:
        raise not_found(_("There is no picture under this key that can be made small."))
    name = f"thumbnail 1 {size}|{medium.identity}"
    etag = f'"{hashlib.sha256(name.encode()).hexdigest()[:32]}"'
    data = cache.get(name)
    if data is None:
        with medium.open() as file:
            data = made_small(file, size)
        cache.put(name, data)
    headers = {"Cache-Control": "private, max-age=86400", "ETag": etag, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(data, content_type="image/webp", headers=headers)


def made_small(file: BinaryIO, size: int) -> bytes:
    """WebP without metadata, turned as it is meant to be seen. Raises `Refused` (404) for what is no picture."""
    import io

    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("The picture has too many pixels for a small one."), 404)
            picture.draft("RGB", (size, size))  # a JPEG is decoded small at once
            small = ImageOps.exif_transpose(picture)
            small.thumbnail((size, size))
            written = io.BytesIO()
            small.convert("RGBA" if "A" in small.getbands() or "transparency" in small.info else "RGB").save(written, "WEBP", quality=75)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Refused(_("There is no picture under this key that can be made small."), 404) from None
    return written.getvalue()
