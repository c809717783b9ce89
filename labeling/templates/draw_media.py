"""Draws the sample images of the gallery: `python labeling/templates/draw_media.py`. Same result on every run."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

FOLDER = Path(__file__).parent / "media"
SCALE = 2  # drawn twice as large, then scaled down: smooth edges

Colour = str | tuple[int, int, int]
Points = Sequence[tuple[float, float]]


def dice(seed: int) -> random.Random:
    """Chance that falls the same way on every run."""
    return random.Random(seed)


class Canvas:
    """A picture in its own units; drawing is scaled up by `SCALE`."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.size = width, height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), colour)
        self.draw = ImageDraw.Draw(self.image)

    def gradient(self, top: tuple[int, int, int], bottom: tuple[int, int, int], y0: float, y1: float) -> None:
        for y in range(int(y0), int(y1)):
            part = (y - y0) / (y1 - y0)
            colour = tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
            self.draw.rectangle([0, y * SCALE, self.size[0] * SCALE, (y + 1) * SCALE], fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 0) -> None:
        corners = [x * SCALE, y * SCALE, (x + width) * SCALE, (y + height) * SCALE]
        self.draw.rounded_rectangle(corners, radius * SCALE, fill=colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self.draw.ellipse([(x - rx) * SCALE, (y - ry) * SCALE, (x + rx) * SCALE, (y + ry) * SCALE], fill=colour)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float) -> None:
        corners = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self.draw.ellipse(corners, outline=colour, width=round(width * SCALE))

    def polygon(self, points: Points, colour: Colour) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def line(self, points: Points, colour: Colour, width: float) -> None:
        self.draw.line([(x * SCALE, y * SCALE) for x, y in points], fill=colour, width=round(width * SCALE), joint="curve")
        for x, y in points:
            self.oval(x, y, width / 2, width / 2, colour)

    def text(self, x: float, y: float, text: str, size: float, colour: Colour = "#222222") -> None:
        self.draw.text((x * SCALE, y * SCALE), text, fill=colour, font=ImageFont.load_default(size * SCALE))

    def save(self, name: str) -> None:
        picture = self.image.resize(self.size, Image.Resampling.LANCZOS)
        if name.endswith(".png"):
            picture.quantize(64).save(FOLDER / name, optimize=True)
        else:
            picture.save(FOLDER / name, quality=74, optimize=True, progressive=True)


def tree(canvas: Canvas, x: float, y: float, size: float) -> None:
    canvas.box(x - size * 0.08, y - size * 0.5, size * 0.16, size * 0.5, "#6b4a2f")
    for dx, dy, r in ((0, -1, 0.42), (-0.3, -0.72, 0.32), (0.3, -0.72, 0.32)):
        canvas.oval(x + dx * size, y + dy * size, r * size, r * size, "#3f7f4f")


