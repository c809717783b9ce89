"""What the worker does with snapshots nobody needs any more: those whose time has come, and files that no snapshot names."""

from __future__ import annotations

import time
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from data_export.models import ConvertedFormat, Export
from data_export.operations import discard, expire_snapshots

FOLDER = "export"
SWEEP_SECONDS = 3600.0
YOUNG = timedelta(hours=1)  # a file is stored before its snapshot names it

_swept = -SWEEP_SECONDS


def tidy() -> bool:
    """One step of the worker's loop; true when there may be more to do at once."""
    global _swept
    if expire_snapshots():
        return True
    if time.monotonic() - _swept >= SWEEP_SECONDS:
        _swept = time.monotonic()
        sweep()
    return False


def sweep() -> int:
    """Delete files that no snapshot names: of deleted projects, of writers that were killed, of deletions that failed. Returns how many."""
    try:
        projects = default_storage.listdir(FOLDER)[0]
    except FileNotFoundError:
        return 0
    before = timezone.now() - YOUNG
    count = 0
    for project in projects:
        names = [f"{FOLDER}/{project}/{name}" for name in default_storage.listdir(f"{FOLDER}/{project}")[1]]
        known = {*Export.objects.filter(file__in=names).values_list("file", flat=True)}
        known |= {*ConvertedFormat.objects.filter(file__in=names).values_list("file", flat=True)}
        lost = [name for name in names if name not in known and default_storage.get_modified_time(name) < before]
        discard(lost)
        count += len(lost)
    return count
