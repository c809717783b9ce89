"""The bytes of uploads in the store of media: written once for each organization, read from wherever the store is, deleted when nothing needs them.

What is on its way in stands in `DiscardedContent` until an upload points to it: a writer that is killed leaves nothing behind.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refused, not_found
from core.media import FOLDER
from core.media.cache import CachedFile
from data_import.file_types import extension_of
from data_import.models import Content, DiscardedContent, FileUpload, MediaUse
from data_import.screening import screened
from data_import.storage import Received, check_room, incoming, pieces_of

logger = logging.getLogger("labelspace.media")

ARRIVES = timedelta(days=1)  # within which bytes on their way in are pointed to
SWEPT = 100  # paths of one step
LOOKED_AT = 20_000  # contents that a step looks at for one that nothing points to
YOUNG = timedelta(hours=1)


class Arrival:
    """A screened file on its way into the store (`received` says what it is after that). After `bring_in`, `settle` is a part of the transaction that
    makes the upload. Raises `Refused`: 400 for a virus, 503 when the scanner does not answer."""

    def __init__(self, organization_id: int, received: Received, name: str) -> None:
        self.organization_id, self.received, self.name = organization_id, screened(received, name), name
        self.path = ""

    def note(self) -> int:
        """Say where the bytes will be, if they are not in the store already; returns how many come."""
        if self._known() is not None:
            return 0
        self.path = path_for(self.received.sha256, self.name)
        DiscardedContent.objects.create(path=self.path, due_at=timezone.now() + ARRIVES)
        return self.received.size

    def store(self) -> None:
        if not self.path:
            return
        if connection.in_atomic_block:
            _note(self.path)
        store(self.path, self.received.path)

    def settle(self) -> Content:
        """The row of the content. Raises `Refused` (413) when the organization's uploads would take more room than they may."""
        found = self._known()
        if found is None:
            if not self.path:  # it was there a moment ago, and is being deleted
                check_quota(self.organization_id, self.note())
                self.store()
            found = self._new()
        return found

    def _known(self) -> Content | None:
        return Content.objects.filter(organization_id=self.organization_id, sha256=self.received.sha256).first()

    def _new(self) -> Content:
        try:
            with transaction.atomic():
                content = Content.objects.create(
                    organization_id=self.organization_id, sha256=self.received.sha256, size=self.received.size, path=self.path
                )
        except IntegrityError:  # somebody has sent the same at the same moment; our copy is swept away
            found = self._known()
            if found is None:
                raise
            return found
        count_bytes(self.organization_id, self.received.size)
        DiscardedContent.objects.filter(path=self.path).delete()
        return content


def bring_in(organization_id: int, arrivals: Sequence[Arrival]) -> None:
    """Put an organization's files into the store, noted in one transaction first. Raises `Refused` (413) when they are more than the organization may have."""
    with transaction.atomic():
        check_quota(organization_id, sum(arrival.note() for arrival in arrivals))
    for arrival in arrivals:
        arrival.store()


def path_for(sha256: str, name: str) -> str:
    extension = extension_of(name)
    return f"content/{sha256[:2]}/{sha256}-{secrets.token_hex(4)}{f'.{extension[:16]}' if extension.isalnum() else ''}"


def store(path: str, source: Path) -> None:
    """Put a file into the store. On the same disk it is linked, so that its receiver may still read it."""
    if is_local():
        target = settings.MEDIA_ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            target.hardlink_to(source)
        except OSError:  # a file system without links
            draft = target.with_name(f".{target.name}")
            shutil.copyfile(source, draft)
            draft.replace(target)
        return
    with source.open("rb") as file:
        default_storage.save(path, File(file, name=path))


def is_local() -> bool:
    """Whether the store is a folder of this machine."""
    return bool(settings.STORAGES["default"]["BACKEND"] == FOLDER)


def open_upload(upload: FileUpload) -> BinaryIO:
    """The upload's bytes, to read and seek. Raises `Refused` (404) when the store has lost them."""
    return open_content(upload.content.path, upload.size)


def open_content(path: str, size: int) -> BinaryIO:
    if is_local():
        try:
            return (settings.MEDIA_ROOT / path).open("rb")
        except OSError:
            raise not_found() from None
    pieces = cast(Any, default_storage).pieces
    return cast(BinaryIO, CachedFile(f"store|{path}", size, lambda first, last: pieces(path, first, last)))