def car(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.polygon([(x + 30, y - 45), (x + 60, y - 78), (x + 135, y - 78), (x + 165, y - 45)], colour)
    canvas.polygon([(x + 42, y - 46), (x + 66, y - 71), (x + 94, y - 71), (x + 94, y - 46)], "#cfe6f2")
    canvas.polygon([(x + 100, y - 46), (x + 100, y - 71), (x + 130, y - 71), (x + 152, y - 46)], "#cfe6f2")
    canvas.box(x, y - 50, 195, 36, colour, 12)
    for wheel in (40, 155):
        canvas.oval(x + wheel, y - 14, 19, 19, "#22262b")
        canvas.oval(x + wheel, y - 14, 8, 8, "#b9bec4")


def person(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    canvas.line([(x - 8, y), (x - 3, y - 48)], "#2d3748", 12)
    canvas.line([(x + 10, y), (x + 3, y - 48)], "#2d3748", 12)
    canvas.box(x - 15, y - 98, 30, 56, colour, 11)
    canvas.oval(x, y - 112, 13, 15, "#c68863")


def street() -> None:
    rng = dice(3)
    c = Canvas(1200, 800, "#8fc4e8")
    c.gradient((112, 176, 226), (223, 238, 246), 0, 520)
    c.oval(980, 110, 46, 46, "#fff3c4")
    for x, width, height, colour in (
        (0, 190, 300, "#b08968"),
        (200, 150, 380, "#7d8597"),
        (360, 230, 470, "#a3b18a"),
        (600, 160, 270, "#cb997e"),
        (770, 190, 350, "#6d6875"),
        (970, 230, 300, "#b5838d"),
    ):
        top = 540 - height
        c.box(x, top, width, height, colour)
        for wy in range(int(top) + 22, 500, 48):
            for wx in range(int(x) + 18, int(x + width) - 26, 42):
                c.box(wx, wy, 22, 28, "#ffe8a3" if rng.random() < 0.25 else "#dbe7ee")
    c.box(0, 540, 1200, 60, "#b8b8b0")
    c.box(0, 600, 1200, 200, "#565b63")
    for x in range(20, 1200, 130):
        c.box(x, 696, 70, 9, "#f1f1ea")
    for x, size in ((90, 110), (700, 120), (1120, 130)):
        tree(c, x, 560, size)
    c.box(345, 440, 330, 170, "#1f6fb2", 14)
    for wx in range(362, 640, 52):
        c.box(wx, 462, 42, 56, "#d9edf7", 5)
    c.box(345, 545, 330, 12, "#f4d35e")
    for wheel in (415, 605):
        c.oval(wheel, 612, 29, 29, "#22262b")
        c.oval(wheel, 612, 12, 12, "#b9bec4")
    car(c, 60, 672, "#c0392b")
    car(c, 800, 684, "#e0a030")
    car(c, 520, 776, "#4f9d69")
    c.box(772, 380, 9, 190, "#2f3437")
    c.box(760, 330, 33, 82, "#22262b", 8)
    for y, colour in ((346, "#e74c3c"), (371, "#6b5d1f"), (396, "#1f5c34")):
        c.oval(776, y, 10, 10, colour)
    person(c, 250, 596, "#d35400")
    person(c, 880, 590, "#7d3c98")
    person(c, 1010, 594, "#148f77")
    bx, by = 1090, 648
    for wheel in (bx - 34, bx + 38):
        c.ring(wheel, by, 25, "#22262b", 4)
    c.line([(bx - 34, by), (bx - 10, by - 38), (bx + 26, by - 38), (bx + 38, by)], "#b03a2e", 4)
    c.line([(bx - 10, by - 38), (bx + 2, by), (bx + 26, by - 38)], "#b03a2e", 4)
    person(c, bx, by - 20, "#f4d35e")
    c.save("street.jpg")


def landscape() -> None:
    rng = dice(5)
    c = Canvas(1200, 800, "#bcd9ee")
    c.gradient((96, 158, 214), (238, 226, 205), 0, 480)
    for base, height, colour in ((470, 300, "#9aaabd"), (480, 220, "#74879c")):
        points: list[tuple[float, float]] = [(0, base)]
        for at in range(0, 1201, 60):
            points.append((at, base - height * (0.35 + 0.65 * abs(math.sin(at / 170 + base))) * (0.8 + rng.random() * 0.25)))
        c.polygon([*points, (1200, base)], colour)
    c.polygon([(395, 272), (440, 205), (490, 270), (462, 262), (440, 280), (420, 262)], "#f4f6f8")
    c.gradient((92, 142, 171), (47, 96, 128), 470, 660)
    for _ in range(60):
        x, y = rng.random() * 1200, 480 + rng.random() * 170
        c.line([(x, y), (x + 30 + rng.random() * 60, y)], "#86b3cc", 1.5)
    c.polygon([(0, 640), (220, 600), (520, 652), (820, 610), (1200, 650), (1200, 800), (0, 800)], "#6d8f4e")
    for x in sorted(rng.random() * 1200 for _ in range(34)):
        y, size = 640 + rng.random() * 130, 70 + rng.random() * 60
        if 520 < x < 760:
            continue
        for level in range(3):
            half, top = size * (0.2 + 0.09 * level), y - size * (1 - 0.24 * level)
            c.polygon([(x - half, top + size * 0.42), (x, top), (x + half, top + size * 0.42)], "#2f5d43")
        c.box(x - 5, y - size * 0.12, 10, size * 0.14, "#5a4031")
    c.box(590, 620, 110, 74, "#8a5a3b")
    c.polygon([(575, 624), (645, 566), (716, 624)], "#5b3626")
    c.box(610, 644, 24, 24, "#ffe8a3")
    c.box(655, 648, 28, 46, "#46291b")
    c.save("landscape.jpg")


def shelf() -> None:
    rng = dice(11)
    c = Canvas(1200, 800, "#e9e3d8")
    goods = (("#2a6f97", "TEA"), ("#bc6c25", "COFFEE"), ("#9b2226", "JAM"), ("#588157", "PASTA"), ("#6d597a", "RICE"))
    for row in range(3):
        floor = 250 + row * 255
        c.box(0, floor, 1200, 16, "#8d7b68")
        c.box(0, floor + 16, 1200, 22, "#f7f3ea")
        x = 24.0
        kind = row
        while x < 1130:
            if (row, kind % 5) == (1, 3) or rng.random() < 0.06:
                x += 130
                kind += 1
                continue
            colour, name = goods[kind % 5]
            for _ in range(rng.choice((2, 3, 3))):
                width, height = 78.0, 128 + rng.random() * 46
                if x + width > 1180:
                    break
                c.box(x, floor - height, width, height, colour, 14 if name == "JAM" else 4)
                c.box(x + 7, floor - height * 0.66, width - 14, height * 0.34, "#fbf7ee", 4)
                c.text(x + 10, floor - height * 0.56, name, 15, colour)
                if name == "JAM":
                    c.box(x + 6, floor - height - 9, width - 12, 20, "#e9c46a", 5)
                x += width + 8
            c.text(x - 90, floor + 18, f"{rng.randint(1, 6)}.{rng.randint(10, 99)}", 14)
            x += 26
            kind += 1
    c.save("shelf.jpg")


def cells() -> None:
    rng = dice(17)
    c = Canvas(1000, 750, "#f3dfe8")
    placed: list[tuple[float, float, float]] = []
    while len(placed) < 46:
        x, y, r = rng.random() * 1000, rng.random() * 750, 34 + rng.random() * 26
        if all(math.hypot(x - px, y - py) > r + pr - 6 for px, py, pr in placed):
            placed.append((x, y, r))
    for x, y, r in placed:
        outline = [
            (x + r * (1 + 0.12 * math.sin(3 * a + x)) * math.cos(a), y + r * (0.86 + 0.1 * math.cos(2 * a + y)) * math.sin(a))
            for a in (i / 40 * math.tau for i in range(40))
        ]
        c.polygon(outline, "#dfa9c4")
        inner = [(x + (px - x) * 0.93, y + (py - y) * 0.93) for px, py in outline]
        c.polygon(inner, "#e8bcd2")
        c.oval(x + rng.uniform(-6, 6), y + rng.uniform(-6, 6), r * 0.38, r * 0.34, "#6a3d86")
    for _ in range(40):
        c.oval(rng.random() * 1000, rng.random() * 750, rng.uniform(1.5, 4), rng.uniform(1.5, 4), "#8c5a7a")
    c.image = c.image.filter(ImageFilter.GaussianBlur(2.2))
    c.save("cells.jpg")


def runner() -> None:
    c = Canvas(900, 700, "#cfe3ea")
    c.gradient((150, 196, 222), (230, 240, 240), 0, 430)
    c.box(0, 430, 900, 90, "#7ba05b")
    c.box(0, 510, 900, 190, "#b5533c")
    for y in (545, 600, 660):
        c.line([(0, y), (900, y - 6)], "#f2e9e1", 4)
    skin, shirt, trousers = "#a86b4c", "#f2b134", "#26547c"
    c.line([(420, 300), (350, 345), (300, 290)], skin, 28)
    c.line([(430, 410), (345, 470), (235, 452)], "#1d4263", 40)
    c.line([(235, 452), (205, 425)], "#efefef", 26)
    c.polygon([(395, 270), (478, 258), (478, 420), (408, 424)], shirt)
    c.line([(440, 285), (445, 400)], shirt, 76)
    c.line([(450, 412), (540, 470), (510, 590)], trousers, 42)
    c.line([(510, 590), (556, 598)], "#efefef", 26)
    c.line([(462, 296), (520, 360), (598, 318)], skin, 28)
    c.oval(470, 206, 40, 47, skin)
    c.oval(462, 186, 41, 36, "#3b2a20")
    c.polygon([(458, 190), (512, 184), (512, 236), (470, 244)], skin)
    c.oval(496, 206, 4, 5, "#222222")
    c.line([(455, 245), (448, 270)], skin, 26)
    c.save("runner.jpg")


def scan() -> None:
    c = Canvas(700, 900, "#050505")
    c.oval(-40, 470, 520, 400, "#3d3d3d")
    c.oval(-40, 470, 490, 372, "#555555")
    rng = dice(23)
    for _ in range(90):
        angle, reach = rng.uniform(-1.1, 1.1), rng.uniform(120, 420)
        x, y = -20 + reach * math.cos(angle), 470 + reach * 0.8 * math.sin(angle)
        c.line([(x, y), (x + rng.uniform(20, 70), y + rng.uniform(-25, 25))], "#7d7d7d", rng.uniform(2, 7))
    c.oval(250, 390, 46, 38, "#c9c9c9")
    for _ in range(9):
        c.oval(180 + rng.uniform(-32, 32), 620 + rng.uniform(-26, 26), 3.5, 3.5, "#f2f2f2")
    c.image = c.image.filter(ImageFilter.GaussianBlur(9))
    grain = Image.frombytes("L", (350, 450), rng.randbytes(350 * 450)).filter(ImageFilter.GaussianBlur(1.2)).resize(c.image.size)
    bright = grain.point([min(255, round(120 + level * 0.8)) for level in range(256)])
    c.image = ImageChops.multiply(c.image, Image.merge("RGB", (bright, bright, bright)))
    c.draw = ImageDraw.Draw(c.image)
    c.text(560, 30, "L  CC", 26, "#d0d0d0")
    c.save("scan.jpg")


def invoice() -> None:
    c = Canvas(900, 1160, "#fdfdfa")
    c.text(70, 70, "Northwind Lamps", 40, "#1f4e79")
    c.text(70, 124, "Harbour Road 12, 3011 Rotterdam", 19, "#555555")
    c.text(600, 76, "INVOICE", 34)
    for number, (name, value) in enumerate((("Number", "2041"), ("Date", "4 March 2026"), ("Customer", "C. Moreno"))):
        c.text(600, 132 + number * 30, name, 18, "#666666")
        c.text(710, 132 + number * 30, value, 18)
    c.text(70, 250, "Clara Moreno\nElm Street 7\n4471 Lindau", 21)
    c.box(70, 400, 760, 40, "#e3e9ef")
    rows = (
        ("Item", "Quantity", "Price", "Sum"),
        ("Desk lamp, brass", "3", "34.90", "104.70"),
        ("Bulb, warm white", "6", "2.50", "15.00"),
        ("Delivery", "1", "5.90", "5.90"),
    )
    for index, row in enumerate(rows):
        for x, cell in zip((84, 440, 590, 730), row, strict=True):
            c.text(x, 408 + index * 46, cell, 20)
        c.line([(70, 440 + index * 46), (830, 440 + index * 46)], "#c9c9c9", 1)
    c.text(590, 640, "Total", 26)
    c.text(720, 640, "125.60", 26)
    c.text(70, 760, "Payable within 14 days. Thank you for your order.", 19)
    c.line([(90, 940), (130, 890), (150, 950), (185, 900), (205, 942), (260, 905), (330, 930)], "#1d3557", 4)
    c.line([(70, 975), (360, 975)], "#888888", 1)
    c.text(70, 985, "A. Visser, accounts", 17, "#666666")
    c.save("invoice.png")


def pages() -> None:
    sentence = "the harbour opened in spring and ships came from all coasts with grain wool and timber for the town above the river"
    words = sentence.split(" ")
    for number in (1, 2, 3):
        rng = dice(number)
        c = Canvas(800, 1060, "#fcfbf7")

        def paragraph(y: float, lines: int, left: float = 80, right: float = 720, canvas: Canvas = c, source: random.Random = rng) -> float:
            for line in range(lines):
                text = ""
                while len(text) * 8.3 < (right - left) * (0.55 if line == lines - 1 else 0.94):
                    text += source.choice(words) + " "
                canvas.text(left, y + line * 25, text.strip().capitalize() if line == 0 else text.strip(), 16, "#333333")
            return y + lines * 25 + 22

        c.text(80, 70, ("A History of the Harbour", "Trade and Tolls", "Closing Remarks")[number - 1], 34)
        y: float = paragraph(140, 6)
        if number == 1:
            y = paragraph(y, 8)
            c.box(80, y, 640, 250, "#dbe5ea", 6)
            c.polygon([(110, y + 220), (250, y + 90), (360, y + 180), (470, y + 60), (690, y + 220)], "#7c9aa8")
            c.text(80, y + 262, "Figure 1. The hills above the harbour", 15, "#555555")
        elif number == 2:
            for row in range(6):
                c.line([(80, y + row * 40), (720, y + row * 40)], "#999999", 1)
                if row < 5:
                    for column, x in enumerate((90, 330, 520)):
                        head = ("Good", "Ships", "Toll")[column]
                        cell = ("Grain", "Wool", "Timber", "Salt")[row - 1] if column == 0 and row else str(rng.randint(12, 390))
                        c.text(x, y + row * 40 + 9, cell if row else head, 17)
            paragraph(paragraph(y + 240, 7), 5)
        else:
            y = paragraph(paragraph(y, 7), 4) + 60
            c.line([(430, y + 20), (470, y - 30), (490, y + 26), (530, y - 18), (560, y + 22), (620, y - 8), (680, y + 14)], "#1d3557", 4)
            c.line([(420, y + 40), (700, y + 40)], "#777777", 1)
            c.text(420, y + 48, "I. Prata, city archive", 15, "#555555")
        c.text(392, 1010, str(number), 16, "#777777")
        c.save(f"page-{number}.png")


def vases() -> None:
    shapes = {
        1: ("#2a6f97", [(60, 90), (52, 150), (110, 250), (120, 360), (80, 460)]),
        2: ("#3d85ad", [(56, 100), (50, 160), (104, 260), (118, 350), (84, 460)]),
        3: ("#bc6c25", [(110, 120), (100, 200), (92, 300), (84, 400), (70, 460)]),
        4: ("#588157", [(46, 60), (40, 200), (44, 300), (92, 400), (86, 460)]),
    }
    for number, (colour, half) in shapes.items():
        shine = Image.blend(Image.new("RGB", (1, 1), colour), Image.new("RGB", (1, 1), "white"), 0.35).tobytes()
        c = Canvas(400, 520, "#ece7df")
        c.box(0, 430, 400, 90, "#c8b8a2")
        c.oval(200, 466, 130, 22, "#a8977f")
        smooth: list[tuple[float, float]] = []
        for (w0, y0), (w1, y1) in pairwise(half):
            for step in range(12):
                part = (1 - math.cos(step / 12 * math.pi)) / 2
                smooth.append((w0 + (w1 - w0) * part, y0 + (y1 - y0) * step / 12))
        smooth.append((float(half[-1][0]), float(half[-1][1])))
        c.polygon([*((200 - w, y) for w, y in smooth), *((200 + w, y) for w, y in reversed(smooth))], colour)
        c.oval(200, half[0][1], half[0][0], 12, "#2b2b2b")
        c.polygon(
            [*((200 - w * 0.78, y) for w, y in smooth[6:-6]), *((200 - w * 0.62, y) for w, y in reversed(smooth[6:-6]))],
            (shine[0], shine[1], shine[2]),
        )
        c.save(f"vase-{number}.png")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in (street, landscape, shelf, cells, runner, scan, invoice, pages, vases):
        draw()
