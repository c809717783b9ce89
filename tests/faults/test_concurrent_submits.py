"""Two hundred submits at the same moment, on a real server with SQLite: no error, nothing lost, nothing twice."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.faults.installation import Caller, install
from tests.tasks.work import mood

SUBMITS = 200


@pytest.mark.timeout(240)
def test_two_hundred_submits_at_once(tmp_path: Path) -> None:
    """Label Studio's fault 2: on SQLite it answers that the database is locked, and runs whole requests again."""
    people = 4
    place = install(tmp_path, people=people, tasks=SUBMITS // 2, overlap=2)
    keys = [str(uuid.uuid4()) for _ in range(SUBMITS)]
    answers: list[Any] = [None] * SUBMITS
    gate = threading.Barrier(SUBMITS)
    with place.serving() as server:

        def submit(number: int) -> None:
            # Each task is answered by two people.
            person = number % 2 * 2 + number // 2 % 2
            caller = Caller(server.url, place.tokens[person])
            gate.wait()
            answers[number] = caller.call(
                "POST",
                f"/api/tasks/{place.tasks[number // 2]}/annotations/",
                {"result": mood("Good" if number % 3 else "Bad")},
                **{"Idempotency-Key": keys[number]},
            )

        def all_at_once() -> list[Any]:
            threads = [threading.Thread(target=submit, args=(number,)) for number in range(SUBMITS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return list(answers)

        first = all_at_once()
        assert [status for status, _ in first] == [201] * SUBMITS
        # The whole crowd sends everything again, as after a broken connection.
        again = all_at_once()
        assert [(status, body["id"]) for status, body in again] == [(status, body["id"]) for status, body in first]
    seen = place.looked_into()
    assert {row["key"]: row["id"] for row in seen["annotations"]} == {key: body["id"] for key, (_, body) in zip(keys, first, strict=True)}
    assert len(seen["annotations"]) == SUBMITS
    assert all(row["result"] == mood("Good" if keys.index(row["key"]) % 3 else "Bad") for row in seen["annotations"])
    assert seen["per_task"] == [2] * (SUBMITS // 2)
    assert (seen["counters_right"], seen["finished"], seen["integrity"]) == (True, SUBMITS // 2, "ok")
