"""The demonstration's projects: labeling set-ups, tasks, and answers of several people."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from core.rawjson import json_text
from tasks.operations.bulk import NewAnnotation, NewPrediction, NewTask
from web.demo.texts import ANSWERS, LETTERS, messages

MESSAGES = """<View>
  <Text name="text" value="$text"/>
  <Choices name="team" toName="text" choice="single" showInLine="true">
    <Choice value="Delivery"/>
    <Choice value="Billing"/>
    <Choice value="Account"/>
    <Choice value="Praise"/>
  </Choices>
</View>"""

BOXES = """<View>
  <Image name="image" value="$image" zoom="true"/>
  <RectangleLabels name="box" toName="image">
    <Label value="Person"/>
    <Label value="Vehicle"/>
    <Label value="Thing"/>
  </RectangleLabels>
</View>"""

ENTITIES = """<View>
  <Labels name="label" toName="text">
    <Label value="Person"/>
    <Label value="Place"/>
    <Label value="Organization"/>
    <Label value="Date"/>
  </Labels>
  <Text name="text" value="$text"/>
</View>"""

PAIRS = """<View>
  <Header value="$question"/>
  <Text name="a" value="$answer_a"/>
  <Text name="b" value="$answer_b"/>
  <Pairwise name="better" toName="a,b"/>
</View>"""

PICTURES = [
    ("street.jpg", "Street with shops"), ("shelf.jpg", "Shelf in a workshop"), ("runner.jpg", "Runner at dawn"), ("landscape.jpg", "Hills in autumn"),
    ("vase-1.png", "Vase, front"), ("vase-2.png", "Vase, left"), ("vase-3.png", "Vase, back"), ("vase-4.png", "Vase, right"),
    ("cells.jpg", "Cells under the microscope"), ("scan.jpg", "Scanned page"), ("invoice.png", "Invoice"),
]  # fmt: skip


@dataclass(frozen=True)
class DemoProject:
    """`tasks(people, random)` yields the tasks; `people` are user ids, the first answers most."""

    title: str
    description: str
    label_config: str
    tasks: Callable[[Sequence[int], random.Random], Iterator[NewTask]]
    instruction: str = ""
    overlap: int = 1
    pinned: bool = False
    archived: bool = False


def _row(name: str, to: str, kind: str, value: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return {"id": f"demo{number:06d}", "from_name": name, "to_name": to, "type": kind, "origin": "manual", "value": value}


def _answer(person: int, result: list[dict[str, Any]], chance: random.Random, newest: datetime) -> NewAnnotation:
    when = newest - timedelta(hours=chance.uniform(0, 24 * 9))
    seconds = round(chance.uniform(3, 40), 2)
    return NewAnnotation(result, completed_by_id=person, updated_by_id=person, lead_time=seconds, created_at=when, updated_at=when)


def _support(people: Sequence[int], chance: random.Random) -> Iterator[NewTask]:
    now = timezone.now()
    classes = ["Delivery", "Billing", "Account", "Praise"]
    for number, (text, name) in enumerate(messages(600)):
        task = NewTask(json_text({"text": text, "channel": ["mail", "chat", "form"][number % 3], "number": 4_000 + number}))
        guess = name if chance.random() < 0.85 else chance.choice(classes)
        task.predictions.append(
            NewPrediction(
                [_row("team", "text", "choices", {"choices": [guess]}, number)], round(chance.uniform(0.55, 0.99), 2), "baseline-1"
            )
        )
        if number < 260:
            person = people[0] if number % 5 < 3 else people[number % len(people)]
            chosen = name if chance.random() < 0.94 else chance.choice(classes)
            task.annotations.append(_answer(person, [_row("team", "text", "choices", {"choices": [chosen]}, number)], chance, now))
        yield task


def _pictures(people: Sequence[int], chance: random.Random) -> Iterator[NewTask]:
    now = timezone.now()
    for number, (file, title) in enumerate(PICTURES * 2):
        task = NewTask(json_text({"image": f"/static/samples/{file}", "title": title}))
        if number % 3 == 0:
            rows = []
            for box in range(2 + number % 3):
                place = {"x": 8.0 + 26 * box, "y": 30.0 + 5 * box, "width": 20.0, "height": 34.0, "rotation": 0}
                value = {**place, "rectanglelabels": [["Person", "Vehicle", "Thing"][(number + box) % 3]]}
                rows.append(
                    {
                        **_row("box", "image", "rectanglelabels", value, number * 10 + box),
                        "original_width": 1200,
                        "original_height": 800,
                        "image_rotation": 0,
                    }
                )
            task.annotations.append(_answer(people[number % len(people)], rows, chance, now))
        yield task


def _letters(people: Sequence[int], chance: random.Random) -> Iterator[NewTask]:
    now = timezone.now()
    for number, (text, marked) in enumerate(LETTERS * 5):
        task = NewTask(json_text({"text": text, "folder": f"Box {number % 4 + 1}"}))
        if number < 18:
            rows = []
            for at, (words, label) in enumerate(marked):
                start = text.index(words)
                value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
                rows.append(_row("label", "text", "labels", value, number * 10 + at))
            both = people[:2] if number % 2 else people[:1]
            task.annotations.extend(_answer(person, rows, chance, now) for person in both)
        yield task


def _pairs(people: Sequence[int], chance: random.Random) -> Iterator[NewTask]:
    now = timezone.now()
    for number, (question, first, second) in enumerate(ANSWERS * 4):
        task = NewTask(json_text({"question": question, "answer_a": first, "answer_b": second}))
        side = "left" if len(first) > len(second) else "right"
        task.annotations.append(
            _answer(people[number % len(people)], [_row("better", "a", "pairwise", {"selected": side}, number)], chance, now)
        )
        yield task


PROJECTS = [
    DemoProject("Pairs of answers", "Which of two answers is the better one?", PAIRS, _pairs, archived=True),
    DemoProject("Letters: people and places", "Names in old letters, for the index of the archive.", ENTITIES, _letters, overlap=2),
    DemoProject(
        "Boxes on pictures", "", BOXES, _pictures, instruction="<p>Draw each box tightly. Leave out what is less than half visible.</p>"
    ),
    DemoProject("Support messages", "Which team should answer? One class per message.", MESSAGES, _support, pinned=True),
]
