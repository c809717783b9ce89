"""Marking what people say: in phrases, by keyboard and by pointer; a conversation that is judged and continued."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.labeling import only_result, open_stream, place_of, project_with, submit, values
from tests.people import Person

PHRASES = [
    {"author": "Ann", "text": "Hello there my friend", "start": 0, "end": 1},
    {"author": "Bob", "text": "🦦 Good morning to you", "start": 1, "end": 2.5},
]
DIALOGUE = (
    '<View><ParagraphLabels name="l" toName="p"><Label value="A"/><Label value="B"/></ParagraphLabels>'
    '<Paragraphs name="p" value="$d" layout="dialogue" granularity="word"/></View>'
)
CHAT = (
    '<View><Chat name="chat" value="$m" minMessages="3" editable="user"/><View visibleWhen="region-selected" whenRole="assistant">'
    '<Choices name="judged" toName="chat" perRegion="true"><Choice value="Right"/><Choice value="Wrong"/></Choices></View></View>'
)


def test_phrases_are_marked_by_pointer_and_by_keyboard(visit: Visits, owner: Person) -> None:
    project = project_with(owner, DIALOGUE, {"d": PHRASES})
    page = visit(owner)
    open_stream(page, project)
    text = page.locator(".phrase-text").nth(0)
    expect(text).to_be_visible()
    page.keyboard.press("1")
    box = place_of(text)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, middle, steps=3)
    page.mouse.up()  # inside "Hello": the selection grows to the word
    page.keyboard.press("2")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+Shift+A")
    page.get_by_role("combobox", name="Author").select_option("Bob")
    expect(text).to_be_hidden()
    submit(page)
    assert values(only_result(owner, project)) == [
        {"start": "0", "end": "0", "startOffset": 0, "endOffset": 5, "text": "Hello", "paragraphlabels": ["A"]},
        {"start": "1", "end": "1", "startOffset": 0, "endOffset": 21, "text": PHRASES[1]["text"], "paragraphlabels": ["B"]},
    ]


def test_a_conversation_is_judged_and_continued(visit: Visits, owner: Person) -> None:
    said = [{"role": "user", "content": "How long do tomatoes keep?"}, {"role": "assistant", "content": "About a week."}]
    project = project_with(owner, CHAT, {"m": said})
    page = visit(owner)
    open_stream(page, project)
    expect(page.get_by_text("1 more message is needed.")).to_be_visible()
    page.get_by_role("textbox", name="Message").fill("And cucumbers?")
    page.keyboard.press("Enter")
    answer = page.get_by_role("button", name="About a week.")
    answer.focus()
    page.keyboard.press("Space")
    page.get_by_text("Right").click()
    page.get_by_role("button", name="Edit", exact=True).last.click()
    page.get_by_role("textbox", name="Message of user").fill("And gherkins?")
    page.get_by_role("button", name="Save").click()
    submit(page)
    added, judged, choice = only_result(owner, project)
    assert (added["type"], added["value"]["chatmessage"]["role"], added["value"]["chatmessage"]["content"]) == (
        "chatmessage",
        "user",
        "And gherkins?",
    )
    assert (judged["value"]["index"], judged["value"]["chatmessage"]["content"]) == (1, "About a week.")
    assert (choice["id"], choice["value"]["choices"]) == (judged["id"], ["Right"])
