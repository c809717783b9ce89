"""How long a sound is, as the header of a WAV file says."""

from __future__ import annotations

import struct
from typing import BinaryIO


def wav_duration(file: BinaryIO) -> float | None:
    """Seconds, None for anything but a WAV file. Reads the headers of its chunks, whatever the samples are (also floating point)."""
    file.seek(0)
    if (head := file.read(12))[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    rate = frame = 0
    while len(head := file.read(8)) == 8:
        kind, size = struct.unpack("<4sI", head)
        if kind == b"fmt " and size >= 16:
            if len(body := file.read(16)) < 16:
                return None
            _, _, rate, _, frame = struct.unpack("<HHIIH", body[:14])
            file.seek(size - 16 + (size & 1), 1)
        elif kind == b"data":
            start = file.tell()
            # A recorder that was cut off may have left a size that is not true.
            length = min(size, file.seek(0, 2) - start)
            return length // frame / rate if rate and frame else None
        else:
            file.seek(size + (size & 1), 1)
    return None
