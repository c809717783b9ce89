"""The files of a deleted project: they go before the rows that name them."""

from __future__ import annotations

import contextlib

from django.core.files.storage import default_storage

from core.jobs.run import JobRun
from data_import.models import FileUpload

FILES_PER_STEP = 500


def delete_files(run: JobRun, project_id: int) -> None:
    """Delete what people uploaded to the project, from wherever uploads are stored. A file that is gone already is passed over."""
    after = 0
    while True:
        with run.step():
            found = list(
                FileUpload.objects.filter(project_id=project_id, pk__gt=after).order_by("pk").values_list("pk", "file")[:FILES_PER_STEP]
            )
        for _pk, name in found:
            default_storage.delete(name)
        if len(found) < FILES_PER_STEP:
            break
        after = found[-1][0]
    with contextlib.suppress(OSError):  # a folder that somebody put something else into stays
        default_storage.delete(f"upload/{project_id}")
