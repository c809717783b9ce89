"""Events reach their consumers: in order, none lost, none twice, and nobody waits for somebody else's failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from core.events import consumers, delivery, loops
from core.events.consumers import Consumer, register_consumer
from core.events.delivery import deliver_next
from core.events.models import Event, EventCursor
from core.events.record import record
from core.jobs.models import Job

postgres = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@pytest.fixture(autouse=True)
def only_ours() -> Iterator[None]:
    """The consumers and loops that a test registers, and no others."""
    before = dict(consumers._consumers), dict(loops._loops)
    consumers._consumers.clear()
    loops._loops.clear()
    yield
    consumers._consumers.clear()
    loops._loops.clear()
    consumers._consumers.update(before[0])
    loops._loops.update(before[1])


class Listener:
    """A consumer that remembers what it was handed, and fails at the events of `refuses`."""

    def __init__(self, name: str, *kinds: str) -> None:
        self.heard: list[int] = []
        self.handed: list[list[int]] = []
        self.refuses: set[int] = set()
        self.consumer: Consumer = register_consumer(name, kinds, self.deliver)

    def deliver(self, events: Sequence[Event]) -> None:
        self.handed.append([event.pk for event in events])
        for event in events:
            if event.pk in self.refuses:
                raise ValueError("not this one")
        self.heard.extend(event.pk for event in events)

    def rest_is_over(self) -> None:
        EventCursor.objects.filter(name=self.consumer.name).update(retry_at=timezone.now() - timedelta(seconds=1))


def happen(kind: str, count: int = 1) -> list[int]:
    """Record that many events, each in its transaction; their ids."""
    before = set(Event.objects.values_list("pk", flat=True))
    for _ in range(count):
        record(kind, None)
    return sorted(set(Event.objects.values_list("pk", flat=True)) - before)


@pytest.mark.django_db
def test_a_consumer_hears_the_events_of_its_kinds_in_order_and_once() -> None:
    listener = Listener("a", "task.created", "task.deleted")
    wanted = happen("task.created", 3)
    happen("user.waved", 2)
    wanted += happen("task.deleted")
    assert not deliver_next(listener.consumer)
    assert not deliver_next(listener.consumer)
    assert listener.heard == wanted
    later = happen("task.created")
    deliver_next(listener.consumer)
    assert listener.heard == wanted + later


@pytest.mark.django_db
def test_many_events_come_in_batches_of_bounded_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BATCH", 10)
    listener = Listener("a", "x.y")
    wanted = happen("x.y", 25)
    while deliver_next(listener.consumer):
        pass
    assert listener.heard == wanted
    assert [len(batch) for batch in listener.handed] == [10, 10, 5]


@pytest.mark.django_db
def test_a_failing_consumer_rests_longer_and_longer_and_holds_up_nobody_else() -> None:
    bad, good = Listener("bad", "x.y"), Listener("good", "x.y")
    wanted = happen("x.y", 3)
    bad.refuses = {wanted[1]}
    loops.run_loops_until_idle()
    assert (bad.heard, good.heard) == ([], wanted)
    cursor = EventCursor.objects.get(name="bad")
    assert (cursor.failures, cursor.error, cursor.position) == (1, "ValueError: not this one", 0)
    deliver_next(bad.consumer)
    assert len(bad.handed) == 1, "it rests"
    bad.rest_is_over()
    while deliver_next(bad.consumer):
        pass
    assert bad.heard == wanted[:1], "one at a time, up to the one it cannot take"
    bad.refuses = set()
    bad.rest_is_over()
    while deliver_next(bad.consumer):
        pass
    assert bad.heard == wanted
    assert EventCursor.objects.get(name="bad").failures == 0


def test_the_rest_after_failures_doubles_up_to_five_minutes() -> None:
    assert [delivery.waiting_after(n).total_seconds() for n in (1, 2, 3, 9, 10, 1_000)] == [1, 2, 4, 256, 300, 300]


@pytest.mark.django_db
def test_what_a_consumer_wrote_before_it_failed_is_not_there() -> None:
    def deliver(events: Sequence[Event]) -> None:
        Job.objects.create(kind="written", title="x")
        raise ValueError

    consumer = register_consumer("a", ["x.y"], deliver)
    happen("x.y")
    deliver_next(consumer)
    assert not Job.objects.exists()
    assert EventCursor.objects.get(name="a").failures == 1


@pytest.mark.django_db
def test_a_long_row_of_other_kinds_is_passed_over_without_a_write_each_time(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Callable[[int], Any]
) -> None:
    monkeypatch.setattr(delivery, "UNWRITTEN", 5)
    listener = Listener("a", "x.y")
    first = happen("x.y")
    deliver_next(listener.consumer)
    happen("user.waved", 3)
    deliver_next(listener.consumer)
    assert EventCursor.objects.get(name="a").position == first[0]
    passed = happen("user.waved", 3)
    deliver_next(listener.consumer)
    assert EventCursor.objects.get(name="a").position == passed[-1]
    wanted = happen("x.y")
    deliver_next(listener.consumer)
    assert listener.heard == first + wanted
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 2):
        deliver_next(listener.consumer)


@pytest.mark.django_db(transaction=True)
def test_several_workers_hand_out_each_event_once() -> None:
    def deliver(events: Sequence[Event]) -> None:
        for event in events:
            Job.objects.create(kind="heard", title=str(event.pk))

    wanted = happen("x.y", 60)
    begin = threading.Barrier(4)

    def work() -> None:
        consumer = Consumer("a", frozenset({"x.y"}), deliver)  # a process of its own has a horizon of its own
        try:
            begin.wait()
            for _ in range(60):
                deliver_next(consumer)
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "BATCH", 7)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    heard = [int(title) for title in Job.objects.order_by("pk").values_list("title", flat=True)]
    assert heard == wanted


@postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_skipped() -> None:
    listener = Listener("a", "x.y")
    written, go_on = threading.Event(), threading.Event()

    def slow_transaction() -> None:
        try:
            with transaction.atomic():
                record("x.y", None)
                written.set()
                assert go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow_transaction)
    thread.start()
    assert written.wait(20)
    early = happen("x.y")  # a later id, visible first
    for _ in range(5):
        deliver_next(listener.consumer)
    assert listener.heard == []
    go_on.set()
    thread.join()
    for _ in range(2):
        deliver_next(listener.consumer)
    assert listener.heard == sorted(Event.objects.values_list("pk", flat=True))
    assert listener.heard[-1:] == early
    assert len(listener.heard) == 2


@postgres
@pytest.mark.django_db(transaction=True)
def test_an_unbroken_stream_of_writers_does_not_hold_events_back_for_ever() -> None:
    """Somebody is always writing; but each of them ends."""
    listener = Listener("a", "x.y")
    ended = threading.Event()

    def writer() -> None:
        try:
            while not ended.is_set():
                with transaction.atomic():
                    record("x.y", None)
                    ended.wait(0.02)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(200):
            deliver_next(listener.consumer)
            if len(listener.heard) > 20:
                break
            ended.wait(0.02)
        assert len(listener.heard) > 20
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    for _ in range(3):
        deliver_next(listener.consumer)
    assert listener.heard == sorted(Event.objects.values_list("pk", flat=True))


@postgres
@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_leaves_a_hole_that_nobody_waits_for() -> None:
    listener = Listener("a", "x.y")
    with transaction.atomic():
        record("x.y", None)
        transaction.set_rollback(True)
    wanted = happen("x.y")
    deliver_next(listener.consumer)
    assert listener.heard == wanted


@pytest.mark.django_db(transaction=True)
def test_the_worker_hands_out_events_in_batch_mode() -> None:
    listener = Listener("a", "x.y")
    wanted = happen("x.y", 2)
    call_command("worker", batch=True, interval=0.01)
    assert listener.heard == wanted


@pytest.mark.django_db(transaction=True)
def test_loops_run_until_they_are_ended_and_survive_what_their_steps_raise() -> None:
    listener = Listener("a", "x.y")
    steps: list[int] = []
    again = threading.Event()

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise ValueError("once")
        again.set()
        return False

    loops.register_loop("mine", step, seconds=0.01)
    running = loops.RunningLoops()
    running.start()
    try:
        wanted = happen("x.y")
        assert again.wait(10)
        for _ in range(100):
            if listener.heard:
                break
            threading.Event().wait(0.05)
    finally:
        running.end()
    assert listener.heard == wanted
    done = len(steps)
    threading.Event().wait(0.1)
    assert len(steps) == done
