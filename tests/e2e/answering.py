"""Answers whatever a labeling set-up asks, as a person does: marks something of every object, answers every question that is seen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from labeling.config import Config, Control
from tests.e2e.labeling import place_of

MEDIA = ".image-tag, .audio-tag, .video-tag, .pdf-tag, .series-tag"
QUESTIONS = ("Choices", "TextArea", "Rating", "Number", "DateTime", "Taxonomy", "Pairwise", "Ranker")


def wait_for_media(page: Page) -> None:
    """Everything that plays or is drawn on is there."""
    media = page.locator("#task-area").locator(MEDIA)
    for index in range(media.count()):
        expect(media.nth(index)).to_have_attribute("data-state", "ready")
    pages = page.locator(".pdf-page[data-page='1']")
    if pages.count():
        expect(pages).to_have_attribute("data-state", "ready")
    for index in range(page.locator(".text-frame").count()):
        page.wait_for_function(
            "index => document.querySelectorAll('.text-frame')[index].contentDocument?.querySelector('[role=textbox]')", arg=index
        )


def answer_everything(page: Page, config: Config) -> set[str]:
    """Returns the names of the controls that were used."""
    used: set[str] = set()
    controls = list(config.controls.values())
    for control in controls:
        if control.tag.endswith("Labels"):
            mark(page, config, control)
            used.add(control.name)
        elif control.tag in ("Rectangle", "VideoRectangle"):
            used.add(control.name)  # drawn with the labels that stand beside it
    if any(control.tag == "VideoRectangle" for control in controls):
        used -= {control.name for control in controls if control.tag == "Labels"}  # the box itself keeps them
    for control in controls:
        if control.tag in QUESTIONS and not control.node.truthy("perRegion"):
            asked = page.locator(f'fieldset[data-control="{control.name}"]:visible')
            if asked.count():  # rules may hide it
                answer(asked.first, page, control)
                used.add(control.name)
    chats = page.locator(".tag-chat")
    if chats.count():
        talk(page, chats.first)
    elif any(control.node.truthy("perRegion") for control in controls):
        page.keyboard.press("Escape")
        page.keyboard.press("Alt+Shift+1")
        expect(page.get_by_role("region", name="Selected region")).to_be_visible()
    for control in controls:
        if control.tag in QUESTIONS and control.node.truthy("perRegion"):
            asked = page.locator(f'fieldset[data-control="{control.name}"]:visible')
            if asked.count():  # rules may hide it
                answer(asked.first, page, control)
                used.add(control.name)
    return used


def mark(page: Page, config: Config, control: Control) -> None:
    """Takes the control's first label and marks something of its object with it."""
    target = config.find_object(control.to_name[0])
    assert target is not None
    bar = page.locator(f'.label-bar[data-control="{control.name}"]')
    bar.scroll_into_view_if_needed()
    bar.get_by_role("button").first.click()
    if target.tag == "Image":
        draw(page, control.tag)
    elif target.tag in ("Text", "Paragraphs", "HyperText"):
        select_words(
            page, {"Text": ".text-body", "Paragraphs": ".phrase-text", "HyperText": ".text-frame, .text-html"}[target.tag], target.name
        )
    elif target.tag == "Pdf":
        drag(page, page.locator(".pdf-page[data-page='1']"), (0.08, 0.06), (0.5, 0.1))
    elif target.tag == "Video" and control.tag == "Labels":
        drag(page, page.locator("video.image-picture"), (0.3, 0.3), (0.6, 0.7))
    else:
        where = {"Video": ".video-rows .timeline-lanes", "Audio": ".audio-tag .timeline-lanes", "TimeSeries": ".series-tag .timeline-lanes"}
        drag(page, page.locator(where[target.tag]).first, (0.3, 0.5), (0.5, 0.5))


