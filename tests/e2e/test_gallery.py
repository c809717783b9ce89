"""Every template of the gallery: its sample is opened, labelled as a person does, submitted; what is stored fits the set-up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from labeling import Template, gallery, parse, validate_result
from tests.conftest import FULL
from tests.e2e.answering import answer_everything, wait_for_media
from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, submit
from tests.people import Person

# One for each way of answering that no other test of the browser walks with these media.
ALWAYS = {"chat/production-review", "images/text-recognition", "structured-data/pdf-classification", "video/timeline-segments"}
TEMPLATES = [template for template in gallery() if FULL or template.id in ALWAYS]
PICTURES = Path(os.environ.get("SCREENSHOTS", Path(__file__).parents[2] / "screenshots" / "gallery"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.id)
def test_template_is_labelled(visit: Visits, owner: Person, template: Template) -> None:
    config = parse(template.config)
    project = project_with(owner, template.config, template.sample)
    page = visit(owner)
    open_stream(page, project)
    wait_for_media(page)
    used = answer_everything(page, config)
    if FULL:
        take_pictures(page, template)
    submit(page)
    rows = only_result(owner, project)
    assert validate_result(config, rows) == []
    assert used <= {row["from_name"] for row in rows if "from_name" in row}


def take_pictures(page: Page, template: Template) -> None:
    """The labelled task as it looks in the light, in the dark and on a phone; to be looked at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = template.id.replace("/", "--")
    page.screenshot(path=PICTURES / f"{name}-light.png")
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=PICTURES / f"{name}-dark.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})
    page.screenshot(path=PICTURES / f"{name}-phone.png")
    page.set_viewport_size({"width": 1440, "height": 900})
