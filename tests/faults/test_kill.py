"""`kill -9` in the middle of labelling: what was acknowledged is there, exactly once, and the counters are right."""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import FULL
from tests.faults.installation import Caller, Installation, children, descendants, install, kill_everything
from tests.packaging.serving import Running
from tests.tasks.work import mood

PEOPLE = 4
ROUNDS = 20 if FULL else 2
TASKS = 30_000 if FULL else 3_000
PATIENCE = 60


@dataclass
class Labeller:
    """Labels until told to stop. What had no answer is sent again with its key, as the editor does it."""

    token: str
    project: int
    acknowledged: dict[int, str] = field(default_factory=dict)  # annotation: key
    labels: dict[str, str] = field(default_factory=dict)  # key: what was answered
    pending: tuple[str, str, dict[str, Any]] | None = None  # path, key, body
    refused: list[Any] = field(default_factory=list)

    def work(self, url: str, stop: threading.Event, *, to_the_end: bool) -> None:
        """Until `stop`; with `to_the_end` not before what was sent has been answered."""
        caller = Caller(url, self.token)
        give_up = time.monotonic() + PATIENCE
        while not stop.is_set() or (to_the_end and self.pending is not None and time.monotonic() < give_up):
            try:
                self._step(caller)
            except (OSError, http.client.HTTPException):
                time.sleep(0.01)

    def _step(self, caller: Caller) -> None:
        if self.pending is None:
            status, task = caller.call("GET", f"/api/projects/{self.project}/next")
            if status != 200:
                self.refused.append((status, task))
                return
            key = str(uuid.uuid4())
            self.labels[key] = random.choice(["Good", "Bad"])
            self.pending = (f"/api/tasks/{task['id']}/annotations/", key, {"result": mood(self.labels[key])})
        path, key, body = self.pending
        status, answer = caller.call("POST", path, body, **{"Idempotency-Key": key})
        if status == 201:
            self.acknowledged[answer["id"]] = key
            self.pending = None
        else:
            self.refused.append((status, answer))


def label(people: list[Labeller], server: Running, seconds: float, then: Callable[[], None], *, to_the_end: bool) -> None:
    """All label for a while; in the middle of it `then` happens."""
    stop = threading.Event()
    threads = [threading.Thread(target=person.work, args=(server.url, stop), kwargs={"to_the_end": to_the_end}) for person in people]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    then()
    stop.set()
    for thread in threads:
        thread.join()


def check(place: Installation, people: list[Labeller]) -> None:
    seen = place.looked_into()
    acknowledged = {pk: key for person in people for pk, key in person.acknowledged.items()}
    labels = {key: label for person in people for key, label in person.labels.items()}
    assert {row["id"]: row["key"] for row in seen["annotations"]} == acknowledged
    assert all(row["result"] == mood(labels[row["key"]]) for row in seen["annotations"])
    assert len({row["key"] for row in seen["annotations"]}) == len(seen["annotations"])
    assert set(seen["per_task"]) == {1}, "a task was handed to two people"
    assert (seen["counters_right"], seen["integrity"], seen["finished"]) == (True, "ok", len(acknowledged))
    assert [entry for person in people for entry in person.refused] == []


@pytest.mark.timeout(1800 if FULL else 300)
def test_the_whole_server_is_killed_while_people_label(tmp_path: Path) -> None:
    place = install(tmp_path, people=PEOPLE, tasks=TASKS)
    people = [Labeller(token, place.project) for token in place.tokens]
    chance = random.Random(4711)
    for _ in range(ROUNDS):
        before = sum(len(person.acknowledged) for person in people)
        with place.serving() as server:
            label(people, server, 0.5 + chance.random(), lambda: kill_everything(server), to_the_end=False)
        assert sum(len(person.acknowledged) for person in people) > before, "nothing was labelled: the test shows nothing"
    with place.serving() as server:
        label(people, server, 1, lambda: None, to_the_end=True)
    check(place, people)


@pytest.mark.timeout(1800 if FULL else 300)
def test_processes_of_the_server_are_killed_one_by_one(tmp_path: Path) -> None:
    """Web processes die at random, and now and then their parent or the worker; all come back, and nobody has to do anything."""
    place = install(tmp_path, people=PEOPLE, tasks=TASKS)
    people = [Labeller(token, place.project) for token in place.tokens]
    chance = random.Random(815)

    def murder() -> None:
        supervisor = server.process.pid
        for turn in range(ROUNDS * 2):
            # The supervisor gives up on what dies often: its own children are spared but for two.
            victims = (
                children(supervisor) if turn in (1, 3) else [pid for pid in descendants(supervisor) if pid not in children(supervisor)]
            )
            for victim in chance.sample(victims, min(1, len(victims))):
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
            time.sleep(1 + chance.random())

    with place.serving() as server:
        label(people, server, 0.5, murder, to_the_end=True)
        assert server.process.poll() is None
    check(place, people)
