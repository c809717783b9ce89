"""A long text with many spans in the browser: 200 kB with 2,000 spans, until all of what is on screen is painted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.figure import Figure
from benchmarks.in_browser import project_with_draft, signed_in

WORDS = "The otter of the northern river sleeps on its back and holds the paw of its neighbour while it drifts. "
SIZE = 200_000
SPANS = 2_000
CONFIG = (
    '<View><Labels name="label" toName="text"><Label value="A"/><Label value="B"/><Label value="C"/></Labels>'
    '<Text name="text" value="$text"/></View>'
)
PAINTED = """() => [...CSS.highlights.values()].reduce((sum, highlight) => sum + highlight.size, 0) > 0"""


def measure() -> Iterator[Figure]:
    text = (WORDS * (SIZE // len(WORDS) + 1))[:SIZE]
    with signed_in() as (server, page):
        project = project_with_draft(server, "Spans", CONFIG, {"text": text}, spans(text))
        page.goto(f"/projects/{project}/label/")
        page.get_by_text(f"{SPANS:,} regions").or_(page.get_by_text(f"{SPANS} regions")).first.wait_for()
        page.wait_for_function(PAINTED)
        yield Figure(f"text of 200 kB with {SPANS:,} spans: ready", page.evaluate("performance.now()") / 1000, "s", 1)


def spans(text: str) -> list[dict[str, Any]]:
    step = len(text) // SPANS
    return [
        {"from_name": "label", "to_name": "text", "type": "labels", "id": f"s{number}", "origin": "manual",
         "value": {"start": number * step, "end": number * step + 40, "text": text[number * step : number * step + 40], "labels": ["ABC"[number % 3]]}}
        for number in range(SPANS)
    ]  # fmt: skip
