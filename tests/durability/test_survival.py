"""kill -9 of everything and an empty disk, again and again: what was off the machine is there again, and people are still signed in."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from core.environment import read_environment
from durability import boot
from durability.drill import drill
from durability.targets.folder import Folder
from tests.conftest import FULL
from tests.durability.kinds import KINDS, Targets
from tests.durability.place import Place, saved_at
from tests.faults.installation import Caller, Installation, kill_everything
from tests.tasks.work import mood

pytestmark = [
    pytest.mark.skipif(os.environ.get("TEST_DB") == "postgres", reason="starts servers of its own on SQLite; once is enough"),
    pytest.mark.timeout(300 if not FULL else 3600),
]
ROUNDS = 40 if FULL else 2


class Writer(threading.Thread):
    """Submits without end; `answered` are (key, when the answer came)."""

    def __init__(self, url: str, place: Place) -> None:
        super().__init__(daemon=True)
        self.url, self.place = url, place
        self.answered: list[tuple[str, float]] = []
        self.ended = threading.Event()

    def run(self) -> None:
        caller = Caller(self.url, self.place.token)
        while not self.ended.is_set():
            key = str(uuid.uuid4())
            task = random.choice(self.place.tasks)
            with suppress(OSError, HTTPException):
                status, _body = caller.call("POST", f"/api/tasks/{task}/annotations/", {"result": mood("Good")}, **{"Idempotency-Key": key})
                if status == 201:
                    self.answered.append((key, time.time()))


@contextmanager
def writing(url: str, place: Place) -> Iterator[Writer]:
    writer = Writer(url, place)
    writer.start()
    try:
        yield writer
    finally:
        writer.ended.set()
        writer.join()


def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_killed_with_an_empty_disk(
    tmp_path: Path, place_with: Callable[..., Place], targets: Targets, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything older than the shown "saved" is there; with DURABLE_ACK, in every other round, everything that was acknowledged is."""
    address, settings = targets.fresh(kind)
    place = place_with(address, **settings)
    losses: list[float] = []
    for number in range(ROUNDS):
        acknowledged = bool(number % 2)
        place.settings["DURABLE_ACK"] = "1" if acknowledged else "0"
        with place.serving() as server, writing(server.url, place) as writer:
            until(lambda writer=writer, enough=5 if acknowledged else 20: len(writer.answered) > enough)
            began = time.time()
            if not acknowledged and kind != "dataset":  # which is shipped every five minutes
                until(lambda began=began: saved_at(place.data) > began)
            time.sleep(random.uniform(0, 1))  # the moment of the kill is any moment
            shown, killed = saved_at(place.data), time.time()
            kill_everything(server)
        place.lose_disk()
        place.recover()
        found = place.keys()
        lost = [when for key, when in writer.answered if key not in found]
        assert not [when for when in lost if acknowledged or when <= shown], f"round {number}"
        if not acknowledged:
            losses.append(killed - min(lost, default=killed))
    if FULL:
        median = statistics.median(losses)
        with capsys.disabled():
            print(f"\n{kind}: {len(losses)} kills, median loss window {median:.2f} s, longest {max(losses):.2f} s")
        assert median <= (600 if kind == "dataset" else 2)


def test_a_restart_keeps_everything_and_hands_over(tmp_path: Path, place_with: Callable[..., Place]) -> None:
    place = place_with(str(tmp_path / "copies"))
    with place.serving() as server:
        cookie = place.sign_in(server)
        with writing(server.url, place) as writer:
            until(lambda: len(writer.answered) > 10)
        (place.data / "media" / "upload").mkdir(parents=True, exist_ok=True)
        (place.data / "media" / "upload" / "a.png").write_bytes(b"picture")
        assert server.stop(signal.SIGTERM)[0] == 0
    place.lose_disk()
    began = time.monotonic()
    with place.serving() as server:
        assert time.monotonic() - began < 60
        assert (place.data / "media" / "upload" / "a.png").read_bytes() == b"picture"
        assert place.keys() >= {key for key, _when in writer.answered}
        assert server.get("/api/current-user/whoami", Cookie=cookie)[0] == 200
        # What the weekly trial does: the copy is restored and compared.
        copies = Folder(tmp_path / "copies")
        until(lambda: any("/ltx/" in name for name in copies.names("state/0000000002/")))
        tried = drill(copies, 2, place.data / "labelspace.sqlite3")
        assert tried["error"] == ""
        assert tried["rows"] > 50


