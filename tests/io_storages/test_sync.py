"""Large buckets: a synchronization that is killed goes on where it was, and the next one does what has changed and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.jobs.models import Job
from core.jobs.operations import take_back_lost_jobs
from core.jobs.run import run_for
from io_storages import sync
from io_storages.models import Storage, StorageLink
from io_storages.operations import start_sync
from tasks.models import Task
from tests.conftest import FULL
from tests.io_storages.conftest import Bucket, local_bucket
from tests.io_storages.test_contract import connect, synchronized
from tests.labelled import IMAGE_CONFIG, make_project
from tests.people import Person

KEYS = 100_000 if FULL else 1_200


class Killed(BaseException):
    """The process ends here, whatever it was doing."""


@pytest.fixture
def large(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Bucket:
    if FULL:
        bucket: Bucket = request.getfixturevalue("s3")
    else:
        settings.LOCAL_FILES_SERVING_ENABLED, settings.LOCAL_FILES_DOCUMENT_ROOT = True, tmp_path
        bucket = local_bucket(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: bucket.put(f"{number % 10}/{number:06}.png", b"x"), range(KEYS)))
    return bucket


def test_a_killed_synchronization_goes_on_and_the_next_does_what_changed(
    owner: Person, large: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(owner, IMAGE_CONFIG)
    storage = connect(owner, project, large, use_blob_urls=True, recursive_scan=True, on_gone="delete")
    row = Storage.objects.get(pk=storage["id"])
    job = start_sync(owner.actor, row)
    write = sync._Reader.write

    def write_until_killed(reader: Any, found: Any, progress: Any) -> None:
        write(reader, found, progress)
        if progress.created > KEYS // 2:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sync._Reader, "write", write_until_killed)
        with pytest.raises(Killed):
            run_for(job.pk, 3_600)
    half = Task.objects.filter(project=project).count()
    assert 0 < half < KEYS
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert take_back_lost_jobs() == 1
    run_for(job.pk, 3_600)
    row.refresh_from_db()
    assert (row.status, row.last_sync_count) == ("completed", KEYS)
    assert Task.objects.filter(project=project).count() == StorageLink.objects.values("key").distinct().count() == KEYS

    before = set(Task.objects.filter(project=project).values_list("pk", flat=True))
    for number in range(5):
        large.put(f"new/{number}.png", b"y")
        large.delete(f"{number}/{number:06}.png")
    found = synchronized(owner, storage)
    assert (found["last_sync_count"], found["meta"]["gone"], found["meta"]["tasks_existed"]) == (5, 5, KEYS - 5)
    after = set(Task.objects.filter(project=project).values_list("pk", flat=True))
    assert (len(after - before), len(before - after)) == (5, 5)
