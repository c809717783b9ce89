"""Who listens to events. A room adds its consumers in `AppConfig.ready()`: one `register_consumer(name, kinds, deliver)` each.

The background worker hands every consumer the events of its kinds, oldest first, at least once (core/events/delivery.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from core.events.horizon import Horizon
from core.events.models import Event


@dataclass(frozen=True)
class Consumer:
    """`deliver` runs inside the transaction that moves the consumer's cursor: it writes rows, and what it wrote is there exactly once.

    It must not go over the network there: on SQLite it would keep everybody from writing. It writes down what is to be sent, and a loop of
    its own (core/events/loops.py) or a job sends it. An exception leaves the cursor where it was; the same events come again later.
    """

    name: str
    kinds: frozenset[str]
    deliver: Callable[[Sequence[Event]], None]
    horizon: Horizon = field(default_factory=Horizon, compare=False, repr=False)


_consumers: dict[str, Consumer] = {}


def register_consumer(name: str, kinds: Iterable[str], deliver: Callable[[Sequence[Event]], None]) -> Consumer:
    """`name` is kept in the database with the consumer's cursor: it must stay the same. A new consumer begins with the oldest event."""
    consumer = Consumer(name, frozenset(kinds), deliver)
    _consumers[name] = consumer
    return consumer


def consumers() -> list[Consumer]:
    return list(_consumers.values())
