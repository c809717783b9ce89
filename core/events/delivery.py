"""Handing events to their consumers: in order of id, at least once, each consumer at its own pace.

A consumer's place is one row (`EventCursor`). It moves in the transaction in which the consumer does its work, so that nothing is lost or done
twice when the worker dies. Several workers may run: who finds the row locked leaves the consumer to the other (SKIP LOCKED; on SQLite there is
one writer anyway, and the place is read again once the write lock is held).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.events.consumers import Consumer
from core.events.models import Event, EventCursor

logger = logging.getLogger("labelspace.events")

BATCH = 500
# Events of other kinds are passed over without writing the place down each time.
UNWRITTEN = 1_000
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=5)


def deliver_next(consumer: Consumer) -> bool:
    """Hand the consumer its next events, at most `BATCH`; returns whether there may be more at once.

    When the consumer fails, its place stays and it is asked again after 1, 2, 4 … seconds (at most 5 minutes), with one event at a time until
    the one that it cannot take has gone through.
    """
    cursor, _made = EventCursor.objects.get_or_create(name=consumer.name)
    if cursor.retry_at is not None and cursor.retry_at > timezone.now():
        return False
    horizon = consumer.horizon.reach()
    if horizon <= cursor.position:
        return False
    if horizon - cursor.position < UNWRITTEN and not _events(consumer, cursor.position, horizon).exists():
        return False
    with transaction.atomic():
        locked = EventCursor.objects.select_for_update(skip_locked=True).filter(pk=consumer.name).first()
        if locked is None or locked.position >= horizon:
            return False
        return _deliver(consumer, locked, horizon)


def _deliver(consumer: Consumer, cursor: EventCursor, horizon: int) -> bool:
    most = 1 if cursor.failures else BATCH
    events = list(_events(consumer, cursor.position, horizon)[:most])
    try:
        with transaction.atomic():
            if events:
                consumer.deliver(events)
    except OperationalError:
        raise  # the database's trouble, not the consumer's: nothing can be written down now
    except Exception as error:
        cursor.failures += 1
        cursor.error = f"{type(error).__name__}: {error}"[:2_000]
        cursor.retry_at = timezone.now() + waiting_after(cursor.failures)
        cursor.save(update_fields=["failures", "error", "retry_at"])
        logger.exception("event consumer %s failed at event %s (%s times so far)", consumer.name, events[0].pk, cursor.failures)
        return False
    more = len(events) == most
    cursor.position = events[-1].pk if more else horizon
    cursor.failures, cursor.error, cursor.retry_at = 0, "", None
    cursor.save(update_fields=["position", "failures", "error", "retry_at"])
    return more


def _events(consumer: Consumer, after: int, upto: int) -> QuerySet[Event]:
    return Event.objects.filter(pk__gt=after, pk__lte=upto, kind__in=sorted(consumer.kinds)).order_by("pk")


def waiting_after(failures: int) -> timedelta:
    """How long a consumer rests after so many failures in a row."""
    return min(FIRST_WAIT * 2 ** min(failures - 1, 20), LONGEST_WAIT)
