"""Pictures of people: decoded under a pixel limit, made 256 pixels square, written anew without metadata. (data_import/serving.py serves them, as it serves all files of people.)"""

from __future__ import annotations

import io
import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from core.errors import Refused

LARGEST_BYTES = 5 << 20
MOST_PIXELS = 25_000_000
SIZE = 256
FOLDER = "avatars"
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


def write_avatar(upload: Any) -> str:
    """Store an uploaded picture and return its file name. Raises 400 for what is not a picture or is too large."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if upload.size > LARGEST_BYTES:
        raise Refused(_("The picture is too large: at most 5 MB."), 400)
    try:
        with Image.open(io.BytesIO(upload.read()), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("The picture has too many pixels: at most 25 million."), 400)
            square = ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGBA"), (SIZE, SIZE))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Refused(_("This is not a picture that can be read. Use JPEG, PNG, GIF or WebP."), 400) from None
    clean = Image.new("RGBA", square.size)
    clean.paste(square)
    name = f"{secrets.token_hex(16)}.webp"
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=85)
    default_storage.save(f"{FOLDER}/{name}", ContentFile(written.getvalue()))
    return name


def delete_avatar(name: str) -> None:
    if name:
        default_storage.delete(f"{FOLDER}/{name}")
