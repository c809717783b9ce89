"""Hotkeys, preferences, picture and the pages of one's own account."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from core.permissions import Role
from tests.browser import Browser, member, text_of
from tests.labelled import whole
from tests.people import Person, somebody
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    return somebody(Role.ANNOTATOR)


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def upload(person: Person, content: bytes, user_id: int | None = None, name: str = "me.png") -> Any:
    path = f"/api/users/{user_id or person.user.pk}/avatar/"
    return Browser.post(person.client, path, {"avatar": SimpleUploadedFile(name, content)})


def test_hotkeys_are_replaced_as_a_whole(ann: Person) -> None:
    assert ann.get("/api/current-user/hotkeys/").json() == {"custom_hotkeys": {}}
    first = {"annotation:submit": {"key": "ctrl+enter", "active": True}, "annotation:skip": {"key": "ctrl+space"}}
    assert ann.patch("/api/current-user/hotkeys/", {"custom_hotkeys": first}).json() == {"custom_hotkeys": first}
    second = {"annotation:submit": {"key": None, "active": False}}
    ann.patch("/api/current-user/hotkeys/", {"custom_hotkeys": second})
    assert ann.get("/api/current-user/whoami").json()["custom_hotkeys"] == second


@pytest.mark.parametrize(
    "hotkeys",
    [
        [],
        {"submit": {"key": "a"}},
        {"annotation:submit": "a"},
        {"annotation:submit": {}},
        {"annotation:submit": {"key": ""}},
        {"annotation:submit": {"key": "a" * 51}},
        {"annotation:submit": {"key": "<script>\n"}},
        {"annotation:submit": {"key": "Alt + F4"}},
        {"annotation:submit": {"key": "a", "active": "yes"}},
        {f"annotation:{'x' * 100}": {"key": "a"}},
        {f"annotation:{number}": {"key": "a"} for number in range(201)},
    ],
)
def test_bad_hotkeys_are_refused_with_details(ann: Person, hotkeys: Any) -> None:
    answer = ann.patch("/api/current-user/hotkeys/", {"custom_hotkeys": hotkeys})
    assert answer.status_code == 400
    assert set(answer.json()) >= {"error", "details", "detail"}
    assert ann.get("/api/current-user/hotkeys/").json() == {"custom_hotkeys": {}}


def test_preferences_are_merged_and_null_takes_one_away(ann: Person) -> None:
    path = "/api/current-user/preferences"
    ann.patch(path, {"panel": {"width": 300}, "density": "compact"})
    assert ann.patch(path, {"panel": None, "wrap": True}).json() == {"density": "compact", "wrap": True}
    assert ann.get(path).json() == {"density": "compact", "wrap": True}
    assert ann.patch(path, [1]).status_code == 400
    assert ann.patch(path, {"much": "x" * 20_000}).status_code == 400
    assert ann.get(path).json() == {"density": "compact", "wrap": True}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_made_small_and_square_and_served_to_people_here(ann: Person, kind: str) -> None:
    assert upload(ann, picture(kind)).status_code == 200
    path = ann.get("/api/current-user/whoami").json()["avatar"]
    served = ann.get(path)
    assert (served.status_code, served["Content-Type"]) == (200, "image/webp")
    assert "sandbox" in served["Content-Security-Policy"]
    image = Image.open(io.BytesIO(whole(served)))
    assert (image.format, image.size) == ("WEBP", (256, 256))
    assert Browser().get(path).status_code == 401


def test_what_hides_in_a_picture_is_gone(ann: Person) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>secret place</script>")
    upload(ann, picture(pnginfo=info) + b"<script>trailer</script>")
    name = User.objects.get(pk=ann.user.pk).avatar
    stored = (settings.MEDIA_ROOT / "avatars" / name).read_bytes()
    assert b"script" not in stored


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        picture()[:200],
        picture("BMP"),
        picture(size=(5001, 5000)),
        b"\x89PNG\r\n\x1a\n" + b"\0" * (5 << 20),
    ],
    ids=["empty", "svg", "html", "cut", "bmp", "pixels", "bytes"],
)
def test_what_is_no_picture_is_refused(ann: Person, content: bytes) -> None:
    assert upload(ann, content).status_code == 400
    assert User.objects.get(pk=ann.user.pk).avatar == ""


def test_a_new_picture_replaces_the_old_file_and_only_ones_own(ann: Person, django_capture_on_commit_callbacks: Any) -> None:
    bob = somebody(Role.OWNER, ann.organization)
    assert upload(bob, picture(), ann.user.pk).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        upload(ann, picture())
        first = User.objects.get(pk=ann.user.pk).avatar
        upload(ann, picture())
    assert not (settings.MEDIA_ROOT / "avatars" / first).exists()
    assert ann.delete(f"/api/users/{ann.user.pk}/avatar").status_code == 204
    assert ann.get("/api/current-user/whoami").json()["avatar"] is None
    assert ann.get("/data/avatars/..%2Fsecret_key").status_code == 404
    assert ann.get("/data/avatars/nothing.webp").status_code == 404


def test_the_pages_of_an_account() -> None:
    browser = member("ann@example.com")
    assert browser.submit("/user/account/", first_name="Ann", last_name="Otter", phone="12").status_code == 302
    assert browser.get("/api/current-user/whoami").json()["initials"] == "AO"
    browser.get("/user/account/")
    fields = {"csrfmiddlewaretoken": browser.csrf, "avatar": SimpleUploadedFile("me.png", picture())}
    assert browser.post("/user/account/avatar", fields).status_code == 302
    assert "/data/avatars/" in browser.get("/user/account/").content.decode()
    fields = {"csrfmiddlewaretoken": browser.csrf, "avatar": SimpleUploadedFile("me.png", b"nothing")}
    assert "not a picture" in text_of(browser.post("/user/account/avatar", fields))
    assert browser.submit("/user/account/", "/user/account/avatar", remove="1").status_code == 302
    assert "/data/avatars/" not in browser.get("/user/account/").content.decode()
    assert browser.submit("/user/account/preferences", theme="dark").cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in browser.get("/user/account/preferences").content.decode()
    browser.submit("/user/account/preferences", theme="")
    assert "data-theme" not in browser.get("/user/account/preferences").content.decode().split(">")[1]
