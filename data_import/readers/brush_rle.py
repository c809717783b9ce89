"""Writing Label Studio's run-length encoding of painted masks (`data_export/brush_rle.py` reads it and says how it is made)."""

from __future__ import annotations

SIZES = (3, 4, 8, 16)  # bits that the length of a run may have
LONGEST = 1 << SIZES[-1]


def encode_alpha(alpha: bytes | bytearray) -> list[int]:
    """The bytes of a mask of 0 and 255, row by row: its pixels are transparent, or opaque in every channel."""
    bits = _Bits()
    bits.add(len(alpha) * 4, 32)
    bits.add(8 - 1, 5)
    for size in SIZES:
        bits.add(size - 1, 4)
    at = 0
    while at < len(alpha):
        value = alpha[at]
        end = alpha.find(0 if value else 255, at)
        end = len(alpha) if end < 0 else end
        left = (end - at) * 4
        while left:
            length = min(left, LONGEST)
            choice = next(place for place, size in enumerate(SIZES) if length <= 1 << size)
            bits.add(1, 1)
            bits.add(choice, 2)
            bits.add(length - 1, SIZES[choice])
            bits.add(value, 8)
            left -= length
        at = end
    return list(bits.whole())


class _Bits:
    """Bits one after the other, highest first."""

    def __init__(self) -> None:
        self._bytes, self._held, self._count = bytearray(), 0, 0

    def add(self, value: int, size: int) -> None:
        self._held = self._held << size | value
        self._count += size
        while self._count >= 8:
            self._count -= 8
            self._bytes.append(self._held >> self._count)
            self._held &= (1 << self._count) - 1

    def whole(self) -> bytes:
        """The bytes, the last one filled up with zeros."""
        return bytes(self._bytes) + (bytes([self._held << (8 - self._count)]) if self._count else b"")