def local_copy(upload: FileUpload) -> Path:
    """The upload as a file of this machine, for readers that read twice or from the end. A copy lives as long as it is used (incoming/)."""
    if is_local():
        return Path(settings.MEDIA_ROOT / upload.content.path)
    path = incoming() / f"{upload.content_id}-{upload.sha256[:16]}.copy"
    if path.exists():
        path.touch()
        return path
    check_room(upload.size)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        with open_upload(upload) as source, draft.open("wb") as file:
            for piece in pieces_of(source):
                file.write(piece)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def check_quota(organization_id: int, size: int) -> None:
    """Raises `Refused` (413) when the organization's uploads would take more room than they may."""
    most = settings.UPLOAD_QUOTA_BYTES
    if most and bytes_of(organization_id) + size > most:
        raise Refused(
            _("Your organization's uploads may take %(most)s MB in all (UPLOAD_QUOTA_MB). Delete files that are not needed any more.")
            % {"most": most >> 20},
            413,
        )


def bytes_of(organization_id: int) -> int:
    return MediaUse.objects.filter(pk=organization_id).values_list("bytes", flat=True).first() or 0


def count_bytes(organization_id: int, size: int) -> None:
    """A part of the caller's transaction."""
    if not MediaUse.objects.filter(pk=organization_id).update(bytes=F("bytes") + size):
        MediaUse.objects.bulk_create([MediaUse(organization_id=organization_id)], ignore_conflicts=True)
        MediaUse.objects.filter(pk=organization_id).update(bytes=F("bytes") + size)


def release(ids: Sequence[int]) -> None:
    """Give up those of these contents that no upload points to any more, each in a transaction of its own."""
    for start in range(0, len(ids), 500):
        unused = Content.objects.filter(pk__in=ids[start : start + 500]).exclude(Exists(FileUpload.objects.filter(content=OuterRef("pk"))))
        for content in unused:
            try:
                with transaction.atomic():
                    Content.objects.filter(pk=content.pk).delete()
                    DiscardedContent.objects.create(path=content.path, due_at=timezone.now())
                    count_bytes(content.organization_id, -content.size)
            except IntegrityError:
                continue  # the same file was sent again at this moment


def release_all(organization_id: int) -> None:
    """Give up what an organization has left when its projects are gone."""
    release(list(Content.objects.filter(organization_id=organization_id).values_list("pk", flat=True)))


def discard_unused(path: str) -> None:
    """Delete what a transaction that was taken back had put into the store."""
    if not Content.objects.filter(path=path).exists():
        default_storage.delete(path)


def _notes() -> Path:
    """What is stored within larger transactions: the row that says so goes when one is taken back, a note on the disk does not."""
    folder: Path = settings.DATA_DIR / "unsettled"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _note(path: str) -> None:
    note = _notes() / secrets.token_hex(8)
    note.write_text(path)
    transaction.on_commit(partial(note.unlink, missing_ok=True))


def _sweep_notes() -> None:
    oldest = time.time() - ARRIVES.total_seconds()
    for note in _notes().iterdir():
        if note.stat().st_mtime < oldest:
            discard_unused(note.read_text())
            note.unlink(missing_ok=True)


_looked_at = 0


def sweep() -> bool:
    """A loop of the worker: delete what is due, and find contents that nothing points to (of deleted projects). Returns whether there may be more."""
    global _looked_at
    _sweep_notes()
    due = list(DiscardedContent.objects.filter(due_at__lte=timezone.now()).order_by("due_at")[:SWEPT])
    for discarded in due:
        discard_unused(discarded.path)
        discarded.delete()
    ids = list(Content.objects.filter(pk__gt=_looked_at).order_by("pk").values_list("pk", flat=True)[:LOOKED_AT])
    _looked_at = ids[-1] if ids else 0
    if ids:
        old = Content.objects.filter(pk__gte=ids[0], pk__lte=ids[-1], created_at__lt=timezone.now() - YOUNG)
        lost = list(old.exclude(Exists(FileUpload.objects.filter(content=OuterRef("pk")))).values_list("pk", flat=True)[:SWEPT])
        release(lost)
    return len(due) == SWEPT or len(ids) == LOOKED_AT
