"""Where uploads are on the disk of a server that keeps them in its data directory."""

from __future__ import annotations

from pathlib import Path

from data_import.contents import local_copy
from data_import.models import FileUpload


def stored(address: str) -> Path:
    """The file that `/data/upload/…` shows."""
    return local_copy(FileUpload.objects.select_related("content").get(file=address.removeprefix("/data/")))


def linked(folder: Path) -> Path:
    """All uploads in a folder under the paths of their addresses, as Label Studio has them; returns it."""
    for upload in FileUpload.objects.select_related("content"):
        path = folder / upload.file.removeprefix("upload/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.hardlink_to(local_copy(upload))
    return folder
