"""Delivering: by the worker, again after failures, in order, logged, once more on request."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.labelled import make_project
from tests.people import Person, somebody
from tests.webhooks.conftest import Receiver, hook, log, pass_time, work
from tests.webhooks.test_payloads import add_task, annotate
from webhooks import sender
from webhooks.models import Delivery, Webhook
from webhooks.operations import KEEP_LOG, forget_old_deliveries

NEVER_LISTENS = "http://127.0.0.1:9/"


@pytest.fixture
def project(ann: Person) -> int:
    return make_project(ann)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_in_the_request_and_the_worker_sends_it(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project, headers={"Authorization": "Bearer abc", "User-Agent": "mine"})
    annotate(ann, add_task(ann, project))
    assert receiver.requests == []
    call_command("worker", batch=True, interval=0.01)
    assert receiver.actions == ["TASKS_CREATED", "ANNOTATION_CREATED"]
    assert receiver.requests[0].headers["Authorization"] == "Bearer abc"
    assert receiver.requests[0].headers["User-Agent"] == "mine"
    first, second = log(ann, made)
    assert (first["status"], first["status_code"], first["attempts"], first["error"], first["action"]) == (
        "delivered",
        200,
        1,
        "",
        "TASKS_CREATED",
    )
    assert first["finished_at"] >= first["created_at"]
    assert 0 < first["duration"] < 5
    assert receiver.requests[1].headers["X-Labelspace-Delivery"] == str(second["id"])
    assert receiver.requests[1].headers["X-Labelspace-Event"] == str(second["event"])


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_later(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 503
    add_task(ann, project)
    work()
    work()
    assert len(receiver.requests) == 1, "not at once"
    (row,) = log(ann, made)
    assert (row["status"], row["status_code"], row["attempts"]) == ("waiting", 503, 1)
    assert "503" in row["error"]
    assert ann.get(f"/api/webhooks/{made['id']}/").json()["consecutive_failures"] == 1
    pass_time(seconds=11)
    work()
    assert len(receiver.requests) == 2
    receiver.answer = lambda request: 204
    pass_time(seconds=21)
    work()
    (row,) = log(ann, made)
    assert (row["status"], row["status_code"], row["attempts"], row["error"]) == ("delivered", 204, 3, "")
    assert ann.get(f"/api/webhooks/{made['id']}/").json()["consecutive_failures"] == 0
    assert len({request.headers["X-Labelspace-Delivery"] for request in receiver.requests}) == 1


def test_waiting_doubles_up_to_half_an_hour_and_a_pause_up_to_five_minutes() -> None:
    assert [sender.retry_after(n).total_seconds() for n in (1, 2, 3, 8, 9, 500)] == [10, 20, 40, 1_280, 1_800, 1_800]
    assert [sender.pause_after(n).total_seconds() for n in (1, 2, 6, 7, 500)] == [5, 10, 160, 300, 300]


@pytest.mark.django_db
def test_after_a_day_it_is_given_up_and_the_next_one_goes(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 500
    add_task(ann, project)
    work()
    for _ in range(100):
        pass_time(minutes=20)
        work()
    (row,) = log(ann, made)
    assert row["status"] == "failed"
    assert row["next_attempt_at"] is None
    assert row["finished_at"]
    assert 30 < row["attempts"] < 80
    sent = len(receiver.requests)
    pass_time(hours=5)
    receiver.answer = lambda request: 200
    add_task(ann, project)
    work()
    assert len(receiver.requests) == sent + 1
    assert [row["status"] for row in log(ann, made)] == ["failed", "delivered"]


@pytest.mark.django_db
def test_what_is_about_one_task_keeps_its_order_and_other_tasks_go_on(ann: Person, receiver: Receiver, project: int) -> None:
    first, second = add_task(ann, project, "first"), add_task(ann, project, "second")
    hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 422 if request.body.get("task", {}).get("id") == first else 200
    one = annotate(ann, first)["id"]
    two = annotate(ann, second)["id"]
    ann.delete(f"/api/annotations/{one}/")
    ann.patch(f"/api/annotations/{two}/", {"was_cancelled": True})
    ann.patch(f"/api/projects/{project}/", {"title": "Changed"})
    third = add_task(ann, project, "third")
    annotate(ann, third)
    work()
    assert [(request.action, request.body["task"]["id"]) for request in receiver.requests] == [
        ("ANNOTATION_CREATED", first),
        ("ANNOTATION_CREATED", second),
        ("ANNOTATION_UPDATED", second),
    ], "what is about the whole project waits for what is older, and what is younger waits for that"
    receiver.requests.clear()
    receiver.answer = lambda request: 200
    pass_time(minutes=1)
    work()
    assert receiver.actions == ["ANNOTATION_CREATED", "ANNOTATIONS_DELETED", "PROJECT_UPDATED", "TASKS_CREATED", "ANNOTATION_CREATED"]


@pytest.mark.django_db
def test_one_project_does_not_wait_for_another(ann: Person, receiver: Receiver, project: int) -> None:
    other = make_project(ann)
    hook(ann, receiver.url)
    receiver.answer = lambda request: 400 if request.body["project"]["id"] == project else 200
    add_task(ann, project)
    add_task(ann, project)
    add_task(ann, other)
    work()
    assert [request.body["project"]["id"] for request in receiver.requests] == [project, other]


@pytest.mark.django_db
def test_a_dead_receiver_is_left_alone_and_holds_up_nobody(ann: Person, receiver: Receiver, project: int, settings: Any) -> None:
    settings.ALLOWED_INTERNAL_HOSTS = [*settings.ALLOWED_INTERNAL_HOSTS, "127.0.0.1:9"]
    dead, alive = hook(ann, NEVER_LISTENS, project=project), hook(ann, receiver.url, project=project)
    for _ in range(5):
        add_task(ann, project)
    work()
    assert len(receiver.requests) == 5
    assert {row["status"] for row in log(ann, alive)} == {"delivered"}
    assert [row["attempts"] for row in log(ann, dead)] == [1, 0, 0, 0, 0], "one try, then a pause for the whole webhook"
    assert "cannot be reached" in log(ann, dead)[0]["error"]


@pytest.mark.django_db
def test_the_address_is_checked_at_each_send(ann: Person, receiver: Receiver, project: int, settings: Any) -> None:
    made = hook(ann, receiver.url, project=project)
    settings.ALLOWED_INTERNAL_HOSTS = []
    add_task(ann, project)
    work()
    assert receiver.requests == []
    (row,) = log(ann, made)
    assert (row["status"], row["status_code"]) == ("waiting", None)
    assert "cannot be reached from here" in row["error"]


@pytest.mark.django_db
def test_a_redirect_is_a_failure(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 302
    add_task(ann, project)
    work()
    assert [request.path for request in receiver.requests] == ["/hook"]
    assert log(ann, made)[0]["status_code"] == 302


@pytest.mark.django_db
def test_a_receiver_that_does_not_answer_costs_one_time_out(
    ann: Person, receiver: Receiver, project: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sender.TIMEOUT_SECONDS == 5
    monkeypatch.setattr(sender, "TIMEOUT_SECONDS", 0.2)
    over = threading.Event()
    receiver.answer = lambda request: 200 if over.wait(10) else 500
    made = hook(ann, receiver.url, project=project)
    add_task(ann, project)
    add_task(ann, project)
    begun = time.monotonic()
    work()
    assert time.monotonic() - begun < 3
    over.set()
    first, second = log(ann, made)
    assert (first["attempts"], first["status_code"], second["attempts"]) == (1, None, 0)


@pytest.mark.django_db
def test_a_webhook_switched_off_sends_nothing_until_it_is_on_again(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 500
    add_task(ann, project)
    work()
    ann.patch(f"/api/webhooks/{made['id']}/", {"is_active": False})
    receiver.answer = lambda request: 200
    add_task(ann, project)
    pass_time(minutes=1)
    work()
    assert len(receiver.requests) == 1
    ann.patch(f"/api/webhooks/{made['id']}/", {"is_active": True})
    work()
    assert len(receiver.requests) == 2, "what was waiting goes; what happened meanwhile was not for it"


@pytest.mark.django_db
def test_a_deleted_webhook_takes_its_log_and_what_was_waiting_along(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    receiver.answer = lambda request: 500
    add_task(ann, project)
    work()
    assert ann.delete(f"/api/webhooks/{made['id']}/").status_code == 204
    pass_time(minutes=1)
    work()
    assert len(receiver.requests) == 1
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_delivery_can_be_sent_once_more(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    add_task(ann, project)
    path = f"/api/webhooks/{made['id']}/deliveries"
    receiver.answer = lambda request: 500
    work()
    (former,) = log(ann, made)
    waiting = ann.post(f"{path}/{former['id']}/replay/")
    assert (waiting.status_code, waiting.json()["detail"]) == (409, "This delivery is still on its way.")
    receiver.answer = lambda request: 200
    pass_time(minutes=1)
    work()
    again = ann.post(f"{path}/{former['id']}/replay/")
    assert again.status_code == 201
    assert (again.json()["status"], again.json()["replay_of"], again.json()["event"]) == ("waiting", former["id"], former["event"])
    work()
    assert [row["status"] for row in log(ann, made)] == ["delivered", "delivered"]
    assert receiver.requests[-1].raw == receiver.requests[-2].raw
    assert receiver.requests[-1].headers["X-Labelspace-Delivery"] == str(former["id"]), "receivers know it as the same"
    ann.patch(f"/api/webhooks/{made['id']}/", {"is_active": False})
    assert ann.post(f"{path}/{former['id']}/replay/").status_code == 409
    assert ann.post(f"{path}/{former['id'] + 999}/replay/").status_code == 404
    assert ann.get(f"{path}/{former['id']}/replay/").status_code == 405


@pytest.mark.django_db
def test_the_log_is_paged_newest_first(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    for _ in range(5):
        add_task(ann, project)
    work()
    path = f"/api/webhooks/{made['id']}/deliveries/"
    first, last = ann.get(path, page_size=3).json(), ann.get(path, page_size=3, page=2).json()
    shown = [row["id"] for row in first["results"] + last["results"]]
    assert shown == sorted(shown, reverse=True)
    assert len(shown) == 5
    assert (first["next"], last["next"]) == (2, None)


@pytest.mark.django_db
def test_the_log_is_kept_for_thirty_days(ann: Person, receiver: Receiver, project: int) -> None:
    made = hook(ann, receiver.url, project=project)
    add_task(ann, project)
    add_task(ann, project)
    work()
    old, young = log(ann, made)
    Delivery.objects.filter(pk=old["id"]).update(finished_at=timezone.now() - KEEP_LOG - timedelta(minutes=1))
    assert forget_old_deliveries() is False
    assert [row["id"] for row in log(ann, made)] == [young["id"]]


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_everything_once_and_in_order(ann: Person, receiver: Receiver, project: int) -> None:
    hook(ann, receiver.url, project=project)
    for _ in range(12):
        add_task(ann, project)
    begin = threading.Barrier(4)

    def worker() -> None:
        try:
            begin.wait()
            for _ in range(20):
                if not sender.send_due():
                    time.sleep(0.02)
        finally:
            connection.close()

    from core.events.loops import loops

    (fan_out,) = [loop for loop in loops() if loop.name == "events"]
    fan_out.step()
    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [request.body["tasks"][0]["id"] for request in receiver.requests]
    assert told == sorted(set(told))
    assert len(told) == 12


@pytest.mark.django_db
def test_a_worker_that_died_while_sending_leaves_it_to_the_next(ann: Person, receiver: Receiver, project: int) -> None:
    hook(ann, receiver.url, project=project)
    add_task(ann, project)
    Webhook.objects.update(leased_until=timezone.now() + sender.LEASE)
    work()
    assert receiver.requests == []
    pass_time(seconds=sender.LEASE.total_seconds() + 1)
    work()
    assert len(receiver.requests) == 1


@pytest.mark.django_db
def test_each_organization_hears_only_of_itself(ann: Person, receiver: Receiver, project: int) -> None:
    eve = somebody("owner")
    hook(eve, receiver.url)
    add_task(ann, project)
    work()
    assert receiver.requests == []
