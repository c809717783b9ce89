"""Marking words of HTML: in its frame and in the page, by keyboard and by pointer; nothing of the HTML runs, and every path stays as it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, project_with, submit, values
from tests.people import Person

HTML = (
    "<script>window.ran = 1</script><div><h1>Title one</h1><p onclick='window.ran = 1'>Hello <b>bold</b> 🦦 world<br>of hypertext.</p></div>"
    "<form action='/'><p style='color: teal'>Last <a href='https://example.com/'>words</a>.</p></form>"
)
LABELS = '<HyperTextLabels name="l" toName="h"><Label value="Key"/><Label value="Place"/></HyperTextLabels>'
HELLO = {
    "start": "/div[1]/p[1]/text()[1]",
    "startOffset": 0,
    "end": "/div[1]/p[1]/text()[1]",
    "endOffset": 5,
    "globalOffsets": {"start": 9, "end": 14},
    "text": "Hello",
    "hypertextlabels": ["Key"],
}
WORLD = {
    "start": "/div[1]/p[1]/text()[2]",
    "startOffset": 3,
    "end": "/div[1]/p[1]/text()[2]",
    "endOffset": 8,
    "globalOffsets": {"start": 22, "end": 27},
    "text": "world",
    "hypertextlabels": ["Place"],
}

WORDS_AT = """words => {
    const frame = document.querySelector('.text-frame');
    const page = frame ? frame.contentDocument : document;
    const root = frame ? page.body : page.querySelector('.text-html');
    const origin = frame ? frame.getBoundingClientRect() : {left: 0, top: 0};
    const walker = page.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at < 0) continue;
        const range = page.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + words.length);
        const box = range.getBoundingClientRect();
        return [box.left + origin.left, box.right + origin.left, box.top + origin.top + box.height / 2];
    }
}"""
IN_FRAME = "document.querySelector('.text-frame').contentDocument"


def wait_for_frame(page: Page) -> None:
    """The document in the frame shows the task. Nothing can be run inside it, so it is looked at from the page."""
    page.wait_for_function("document.querySelector('.text-frame')?.contentDocument?.querySelector('[role=textbox] h1')")


def drag_over(page: Page, words: str) -> None:
    """Select words with the mouse. Playwright's own mouse asks every frame while a button is down, and this one runs no scripts."""
    left, right, middle = page.evaluate(WORDS_AT, words)
    mouse = page.context.new_cdp_session(page)
    steps = [("mousePressed", left + 0.5), ("mouseMoved", (left + right) / 2), ("mouseMoved", right - 0.5), ("mouseReleased", right - 0.5)]
    for kind, x in steps:
        held = 0 if kind == "mouseReleased" else 1
        event = {"type": kind, "x": x, "y": middle, "button": "left", "buttons": held, "clickCount": 1}
        mouse.send("Input.dispatchMouseEvent", event)
    mouse.detach()


@pytest.fixture
def project(owner: Person) -> int:
    return project_with(owner, f'<View>{LABELS}<HyperText name="h" value="$html"/></View>', {"html": HTML})


def test_marking_with_the_pointer_in_a_frame(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    wait_for_frame(page)
    found = page.evaluate(
        f"[...{IN_FRAME}.body.querySelectorAll('script, form, iframe, [onclick], [style]')].map(found => found.outerHTML)"
    )
    assert found == ['<p style="color: teal;">Last <a href="https://example.com/">words</a>.</p>']
    assert page.evaluate("window.ran") is None
    assert page.locator(".text-frame").get_attribute("sandbox") == "allow-same-origin"
    page.keyboard.press("1")
    drag_over(page, "Hello")
    page.keyboard.press("2")  # the frame has the focus
    drag_over(page, "world")
    drag_over(page, "Last")
    submit(page)
    hello, world, last = values(only_result(owner, project))
    assert [hello, world] == [HELLO, WORLD]
    assert (last["start"], last["globalOffsets"]) == ("/form[1]/p[1]/text()[1]", {"start": 41, "end": 45})


def test_marking_by_keyboard_and_moving_an_end(visit: Visits, owner: Person, project: int) -> None:
    page = visit(owner)
    open_stream(page, project)
    wait_for_frame(page)
    page.keyboard.press("1")
    page.evaluate(f"{IN_FRAME}.body.focus()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+Shift+1")
    end = page.get_by_role("spinbutton", name="End")
    expect(end).to_have_value("13")
    end.fill("14")
    end.press("Enter")
    submit(page)
    assert values(only_result(owner, project)) == [HELLO]


def test_html_in_the_page(visit: Visits, owner: Person) -> None:
    config = f'<View>{LABELS}<HyperText name="h" value="$html" inline="true" granularity="word"/></View>'
    project = project_with(owner, config, {"html": HTML})
    page = visit(owner)
    open_stream(page, project)
    expect(page.locator(".text-html h1")).to_have_text("Title one")
    assert page.locator(".text-html").locator("script, form, [onclick]").count() == 0
    page.keyboard.press("2")
    drag_over(page, "orl")
    submit(page)
    assert values(only_result(owner, project)) == [WORLD]
