"""Makes the sample sounds, films and documents of the gallery: `python labeling/templates/record_media.py`.

Voices are spoken by the command `espeak-ng`; films need PyAV. Sounds are written with 8 bits at 8 kHz: small, and every browser plays them.
"""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from labeling.templates.draw_media import FOLDER, Canvas, car, person, tree

Sound = Any  # an array of values from -1 to 1, RATE in a second
RATE = 8000
FRAMES = 25  # a second, as the configs of the gallery say
WIDTH, HEIGHT = 480, 270


def voice(words: str, kind: str, most: float) -> Sound:
    """`words` spoken by a voice of eSpeak NG, hurried until they take at most `most` seconds."""
    for pace in range(165, 320, 15):
        spoken = subprocess.run(["espeak-ng", "-v", kind, "-s", str(pace), "--stdout", words], check=True, capture_output=True).stdout
        with wave.open(io.BytesIO(spoken)) as reader:
            rate, samples = reader.getframerate(), np.frombuffer(reader.readframes(10**7), "<i2") / 32768
        if len(samples) / rate <= most:
            break
    smooth = np.convolve(samples, np.hanning(7) / np.hanning(7).sum(), "same")
    return np.interp(np.arange(0, len(samples) / rate, 1 / RATE), np.arange(len(samples)) / rate, smooth)


def laid(seconds: float, *parts: tuple[float, Sound]) -> Sound:
    """Silence with sounds laid on it, each from its second on."""
    whole = np.zeros(int(seconds * RATE))
    for start, sound in parts:
        at = int(start * RATE)
        some = sound[: len(whole) - at]
        whole[at : at + len(some)] += some
    return whole


def times(seconds: float) -> Sound:
    return np.arange(int(seconds * RATE)) / RATE


def rush(seconds: float, dice: np.random.Generator) -> Sound:
    """A car that comes and goes."""
    noise = np.convolve(dice.normal(0, 1, int(seconds * RATE)), np.ones(12) / 12, "same")
    return 0.5 * noise * np.sin(np.pi * times(seconds) / seconds) ** 2


def horn(seconds: float) -> Sound:
    t = times(seconds)
    return 0.25 * np.sign(np.sin(math.tau * 420 * t) + np.sin(math.tau * 528 * t)) * np.minimum(1, 20 * (seconds - t))


def bark() -> Sound:
    t = times(0.18)
    return 0.6 * np.sin(math.tau * (520 * t - 900 * t * t)) * np.exp(-14 * t)


def tune(seconds: float) -> Sound:
    notes = [392, 494, 587, 784, 587, 494]
    each = seconds / len(notes)
    t = times(each)
    return np.concatenate([0.3 * np.sin(math.tau * note * t) * np.exp(-3 * t) for note in notes])


def applause(seconds: float, dice: np.random.Generator) -> Sound:
    claps = dice.normal(0, 0.3, int(seconds * RATE)) * (dice.random(int(seconds * RATE)) ** 6)
    return claps * np.sin(np.pi * times(seconds) / seconds)


