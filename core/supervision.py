"""How patient a parent is with its children, on every system."""

from __future__ import annotations

GRACE = 9.0  # seconds from the signal to SIGKILL; the web server cuts its requests at 8
LONGEST_WAIT = 30.0  # seconds between two starts of a child that keeps dying
SETTLED = 60.0  # seconds after which a child counts as healthy again
QUICK_DEATHS = 6  # this many in a row end everything: somebody should look
