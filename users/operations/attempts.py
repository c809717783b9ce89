"""The limit on guessing passwords: counted per (account, address) and per account, in the database, so that a restart forgives nothing.

Each failure above the free ones doubles the time to wait. Accounts that do not exist are counted like those that do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import ngettext

from core.database import column_time
from core.errors import Refused
from core.secrets import digest
from users.models import SignInAttempts

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Limit:
    """`free` failures cost nothing, the next ones `first`, then twice as many seconds each time, at most `longest`."""

    free: int
    longest: int
    first: int = 1

    def seconds(self, failures: int) -> int:
        over = failures - self.free
        return 0 if over <= 0 else min(self.longest, self.first * 2 ** min(over - 1, 30))


HERE = Limit(free=5, longest=15 * 60)
# Many addresses at once: more patience, so that a stranger cannot lock a person out for long.
ANYWHERE = Limit(free=50, longest=5 * 60)
# Mails to one address.
MAILS = Limit(free=3, longest=60 * 60, first=60)


def begin_attempt(email: str, address: str) -> None:
    """Count an attempt as failed until `forget` says otherwise, so that guesses sent at once all count. Raises 429 while it is too soon."""
    _begin({_here(email, address): HERE, _anywhere(email): ANYWHERE})


def begin_mail(email: str) -> None:
    """Count a mail to an address. Raises 429 when it gets too many."""
    _begin({digest(f"mail\0{email}"): MAILS})


def _begin(limits: dict[str, Limit]) -> None:
    now = timezone.now()
    wait = 0.0
    for row in SignInAttempts.objects.filter(key__in=limits, last_failed_at__gt=now - FORGOTTEN_AFTER):
        seconds = limits[row.key].seconds(row.failures)
        if seconds:
            wait = max(wait, (row.last_failed_at + timedelta(seconds=seconds) - now).total_seconds())
    if wait > 0:
        raise too_many(wait)
    for key in limits:
        _count(key)


def forget(email: str, address: str) -> None:
    """The password was right. Only this attempt is taken off the account's count: others may be guessing meanwhile."""
    SignInAttempts.objects.filter(key=_here(email, address)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE users_signinattempts SET failures = failures - 1 WHERE key = %s AND failures > 0",
            [_anywhere(email)],
        )


def forget_account(email: str) -> None:
    """The account has a new password: earlier guesses say nothing about it."""
    SignInAttempts.objects.filter(key=_anywhere(email)).delete()


def too_many(seconds: float) -> Refused:
    wait = max(1, math.ceil(seconds))
    minutes = math.ceil(wait / 60)
    text = (
        ngettext("Too many attempts. Please wait %(count)s second.", "Too many attempts. Please wait %(count)s seconds.", wait)
        % {"count": wait}
        if wait < 60
        else ngettext("Too many attempts. Please wait %(count)s minute.", "Too many attempts. Please wait %(count)s minutes.", minutes)
        % {"count": minutes}
    )
    return Refused(text, 429, headers={"Retry-After": str(wait)})


def _count(key: str) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO users_signinattempts (key, failures, last_failed_at) VALUES (%s, 1, %s) ON CONFLICT (key) DO UPDATE SET "
            "failures = CASE WHEN users_signinattempts.last_failed_at > %s THEN users_signinattempts.failures + 1 ELSE 1 END, "
            "last_failed_at = excluded.last_failed_at",
            [key, column_time(now), column_time(now - FORGOTTEN_AFTER)],
        )


def _here(email: str, address: str) -> str:
    return digest(f"sign-in\0{email}\0{address}")


def _anywhere(email: str) -> str:
    return digest(f"sign-in\0{email}")
