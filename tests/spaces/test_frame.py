"""Signing in inside the frame of the Space's page, in a real browser: two sites, partitioned cookies, a window that hands the sign-in over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from tests.packaging.serving import running
from tests.services.hub import Hub, served_hub
from tests.services.servers import free_port
from tests.spaces.frame import HOST, PAGE, outer_page, platform

pytestmark = pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts a server of its own on SQLite; once is enough")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with served_hub(tmp_path / "xet") as served:
        yield served


@pytest.fixture
def port(hub: Hub, tmp_path: Path) -> Iterator[int]:
    """A Space, whose platform's proxy speaks https for it."""
    found = free_port()
    with running([sys.executable, "-P", "-m", "labelspace", "start"], tmp_path, platform(hub, tmp_path, found)):
        yield found


@pytest.fixture
def outer(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], port: int) -> Iterator[Page]:
    with outer_page(browser_type, browser_type_launch_args, port) as page:
        yield page


def test_the_creator_signs_in_inside_the_page_of_the_space(outer: Page) -> None:
    outer.goto(PAGE)
    frame = outer.frame_locator("iframe")
    with outer.expect_popup() as opened:
        frame.get_by_role("link", name="Sign in with Hugging Face").click()
    # The window goes to the Hub and back, hands over and is gone; the frame goes on as the owner.
    expect(frame.get_by_role("heading", name="What do you want to label?")).to_be_visible()
    expect(frame.get_by_text("Storage is ephemeral")).to_be_visible()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    # Where one is stands in the address of the Space's page, and leads back there, still signed in.
    frame.get_by_role("link", name="Organization").click()
    expect(frame.get_by_text("ann@example.com")).to_be_visible()
    expect(outer.locator("#said")).to_have_text("?go=%2Forganization")
    outer.reload()
    expect(frame.get_by_text("ann@example.com")).to_be_visible()
    frame.get_by_role("link", name="This Space").click()
    expect(frame.get_by_text("A restart of this Space loses everything.")).to_be_visible()
    if shots := os.environ.get("LOOK"):
        outer.screenshot(path=f"{shots}/frame.png")
        outer.frames[1].goto(f"https://{HOST}/organization/space")
        outer.screenshot(path=f"{shots}/space.png", full_page=True)