def test_two_at_once_have_one_writer(tmp_path: Path, place_with: Callable[..., Place]) -> None:
    """The newer takes over; the older answers nothing it could not keep, and says so."""
    place = place_with(str(tmp_path / "copies"))
    second = place.elsewhere(tmp_path / "second")
    with place.serving() as older, writing(older.url, place) as writer:
        cookie = place.sign_in(older)
        until(lambda: len(writer.answered) > 10)
        with second.serving() as newer:
            found = second.keys()
            assert not [key for key, _when in writer.answered if key not in found]
            caller, task = Caller(older.url, place.token), place.tasks[0]
            status, body = caller.call("POST", f"/api/tasks/{task}/annotations/", {"result": mood("Good")})
            assert status == 503
            assert "read-only" in body["detail"]
            assert caller.call("GET", f"/api/tasks/{task}/")[0] == 200
            status, _headers, page = older.get("/projects/", Cookie=cookie)
            assert status == 200
            assert b"Read-only: another server has taken over" in page
            assert Caller(newer.url, place.token).call("POST", f"/api/tasks/{task}/annotations/", {"result": mood("Good")})[0] == 201
            assert older.get("/health")[0] == 200
            kill_everything(older)  # its database stays locked: it would take its time to end


def test_never_starts_empty_over_existing_data(tmp_path: Path, place_with: Callable[..., Place]) -> None:
    place = place_with(str(tmp_path / "copies"))
    with place.serving() as server, writing(server.url, place) as writer:
        until(lambda: len(writer.answered) > 5)
    place.lose_disk()
    # The newest copy is damaged: the one before is taken.
    with place.serving() as server:
        until(lambda: (tmp_path / "copies" / "state" / "0000000002").exists())
        kill_everything(server)
    copies = sorted((tmp_path / "copies" / "state").iterdir())
    for file in copies[-1].rglob("*.ltx"):
        file.write_bytes(file.read_bytes()[:-60] + os.urandom(60))
    place.lose_disk()
    place.recover()
    assert place.keys() == {key for key, _when in writer.answered}
    # All are damaged: nothing starts, the page says so, and nothing is touched.
    for file in (tmp_path / "copies" / "state").rglob("*.ltx"):
        file.write_bytes(os.urandom(500))
    place.lose_disk()
    before = {path: path.read_bytes() for path in (tmp_path / "copies" / "state").rglob("*.ltx")}
    with place.refusing() as url:
        text = until(lambda: place.page(url))
        assert "has not started" in text
        assert "None of the" in text
    assert {path: path.read_bytes() for path in (tmp_path / "copies" / "state").rglob("*.ltx")} == before
    shutil.rmtree(tmp_path / "copies")


def test_a_database_left_on_the_volume_of_a_space_is_gone_on_from(
    tmp_path: Path, furnished: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    volume, home = tmp_path / "volume", tmp_path / "home"
    shutil.copytree(furnished.folder / "data", volume)
    monkeypatch.setattr("core.environment.SPACE_VOLUME", str(volume))
    monkeypatch.setattr("os.path.ismount", lambda path: str(path) == str(volume))
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    environment = read_environment({"SPACE_ID": "ann/labels", "LABEL_STUDIO_BASE_DATA_DIR": str(volume)})
    boot.recover(environment)
    assert environment.sqlite_file.is_relative_to(home)
    with closing(sqlite3.connect(environment.sqlite_file)) as connection:
        assert connection.execute("SELECT count(*) FROM tasks_task").fetchone()[0] == 50
    assert (home / "labelspace" / "secret_key").read_bytes() == (volume / "secret_key").read_bytes()
    assert (volume / "labelspace" / "lease").is_dir()
