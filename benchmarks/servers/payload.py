"""The tasks that every server is given: about 1 KB each, the same for all."""

from __future__ import annotations

import json
import random
from functools import lru_cache
from typing import Any

from benchmarks.servers.dialect import result

WORDS = [
    "the",
    "quick",
    "brown",
    "fox",
    "jumps",
    "over",
    "a",
    "lazy",
    "dog",
    "while",
    "reviewers",
    "compare",
    "answers",
    "about",
    "service",
    "quality",
    "delivery",
    "price",
    "support",
]
NEEDLE = "needle"  # every 97th task says it
EVERY = 97


@lru_cache(2)
def tasks(count: int, *, predictions: bool = False, annotations: bool = False) -> bytes:
    """A JSON list of `count` tasks."""
    chance = random.Random(7)
    found = []
    for number in range(count):
        text = " ".join(chance.choices(WORDS, k=143)) + (f" {NEEDLE}" if number % EVERY == 0 else "")
        meta = {
            "source": f"file-{number % 50}.csv",
            "row": number,
            "lang": "en",
            "score": chance.random(),
            "tags": ["a", "b", str(number % 7)],
        }
        task: dict[str, Any] = {"data": {"text": text, "meta": meta}}
        answer = result(("Positive", "Negative", "Neutral")[number % 3])
        if predictions:
            task["predictions"] = [{"model_version": "m1", "score": 0.5, "result": answer}]
        if annotations:
            task["annotations"] = [{"result": answer, "lead_time": 2.0}]
        found.append(task)
    return json.dumps(found, separators=(",", ":")).encode()


def with_needle(count: int) -> int:
    """How many of `count` tasks say it."""
    return (count + EVERY - 1) // EVERY
