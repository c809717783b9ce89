"""What the header of an image file says, without decoding the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

EXIF_ORIENTATION = 0x0112
TURNED = frozenset({5, 6, 7, 8})  # orientations in which width and height change places


@dataclass(frozen=True, slots=True)
class Picture:
    """Width and height in pixels as people see it (turned as its EXIF data says), and the number of its channels."""

    width: int
    height: int
    channels: int


def picture_of(file: BinaryIO) -> Picture | None:
    """The picture in an open file, None when it is not an image that can be read."""
    from PIL import Image  # imported here: most exports never need it

    file.seek(0)
    try:
        with Image.open(file) as image:
            width, height = image.size
            if image.getexif().get(EXIF_ORIENTATION) in TURNED:
                width, height = height, width
            return Picture(width, height, len(image.getbands()))
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, Image.DecompressionBombError):
        return None
