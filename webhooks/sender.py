"""Sending what is waiting: in order for each object, signed, again after failures for a day.

One thread at a time sends for a webhook: it takes a lease on the webhook's row, so that several threads and several workers never send the
same thing twice (after a crash they may: at least once). A receiver that is slow or dead holds up nobody but itself: it is left alone for a
while after each failure, and its own deliveries wait.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused
from core.events.models import Event
from core.jobs.run import stopping
from core.outbound import fetch
from core.secrets import SecretUnreadable
from webhooks.headers import request_headers
from webhooks.models import Delivery, Webhook
from webhooks.payloads import Piece, piece_of
from webhooks.receivers import receiver_of
from webhooks.signing import HEADER, signature

logger = logging.getLogger("labelspace.webhooks")

THREADS = 4
TIMEOUT_SECONDS = 5.0
ROUND_SECONDS = 20.0
LEASE = timedelta(seconds=90)
KEEP_TRYING = timedelta(hours=24)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=30)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
NOTHING_SENT_PAUSE = timedelta(seconds=5)
WINDOW = 1_000
# Answers that say that the receiver, not this request, is in trouble.
TROUBLE = frozenset({408, 429, *range(500, 600)})


def send_due() -> bool:
    """Send for one webhook that has something due, for at most about `ROUND_SECONDS`; returns whether there was one."""
    webhook_id = _claim()
    if webhook_id is None:
        return False
    try:
        _send_for(webhook_id)
    finally:
        Webhook.objects.filter(pk=webhook_id).update(leased_until=timezone.now())
    return True


def _claim() -> int | None:
    now = timezone.now()
    due = Delivery.objects.filter(webhook=OuterRef("pk"), status=Delivery.Status.WAITING, next_attempt_at__lte=now)
    free = Webhook.objects.of_present_projects().filter(is_active=True, leased_until__lte=now, paused_until__lte=now).filter(Exists(due))
    for pk in list(free.order_by("leased_until").values_list("pk", flat=True)[:THREADS]):
        if Webhook.objects.filter(pk=pk, leased_until__lte=now).update(leased_until=now + LEASE):
            return int(pk)
    return None


def _send_for(webhook_id: int) -> None:
    end = time.monotonic() + ROUND_SECONDS
    sent = False
    queue = Queue()
    for delivery_id in queue.due(webhook_id):
        if stopping.is_set() or time.monotonic() > end:
            return
        sent = True
        outcome = _deliver(delivery_id)
        if outcome == "trouble":
            return
        if outcome == "waits":
            queue.hold(delivery_id)
    if not sent:
        # All that is due stands behind something that failed: look again in a while.
        Webhook.objects.filter(pk=webhook_id).update(paused_until=timezone.now() + NOTHING_SENT_PAUSE)


class Queue:
    """The waiting deliveries of a webhook, oldest first, without those that must wait for an older one.

    Deliveries about the same task keep their order. A delivery about the project as a whole comes after everything older of the project, and
    before everything younger.
    """

    def __init__(self) -> None:
        self._objects: dict[int, tuple[int | None, int | None]] = {}
        self._held_tasks: set[tuple[int | None, int]] = set()
        self._held_projects: set[int | None] = set()  # with anything held
        self._closed_projects: set[int | None] = set()  # with the project as a whole held

    def due(self, webhook_id: int) -> Iterator[int]:
        """Ids to send, one after the other; call `hold` for one that did not go through before asking for the next."""
        now = timezone.now()
        waiting = Delivery.objects.filter(webhook=webhook_id, status=Delivery.Status.WAITING).order_by("pk")
        for pk, project, task, at in list(waiting.values_list("pk", "project_id", "task_id", "next_attempt_at")[:WINDOW]):
            self._objects[pk] = (project, task)
            if (at is not None and at > now) or self._behind(project, task):
                self.hold(pk)
            else:
                yield pk

    def _behind(self, project: int | None, task: int | None) -> bool:
        if task is None:
            return project in self._held_projects
        return project in self._closed_projects or (project, task) in self._held_tasks

    def hold(self, delivery_id: int) -> None:
        project, task = self._objects[delivery_id]
        self._held_projects.add(project)
        if task is None:
            self._closed_projects.add(project)
        else:
            self._held_tasks.add((project, task))


def _deliver(delivery_id: int) -> str:
    """Make the requests of one delivery; returns `done`, `waits` (to be tried again) or `trouble` (the receiver is to be left alone)."""
    while True:
        delivery = Delivery.objects.select_related("webhook").filter(pk=delivery_id, status=Delivery.Status.WAITING).first()
        if delivery is None or not delivery.webhook.is_active:
            return "done"  # deleted or switched off meanwhile
        begun = time.monotonic()
        status, error, piece = _request(delivery)
        duration = round(time.monotonic() - begun, 4)
        if piece is None or error:
            return _failed(delivery, status, error, duration)
        if delivery.webhook.consecutive_failures:
            Webhook.objects.filter(pk=delivery.webhook_id).update(consecutive_failures=0)
        changes: dict[str, Any] = {"status_code": status, "error": "", "duration": duration}
        if piece.next is None:
            delivered = {"status": Delivery.Status.DELIVERED, "finished_at": timezone.now(), "next_attempt_at": None}
            _note(delivery, attempts=delivery.attempts + 1, **changes, **delivered)
            return "done"
        _note(delivery, attempts=0, sent=piece.next, **changes)
        if stopping.is_set():
            return "waits"


def _request(delivery: Delivery) -> tuple[int | None, str, Piece | None]:
    """(the answer's status, what went wrong, what was sent). The answer's body is not read: nobody shall learn of inner services by it."""
    event = Event.objects.filter(pk=delivery.event_id).first()
    if event is None:
        return None, _("The event is not in the log any more."), None
    piece = piece_of(delivery.action, event, delivery.sent, payload=delivery.webhook.send_payload)
    try:
        receiver = receiver_of(delivery)
        timeout = receiver.timeout or TIMEOUT_SECONDS
        headers = request_headers(
            request_headers(receiver.headers, delivery.webhook.readable_headers()),
            {
                "Content-Type": "application/json",
                "X-Labelspace-Delivery": str(delivery.replay_of_id or delivery.pk),
                "X-Labelspace-Event": str(delivery.event_id),
                HEADER: signature(delivery.webhook.signing_secret(), piece.body),
            },
        )
    except SecretUnreadable:
        return None, _("The webhook's headers or its secret were stored under another SECRET_KEY: give them again."), piece
    try:
        with fetch(delivery.webhook.url, method="POST", headers=headers, body=piece.body, timeout=timeout, within=2 * timeout) as answer:
            if 200 <= answer.status < 300:
                return answer.status, "", piece
            return answer.status, _("The receiver answered %(status)s.") % {"status": answer.status}, piece
    except Refused as error:
        return None, str(error), piece


def _failed(delivery: Delivery, status: int | None, error: str, duration: float) -> str:
    attempts, now = delivery.attempts + 1, timezone.now()
    changes: dict[str, Any] = {"attempts": attempts, "status_code": status, "error": error, "duration": duration}
    given_up = now - delivery.created_at >= KEEP_TRYING
    if given_up:
        changes |= {"status": Delivery.Status.FAILED, "finished_at": now, "next_attempt_at": None}
    else:
        changes["next_attempt_at"] = now + retry_after(attempts)
    _note(delivery, **changes)
    if status is None or status in TROUBLE:
        failures = delivery.webhook.consecutive_failures + 1
        paused_until: datetime = now + pause_after(failures)
        Webhook.objects.filter(pk=delivery.webhook_id).update(consecutive_failures=failures, paused_until=paused_until)
        return "trouble"
    return "done" if given_up else "waits"


def _note(delivery: Delivery, **changes: Any) -> None:
    # What was known in the condition: a thread whose lease ran out changes nothing when it returns.
    known = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, sent=delivery.sent, status=Delivery.Status.WAITING)
    if not known.update(**changes):
        logger.warning("delivery %s was deleted, or sent by somebody else, meanwhile", delivery.pk)


def retry_after(attempts: int) -> timedelta:
    """How long a delivery waits after so many attempts: 10 s, twice as long each time, at most half an hour."""
    return min(FIRST_RETRY * 2 ** min(attempts - 1, 20), LONGEST_RETRY)


def pause_after(failures: int) -> timedelta:
    """How long a receiver is left alone after so many failures in a row: 5 s, twice as long each time, at most 5 minutes."""
    return min(FIRST_PAUSE * 2 ** min(failures - 1, 20), LONGEST_PAUSE)
