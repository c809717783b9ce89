"""From events to deliveries: which webhooks want to hear of what happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils import timezone

from core.events.models import Event
from core.rawjson import read_json
from webhooks.actions import ACTIONS, action_of
from webhooks.models import Delivery, Webhook


def note_deliveries(events: Sequence[Event]) -> None:
    """Write down a delivery for each event and each webhook that wants it. (Runs in the transaction of the event cursor: once for each.)"""
    organizations = {event.organization_id for event in events if event.organization_id is not None}
    active = Webhook.objects.filter(is_active=True, organization_id__in=organizations).of_present_projects()
    webhooks = [_Wants(row) for row in active.order_by("pk")]
    if webhooks:
        Delivery.objects.bulk_create([delivery for event in events for delivery in _deliveries(event, webhooks)], batch_size=1_000)


class _Wants:
    def __init__(self, row: Webhook) -> None:
        self.row = row
        self.actions = frozenset(ACTIONS if row.send_for_all_actions else read_json(row.actions))

    def __call__(self, event: Event, action: str, only: int | None) -> bool:
        if only is not None:
            return self.row.pk == only
        here = self.row.project_id is None or (self.row.project_id == event.project_id and not ACTIONS[action].organization_only)
        return here and action in self.actions and self.row.organization_id == event.organization_id and event.pk > self.row.last_event


def _deliveries(event: Event, webhooks: Sequence[_Wants]) -> Iterator[Delivery]:
    meta = read_json(event.meta)
    action = action_of(event.kind, 2 if meta.get("range") else len(read_json(event.ids)))
    now = timezone.now()
    for wants in webhooks:
        if wants(event, action, meta.get("webhook")):
            yield Delivery(
                webhook=wants.row,
                event_id=event.pk,
                action=action,
                project_id=event.project_id,
                task_id=meta.get("task"),
                next_attempt_at=now,
                created_at=now,
            )
