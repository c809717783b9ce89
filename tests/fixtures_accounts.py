"""Time for tests of accounts: `later(minutes=5)` moves the clock, for the rest of the test."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.authentication import credentials_changed


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    real = timezone.now
    gone = timedelta()

    def now() -> datetime:
        return real() + gone

    def move(**by: Any) -> None:
        nonlocal gone
        gone += timedelta(**by)
        credentials_changed()  # what was cached a moment ago was so by the old clock

    monkeypatch.setattr(timezone, "now", now)
    return move