def save(name: str, sound: Sound) -> None:
    loudest = max(1e-9, float(np.abs(sound).max()))
    with wave.open(str(FOLDER / name), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(RATE)
        writer.writeframes((128 + 115 * sound / loudest).round().clip(0, 255).astype(np.uint8).tobytes())


MEETING = (
    (0.2, "en+f2", "Good morning. Shall we begin with the harbour?", 2.8),
    (3.2, "en+m3", "The new crane comes on Thursday, if the weather holds.", 3.2),
    (6.6, "en-us+m7", "And who is going to drive it?", 2.0),
    (8.8, "en+f2", "Two people have been trained.", 1.9),
)


def sounds() -> None:
    dice = np.random.default_rng(3)
    save("speech.wav", laid(3.2, (0.2, voice("Please turn on the light in the hall.", "en+f2", 2.8))))
    agent, customer = "en+f2", "en+m3"
    call = (
        (0.1, agent, "Northwind Energy, good morning. How can I help?", 2.8),
        (3.1, customer, "My bill is twice as high as last month, and I was not even at home.", 4.7),
        (8.1, agent, "I am sorry to hear that. May I have your customer number?", 3.7),
        (12.1, customer, "It is 4 4 7 1, 0 9. I moved to Elm Street in March.", 3.8),
    )
    save("call.wav", laid(16, *((start, voice(words, kind, most)) for start, kind, words, most in call)))
    save("meeting.wav", laid(11, *((start, voice(words, kind, most)) for start, kind, words, most in MEETING)))
    hush = (0, 0.02 * dice.normal(0, 1, 10 * RATE))
    barks = [(at, bark()) for at in (5.2, 5.5, 6.1)]
    save("street-noise.wav", laid(10, hush, (0.3, rush(3.5, dice)), (4.1, horn(0.6)), *barks, (6.5, rush(3.2, dice)), (9.0, horn(0.3))))


def film(name: str, seconds: float, draw: Callable[[float], Canvas], sound: Sound | None = None) -> None:
    """`draw` gives the picture at a second."""
    with av.open(str(FOLDER / name), "w", format="mp4", options={"movflags": "faststart"}) as container:
        pictures: Any = container.add_stream("libvpx-vp9", rate=FRAMES, options={"crf": "42", "b": "0", "cpu-used": "4"})
        pictures.width, pictures.height, pictures.pix_fmt, pictures.gop_size = WIDTH, HEIGHT, "yuv420p", FRAMES
        voices: Any = None if sound is None else container.add_stream("libopus", rate=48000, layout="mono", bit_rate=24000)
        for number in range(int(seconds * FRAMES)):
            canvas = draw(number / FRAMES)
            picture: Any = av.VideoFrame
            container.mux(pictures.encode(picture.from_image(canvas.image.resize(canvas.size))))
        container.mux(pictures.encode())
        if sound is not None:
            for frame in frames_of(sound):
                container.mux(voices.encode(frame))
            container.mux(voices.encode())


def frames_of(sound: Sound) -> Iterator[Any]:
    loudest = float(np.abs(sound).max())
    fine = np.interp(np.arange(len(sound) * 6) / 6, np.arange(len(sound)), 0.9 * sound / loudest)
    for at in range(0, len(fine), 960):
        part = np.pad(fine[at : at + 960], (0, max(0, at + 960 - len(fine))))
        frame: Any = av.AudioFrame.from_ndarray((part * 32767).astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 48000, at
        yield frame


def traffic(second: float) -> Canvas:
    c = Canvas(WIDTH, HEIGHT, "#a9cfe8")
    c.box(0, 60, 150, 100, "#b08968")
    c.box(170, 30, 130, 130, "#7d8597")
    c.box(320, 70, 160, 90, "#a3b18a")
    for x, size in ((30, 60), (310, 66), (450, 58)):
        tree(c, x, 166, size)
    c.box(0, 160, WIDTH, 20, "#b8b8b0")
    c.box(0, 180, WIDTH, 90, "#565b63")
    for x in range(10, WIDTH, 60):
        c.box(x, 222, 30, 4, "#f1f1ea")
    person(c, 60 + 26 * second, 176, "#d35400")
    car(c, -220 + 130 * second, 216, "#c0392b")
    car(c, 520 - 105 * second, 264, "#e0a030")
    return c


def lifter(second: float) -> Canvas:
    """Stands, lifts a bar above the head, lowers it, rests; twice in eight seconds."""
    part = second % 4
    up = min(1.0, max(0.0, part - 0.6)) if part < 2.2 else max(0.0, 1 - (part - 2.2))
    c = Canvas(WIDTH, HEIGHT, "#dfe4e8")
    c.box(0, 225, WIDTH, 45, "#a58e74")
    for x in (40, 400):
        c.box(x, 60, 40, 90, "#c3ccd4", 4)
    hands = 175 - 130 * up
    c.line([(240, 160), (222, 196), (220, 232)], "#2b3a55", 13)
    c.line([(240, 160), (258, 196), (260, 232)], "#2b3a55", 13)
    c.line([(240, 105), (240, 160)], "#b03a2e", 26)
    for side in (-1, 1):
        c.line([(240 + side * 14, 104), (240 + side * 32, (104 + hands) / 2 + 8), (240 + side * 26, hands)], "#e0ac85", 9)
    c.oval(240, 76, 15, 18, "#e0ac85")
    c.line([(150, hands), (330, hands)], "#444b52", 5)
    for x in (150, 330):
        c.box(x - 6, hands - 27, 12, 54, "#22262b", 3)
    return c


def talk(second: float) -> Canvas:
    c = Canvas(WIDTH, HEIGHT, "#cfd8dc")
    c.box(150, 24, 180, 80, "#f7f9fa", 4)
    c.text(172, 50, "Harbour" if second < 10 else "Thank you", 24, "#37474f")
    speaking = next((number for number, (start, _, _, most) in enumerate(MEETING) if start + 1.8 <= second < start + 1.8 + most), -1)
    who = {0: 0, 1: 1, 2: 2, 3: 0}.get(speaking, -1)
    for number, (x, shirt) in enumerate(((100, "#7d3c98"), (240, "#2a6f97"), (380, "#148f77"))):
        c.box(x - 38, 182, 76, 70, shirt, 20)
        c.oval(x, 152, 25, 30, "#e0ac85")
        c.oval(x, 130, 26, 14, "#4a3728")
        opened = 2 + 5 * abs(math.sin(9 * second)) if who == number else 1.5
        c.oval(x, 166, 8, opened, "#7b2d26")
        for eye in (-9, 9):
            c.oval(x + eye, 149, 3, 3, "#22262b")
    c.box(0, 228, WIDTH, 42, "#8a6d4f")
    return c


def films() -> None:
    dice = np.random.default_rng(5)
    film("traffic.mp4", 6, traffic)
    film("exercise.mp4", 8, lifter)
    spoken = [(start + 1.8, voice(words, kind, most)) for start, kind, words, most in MEETING]
    film("meeting.mp4", 15, talk, laid(15, (0, tune(1.8)), *spoken, (12.8, applause(2, dice))))


def document(name: str, pages: list[list[tuple[int, int, int, str]]]) -> None:
    """A PDF in A4. Each page is lines of (left, up from the bottom, size of the letters, words)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{4 + 2 * at} 0 R' for at in range(len(pages)))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        drawn = b"\n".join(
            f"BT /F1 {size} Tf {x} {y} Td ({words.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET".encode("cp1252")
            for x, y, size, words in lines
        )
        resources = f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * at} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(objects) + 1
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        entries,
        size,
        len(body),
    )
    (FOLDER / name).write_bytes(body + end)


REPORT = """The harbour handled 4,120 ships in 2025, eleven per cent more than the year before. Most of them carried grain,
timber and salt. The average time at the quay fell from nine hours to seven, because the new northern crane
unloads two ships at once.
Noise after ten in the evening remains the most frequent complaint. The council has asked for a wall along
the eastern road; its cost is put at 240,000 euros. A first part is to be finished before the summer.
The fish market moved to the old customs house in May. Visitors have doubled since, and the number of
stalls has grown from eighteen to thirty-one."""


def documents() -> None:
    rows = [
        ("Desk lamp, black", "3", "34.90", "104.70"),
        ("Light bulb, warm white", "6", "4.50", "27.00"),
        ("Delivery", "1", "6.90", "6.90"),
    ]
    invoice = [
        (60, 770, 20, "Northwind Lamps GmbH"),
        (60, 750, 10, "14 Quay Street, 20457 Hamburg"),
        (400, 770, 11, "Invoice no. 2041"),
        (400, 752, 11, "4 March 2026"),
        (60, 690, 11, "Ms C. Okafor"),
        (60, 675, 11, "9 Elm Street, Aveiro"),
        *((x, 620, 11, head) for x, head in ((60, "Article"), (300, "Number"), (380, "Each"), (470, "Sum"))),
        *((x, 595 - 20 * at, 11, cell) for at, row in enumerate(rows) for x, cell in zip((60, 300, 380, 470), row, strict=True)),
        (380, 515, 13, "Total"),
        (470, 515, 13, "138.60 EUR"),
        (60, 440, 10, "Payable within 14 days. Thank you for your order."),
    ]
    document("invoice.pdf", [invoice])
    lines = REPORT.split("\n")
    first = [
        (60, 760, 24, "The harbour in 2025"),
        (60, 732, 12, "Report of the harbour master"),
        *((60, 690 - 18 * at, 10, line) for at, line in enumerate(lines)),
    ]
    second = [
        (60, 760, 18, "Outlook"),
        *((60, 720 - 18 * at, 10, line) for at, line in enumerate(reversed(lines))),
        (270, 60, 10, "Page 2"),
    ]
    document("report.pdf", [first, second])


def table() -> None:
    """Two minutes of a sensor, ten readings a second."""
    rows = ["time,temperature,vibration"]
    for at in range(1200):
        second = at / 10
        rows.append(
            f"{second:g},{21 + 3 * math.sin(second / 20) + second / 60:.3f},{math.sin(second * 2) * (1 + (40 < second < 55) * 2):.3f}"
        )
    (FOLDER / "sensors.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def texts() -> None:
    """What is shown for a text, a page, a dialogue and a record that a task has the address of."""
    (FOLDER / "note.txt").write_text(REPORT + "\n", encoding="utf-8")
    (FOLDER / "page.html").write_text(
        "<!doctype html><title>Harbour</title><article><h1>The harbour in 2025</h1>"
        + "".join(f"<p>{line}</p>" for line in REPORT.split("\n"))
        + "</article>\n",
        encoding="utf-8",
    )
    phrases = [{"author": "Guest", "text": "Is the pool open?"}, {"author": "Host", "text": "Until nine in the evening."}]
    record = {"Product": "Desk lamp", "Price": 34.9, "In stock": 12, "Supplier": "Northwind"}
    for name, value in (("dialogue.json", phrases), ("table.json", record)):
        (FOLDER / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def cloud() -> None:
    """Floor, two walls and a ball of a room, as points."""
    dice = np.random.default_rng(7)
    flat = [dice.uniform(0, 4, (600, 3)) * still for still in ([1, 1, 0], [1, 0, 0.6], [0, 1, 0.6])]
    ball = dice.normal(0, 1, (400, 3))
    points = np.concatenate([*flat, ball / np.linalg.norm(ball, axis=1, keepdims=True) * 0.5 + [2, 2, 0.5]])
    head = f"VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH {len(points)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(points)}\nDATA ascii\n"
    (FOLDER / "room.pcd").write_text(head + "".join(f"{x:.3f} {y:.3f} {z:.3f}\n" for x, y, z in points), encoding="utf-8")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in (sounds, films, documents, table, texts, cloud):
        make()
