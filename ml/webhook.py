"""What happens in a project is told to its models by webhooks: theirs, with their credentials, and with time to start a training."""

from __future__ import annotations

from django.conf import settings

from ml.models import MLBackend
from ml.wire import authorization
from webhooks.models import Delivery, Webhook
from webhooks.receivers import Receiver

START_TRAINING = "START_TRAINING"


def receiver_of(webhook: Webhook, delivery: Delivery) -> Receiver | None:
    backend = MLBackend.objects.filter(webhook_id=webhook.pk).first()
    if backend is None:
        return None
    return Receiver(authorization(backend), settings.ML_TIMEOUT_TRAIN if delivery.action == START_TRAINING else None)
