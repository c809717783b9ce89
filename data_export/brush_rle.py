"""Label Studio's run-length encoding of painted masks, which is not that of COCO.

A stream of bits, highest first: 32 bits for the number of words, 5 bits for the size of a word less one (words are bytes here), then 4 times 4
bits for the sizes, less one, that the lengths of runs may have. A run is a bit that says whether one word is repeated, 2 bits that choose a
size, the length less one in that size, and the word, or as many words. The words are the RGBA values of the picture, row by row; the mask is
in the fourth.
"""

from __future__ import annotations

from collections.abc import Sequence

MAX_PIXELS = 100_000_000  # a few bytes may claim any size
HEADER = 53  # bits
BYTE = 8


class MaskRefused(ValueError):
    """The bytes are not a mask of that size; the message says why."""


def decode_alpha(rle: Sequence[int], width: int, height: int) -> bytearray:
    """The mask: `width * height` bytes, row by row, 0 where nothing is painted. Raises `MaskRefused`."""
    pixels = width * height
    if not 0 < pixels <= MAX_PIXELS:
        raise MaskRefused(f"a picture of {width} x {height} pixels cannot be exported")
    try:
        data = bytes(rle)
    except (ValueError, TypeError):
        raise MaskRefused("the mask holds something else than bytes") from None
    bits = len(data) * 8
    if bits < HEADER:
        raise MaskRefused("the mask is too short")
    header = int.from_bytes(data[:8], "big") >> (64 - HEADER) if bits >= 64 else int.from_bytes(data, "big") >> (bits - HEADER)
    count, word = header >> 21, (header >> 16 & 31) + 1
    sizes = [(header >> shift & 15) + 1 for shift in (12, 8, 4, 0)]
    if count != pixels * 4:
        raise MaskRefused(f"the mask does not fit a picture of {width} x {height} pixels")
    if word != BYTE:
        raise MaskRefused(f"masks of {word}-bit words cannot be exported")
    return _alpha(data, bits, count, sizes)


def _alpha(data: bytes, bits: int, count: int, sizes: list[int]) -> bytearray:
    alpha = bytearray()
    at, done = HEADER, 0
    while done < count:
        # 27 bits are the most that a run begins with: bit, choice, 16 bits of length, and the word of a repeated one.
        window = int.from_bytes(data[at >> 3 : (at >> 3) + 5].ljust(5, b"\0"), "big") << (at & 7) & 0xFFFFFFFFFF
        size = sizes[window >> 37 & 3]
        length = (window >> (37 - size) & (1 << size) - 1) + 1
        repeated = window >> 39
        at += 3 + size
        end = min(done + length, count)
        if repeated:
            alpha += bytes((window >> (29 - size) & 255,)) * ((end >> 2) - (done >> 2))
            at += BYTE
        else:
            words = _words(data, at, end - done)
            alpha += words[3 - (done & 3) :: 4]
            at += BYTE * length
        if (at > bits and end < count) or at > bits + 7:
            raise MaskRefused("the mask ends too early")
        done = end
    return alpha


def _words(data: bytes, at: int, count: int) -> bytes:
    """`count` bytes that begin at any bit."""
    first, shift = at >> 3, at & 7
    if not shift:
        return data[first : first + count].ljust(count, b"\0")
    piece = data[first : first + count + 1].ljust(count + 1, b"\0")
    return (int.from_bytes(piece, "big") >> (8 - shift) & ((1 << 8 * count) - 1)).to_bytes(count, "big")