def draw(page: Page, tag: str) -> None:
    stage = page.locator(".image-stage").first
    stage.scroll_into_view_if_needed()
    if tag == "Labels":
        page.keyboard.press("r")
    if tag == "KeyPointLabels":
        page.mouse.click(*at(stage, (0.5, 0.5)))
    elif tag == "PolygonLabels":
        for corner in ((0.45, 0.4), (0.58, 0.42), (0.52, 0.6), (0.45, 0.4)):
            page.mouse.click(*at(stage, corner))
    else:
        drag(page, stage, (0.42, 0.4), (0.58, 0.6))


def at(locator: Locator, share: tuple[float, float]) -> tuple[float, float]:
    box = place_of(locator)
    return box["x"] + share[0] * box["width"], box["y"] + share[1] * box["height"]


def drag(page: Page, locator: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    locator.scroll_into_view_if_needed()
    first, last = at(locator, start), at(locator, end)
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move((first[0] + last[0]) / 2, (first[1] + last[1]) / 2, steps=4)
    page.mouse.move(*last, steps=4)
    page.mouse.up()


FIRST_WORDS = """([selector, name]) => {
    const places = [...document.querySelectorAll(selector)];
    const place = places.find((found) => found.closest(`[data-object="${name}"]`)) ?? places[0];
    place.scrollIntoView({ block: 'center' });
    const page = place.contentDocument ?? document;
    const origin = place.contentDocument ? place.getBoundingClientRect() : { left: 0, top: 0 };
    const walker = page.createTreeWalker(place.contentDocument ? page.body : place, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const words = /\\S+ \\S+/.exec(node.data);
        if (!words) continue;
        const range = page.createRange();
        range.setStart(node, words.index);
        range.setEnd(node, words.index + words[0].length);
        const box = range.getClientRects()[0];
        return [box.left + origin.left, box.right + origin.left, origin.top + box.top + box.height / 2];
    }
}"""


def select_words(page: Page, selector: str, name: str) -> None:
    """The first two words. Playwright's own mouse asks every frame while a button is down, and that of HyperText runs no scripts."""
    left, right, middle = page.evaluate(FIRST_WORDS, [selector, name])
    mouse = page.context.new_cdp_session(page)
    steps = [("mousePressed", left + 0.5), ("mouseMoved", (left + right) / 2), ("mouseMoved", right - 0.5), ("mouseReleased", right - 0.5)]
    for kind, x in steps:
        held = 0 if kind == "mouseReleased" else 1
        mouse.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": middle, "button": "left", "buttons": held, "clickCount": 1})
    mouse.detach()


def answer(question: Locator, page: Page, control: Control) -> None:
    if control.tag == "Ranker":
        card = page.locator(".tag-ranker .card").first
        card.focus()
        page.keyboard.press("Shift+ArrowDown" if page.locator(".ranker-column").count() == 1 else "Shift+ArrowRight")
        return
    question.scroll_into_view_if_needed()
    if control.tag == "Choices" and question.locator("select").count():
        question.locator("select").select_option(index=1)
    elif control.tag == "Choices":
        question.locator("label.choice").first.click()
    elif control.tag == "TextArea":
        question.get_by_role("textbox").first.fill("Two otters in a boat")
    elif control.tag == "Rating":
        question.locator("label.star").nth(2).click()
    elif control.tag == "Pairwise":
        question.get_by_role("button").first.click()
    elif control.tag == "Taxonomy":
        question.get_by_role("combobox").click()
        page.keyboard.press("ArrowRight")  # opens the first branch, where there are some
        question.locator("[role=treeitem]:not(.is-branch)").first.click()
        page.keyboard.press("Escape")
    else:
        question.get_by_role("spinbutton").first.fill("3")


def talk(page: Page, chat: Locator) -> None:
    """Says what is still needed, then chooses the last answer that can be judged."""
    field = chat.get_by_role("textbox", name="Message")
    for number in range(4 if field.count() else 0):
        field.fill(f"Sentence {number + 1}")
        page.keyboard.press("Enter")
        expect(chat.get_by_text(f"Sentence {number + 1}")).to_be_visible()
    answers = chat.locator(".chat-message.is-other .chat-bubble:enabled")
    if answers.count():
        answers.last.click()
