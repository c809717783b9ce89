"""The media of an uploaded archive as uploads of their own, so that tasks can show them. Their names keep the folders they had in the archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, cast

from core.actor import Actor
from core.events.record import record
from data_import.contents import Arrival, bring_in, local_copy
from data_import.models import FileUpload
from data_import.parts import Unpacked
from data_import.readers import Archive
from data_import.storage import Received, check_room, pieces_of, plain_name, receive

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

FILES = 200  # of one step
BYTES = 64 << 20


def unpack(actor: Actor, upload: FileUpload, step: Callable[[], AbstractContextManager[None]]) -> int:
    """Unpack what is not unpacked yet; returns how many media there are. Each `step()` is a transaction that commits some of them.

    Raises `Refused`: 400 for an archive that is not taken, 413 when the disk has no room for its media.
    """
    archive = Archive(local_copy(upload), upload.name)
    try:
        there = set(FileUpload.objects.filter(archive_id=upload.pk).values_list("name", flat=True))
        missing = [(number, name) for number, name in enumerate(archive.media) if name not in there]
        check_room(sum(archive.size(name) for _number, name in missing))
        for some in _portions(archive, missing):
            received: list[Received] = []
            try:
                members = [_arrived(archive, upload, number, name, received) for number, name in some]
                with step():
                    rows = [_row(upload, member) for member in members]
                    FileUpload.objects.bulk_create(rows)
                    record("file.uploaded", actor, project=upload.project_id, ids=[upload.pk], unpacked=len(rows))
            finally:
                for file in received:
                    file.forget()
        return len(archive.media)
    finally:
        archive.close()


def unpacked(upload: FileUpload) -> Unpacked:
    """Where the media of an archive are."""
    rows = FileUpload.objects.filter(archive_id=upload.pk).values_list("name", "file", "id").iterator(chunk_size=5_000)
    return Unpacked({name: (f"/data/{file}", pk) for name, file, pk in rows})


def _portions(archive: Archive, missing: Sequence[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    waiting = iter(missing)
    while some := list(islice(waiting, 1)):
        size = archive.size(some[0][1])
        while size < BYTES and len(some) < FILES and (more := next(waiting, None)):
            some.append(more)
            size += archive.size(more[1])
        yield some


def _arrived(archive: Archive, upload: FileUpload, number: int, name: str, received: list[Received]) -> tuple[int, str, Arrival]:
    """A member whose bytes are in the store."""
    with archive.open(name) as member:
        file = receive(pieces_of(cast("BinaryIO", member)), announced=archive.size(name))
    received.append(file)
    arrival = Arrival(upload.project.organization_id, file, name)
    bring_in(upload.project.organization_id, [arrival])
    return number, name, arrival


def _row(upload: FileUpload, member: tuple[int, str, Arrival]) -> FileUpload:
    """Its address follows from the archive's and its place in it."""
    number, name, arrival = member
    stem = upload.file.rsplit("/", 1)[1].partition("-")[0]
    return FileUpload(
        project_id=upload.project_id,
        user_id=upload.user_id,
        file=f"upload/{upload.project_id}/{stem}-{number:x}-{plain_name(name)}",
        name=name[-1_000:],
        size=arrival.received.size,
        sha256=arrival.received.sha256,
        content=arrival.settle(),
        archive_id=upload.pk,
        imported=True,
    )
