"""Small sounds and videos, made here; and the drags that people do on a timeline."""

from __future__ import annotations

import io
import math
import struct
import wave

from playwright.sync_api import Locator

from tests.e2e.labeling import place_of


def sound(seconds: float = 4, channels: int = 2, rate: int = 8000) -> bytes:
    """A tone that swells, half as loud on the right."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(channels)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        for at in range(int(seconds * rate)):
            level = 20000 * math.sin(2 * math.pi * 440 * at / rate) * math.sin(math.pi * at / (seconds * rate))
            writer.writeframes(struct.pack(f"<{channels}h", *(int(level / (channel + 1)) for channel in range(channels))))
    return file.getvalue()


class Timeline:
    """A timeline on the screen, by shares of its width."""

    def __init__(self, lanes: Locator) -> None:
        self.page = lanes.page
        box = place_of(lanes)
        self.left, self.top, self.width, self.height = box["x"], box["y"], box["width"], box["height"]

    def at(self, share: float, down: float = 0.5) -> tuple[float, float]:
        return round(self.left + share * self.width), round(self.top + down * self.height)

    def share(self, share: float) -> float:
        """Of the whole pixel that `at` gives."""
        return (self.at(share)[0] - self.left) / self.width

    def drag(self, start: float, end: float, down: float = 0.5) -> None:
        self.page.mouse.move(*self.at(start, down))
        self.page.mouse.down()
        self.page.mouse.move(*self.at((start + end) / 2, down), steps=4)
        self.page.mouse.move(*self.at(end, down), steps=4)
        self.page.mouse.up()

    def click(self, share: float, down: float = 0.5) -> None:
        self.page.mouse.click(*self.at(share, down))


def video(frames: int = 40, rate: int = 10, size: tuple[int, int] = (320, 240)) -> bytes:
    """Grey with a magenta frame, as `images.picture`; a white square walks from left to right."""
    import av
    from PIL import Image, ImageDraw

    file = io.BytesIO()
    with av.open(file, "w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=rate)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = *size, "yuv420p", 400_000
        for number in range(frames):
            image = Image.new("RGB", size, (120, 120, 120))
            drawing = ImageDraw.Draw(image)
            drawing.rectangle([0, 0, size[0] - 1, size[1] - 1], outline=(255, 0, 255), width=6)
            drawing.rectangle([20 + 6 * number, 100, 50 + 6 * number, 130], fill=(255, 255, 255))
            container.mux(stream.encode(av.VideoFrame.from_image(image)))
        container.mux(stream.encode())
    return file.getvalue()


def document(pages: int = 3, picture: bytes = b"") -> bytes:
    """A PDF of letters' size: a title 72 units below the top, an amount 192 below it; a JPEG 2000 picture across its middle if one is given."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {pages} /Kids [{' '.join(f'{4 + 2 * at} 0 R' for at in range(pages))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    number = 4 + 2 * pages
    shown = f" /XObject << /P {number} 0 R >>" if picture else ""
    for at in range(pages):
        text = f"BT /F1 24 Tf 72 720 Td (Invoice page {at + 1}) Tj ET BT /F1 12 Tf 72 600 Td (Total 119.00 EUR) Tj ET".encode()
        text += b" q 400 0 0 200 100 350 cm /P Do Q" if picture else b""
        resources = f"/Resources << /Font << /F1 3 0 R >>{shown} >> /Contents {5 + 2 * at} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {resources} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
    if picture:
        kind = b"/Type /XObject /Subtype /Image /Width 40 /Height 30 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /JPXDecode"
        objects.append(b"<< %s /Length %d >>\nstream\n%s\nendstream" % (kind, len(picture), picture))
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(body),
    )
    return body + trailer
