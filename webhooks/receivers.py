"""Webhooks that belong to something else: a connected model's server, for one, wants its own credentials and more time to start a training.

A room above registers who knows such webhooks; what they add is never stored with the webhook, so the webhook's page cannot show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from webhooks.models import Delivery, Webhook


@dataclass(frozen=True)
class Receiver:
    """`headers` go with each request, and replace the webhook's own of the same name; `timeout` is seconds, None for the usual."""

    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: float | None = None


# Takes the webhook and what is to be sent; returns None for a webhook it does not know. May raise `SecretUnreadable`.
Known = Callable[[Webhook, Delivery], Receiver | None]
_known: list[Known] = []


def register_receiver(known: Known) -> None:
    if known not in _known:
        _known.append(known)


def receiver_of(delivery: Delivery) -> Receiver:
    return next((found for known in _known if (found := known(delivery.webhook, delivery)) is not None), Receiver())
