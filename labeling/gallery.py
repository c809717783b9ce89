"""The template gallery: configs to start a project from, each with a task that shows it at work."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from labeling.old_names import OLD_NAMES

TEMPLATES_FOLDER = Path(__file__).parent / "templates"
# Served under /static/samples/; the sample tasks name these files.
MEDIA_FOLDER = TEMPLATES_FOLDER / "media"


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `id` is its folder (`"text/sentiment"`), `config` the XML, `sample` the data of a task, `tags` the tags it uses."""

    id: str
    title: str
    group: str
    description: str
    keywords: tuple[str, ...]
    order: int
    tags: tuple[str, ...]
    config: str
    sample: dict[str, Any]


@cache
def _templates() -> tuple[Template, ...]:
    found: list[Template] = []
    for path in TEMPLATES_FOLDER.glob("*/*/template.json"):
        about = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            Template(
                id=about["id"],
                title=about["title"],
                group=about["group"],
                description=about["description"],
                keywords=tuple(about["keywords"]),
                order=about["order"],
                tags=tuple(about["tags"]),
                config=(path.parent / "config.xml").read_text(encoding="utf-8"),
                sample=json.loads((path.parent / "sample.json").read_text(encoding="utf-8")),
            )
        )
    return tuple(sorted(found, key=lambda template: template.order))


def gallery() -> list[Template]:
    """All templates in the order in which they are shown; groups stand together. Read once per process."""
    return list(_templates())


def template_named(name: str) -> Template | None:
    """The template of an id (`"images/bounding-boxes"`), of an id without its group, or of the name it had in Label Studio 0.x (`image_bbox`)."""
    wanted = OLD_NAMES.get(name.strip().lower(), name.strip().lower())
    exact = next((template for template in _templates() if template.id == wanted), None)
    if exact is not None:
        return exact
    found = [template for template in _templates() if template.id.rpartition("/")[2] == wanted]
    return found[0] if len(found) == 1 else None


def search(text: str) -> list[Template]:
    """The templates in which every word of `text` occurs (in title, group, keywords, description or tags), best first; all for no words."""
    words = text.casefold().split()
    scored = [(score, template) for template in _templates() if (score := _score(template, words)) is not None]
    return [template for _, template in sorted(scored, key=lambda pair: (-pair[0], pair[1].order))]


def _score(template: Template, words: list[str]) -> int | None:
    fields = (
        (8, template.title),
        (4, " ".join(template.keywords)),
        (3, f"{template.group} {' '.join(template.tags)}"),
        (2, template.description),
    )
    total = 0
    for word in words:
        # "ner" means NER rather than "generated": the start of a word counts by its field, its middle least.
        start = re.compile(rf"(?<!\w){re.escape(word)}")
        best = max((weight if start.search(text.casefold()) else 1 for weight, text in fields if word in text.casefold()), default=0)
        if not best:
            return None
        total += best
    return total
