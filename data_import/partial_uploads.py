"""Files that arrive in pieces: begun, continued where they stopped, ended, given up.

`PartialUpload.offset` is the truth: that many bytes of `incoming/<key>.part` are on the disk for good. What a killed server wrote beyond it is
cut off when the next piece comes, and sent again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.http import UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.startup.lock import try_lock
from data_import.models import FileUpload, PartialUpload
from data_import.operations import check_extension, store_upload
from data_import.storage import KEEP_FREE, Received, no_room
from projects.models import Project

LIVES = timedelta(days=7)  # without a new piece
PIECE = 1 << 20
SWEPT = 500  # uploads of one sweep
CHECKSUMS: dict[str, Callable[[], hashlib._Hash]] = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "md5": hashlib.md5}


class ChecksumDiffers(Exception):
    """A piece is not what its sender has sent; nothing of it was kept."""


def begin(actor: Actor, project: Project, name: str, size: int, metadata: str) -> PartialUpload:
    """Make room for a file of `size` bytes. Raises `Refused`: 400 for a kind of file that is not taken, 413 when the disk has no room for it
    beside what the uploads under way will still bring."""
    check_extension(name)
    sweep()
    with transaction.atomic():
        open_ones = PartialUpload.objects.filter(upload_id=None, expires_at__gt=timezone.now())
        coming = open_ones.aggregate(bytes=Sum(F("size") - F("offset")))["bytes"] or 0
        if size + coming > shutil.disk_usage(_folder()).free - KEEP_FREE:
            raise no_room()
        partial = PartialUpload.objects.create(
            key=token_hex(16),
            project=project,
            user_id=actor.user_id,
            name=name[-1_000:],
            metadata=metadata,
            size=size,
            expires_at=timezone.now() + LIVES,
        )
    path_of(partial).touch()
    if size == 0:
        _complete(actor, partial)
    return partial


def find(actor: Actor, project: Project, key: str) -> PartialUpload:
    """The actor's own upload of this key. Raises 404, 410 when it has expired."""
    partial: PartialUpload | None = (
        PartialUpload.objects.visible_to(actor).filter(project=project, user_id=actor.user_id, key=key).select_related("project").first()
    )
    if partial is None:
        raise not_found()
    if partial.expires_at <= timezone.now():
        raise Refused(_("This upload was given up because nothing came for a week. Please send the file again."), 410)
    return partial


def add_piece(
    actor: Actor, partial: PartialUpload, offset: int, pieces: Iterator[bytes], checksum: tuple[str, bytes] | None = None
) -> PartialUpload:
    """Write what comes at `offset`; the last piece makes the upload (`upload_id`). A stream that breaks off leaves what came of it.

    checksum: (algorithm, digest) of the whole piece; then all of it is kept, or nothing.
    Raises `Refused`: 409 for another offset than the next, 423 while another request writes, 413 for more bytes than announced;
    `ChecksumDiffers`.
    """
    with _alone(partial):
        partial.refresh_from_db()
        if offset != partial.offset:
            raise Refused(_("The next byte of this upload is %(offset)s.") % {"offset": partial.offset}, 409)
        if partial.upload_id is not None:
            return partial
        written = _write(partial, pieces, checksum)
        PartialUpload.objects.filter(pk=partial.pk).update(offset=offset + written, expires_at=timezone.now() + LIVES)
        partial.refresh_from_db()
        if partial.offset == partial.size:
            _complete(actor, partial)
    return partial


def give_up(partial: PartialUpload) -> None:
    """Forget an upload and what came of it; a file that is whole stays."""
    PartialUpload.objects.filter(pk=partial.pk).delete()
    _forget_files(partial)


def sweep() -> bool:
    """Forget uploads for which nothing came for long; returns whether there may be more."""
    old = list(PartialUpload.objects.filter(expires_at__lte=timezone.now()).order_by("expires_at")[:SWEPT])
    for partial in old:
        give_up(partial)
    return len(old) == SWEPT


def _forget_files(partial: PartialUpload) -> None:
    path = path_of(partial)
    path.unlink(missing_ok=True)
    path.with_suffix(".lock").unlink(missing_ok=True)


def path_of(partial: PartialUpload) -> Path:
    return _folder() / f"{partial.key}.part"


def _folder() -> Path:
    """Beside `incoming/`, whose own sweep would not know what is still coming."""
    folder: Path = settings.DATA_DIR / "partial"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(partial: PartialUpload, pieces: Iterator[bytes], checksum: tuple[str, bytes] | None) -> int:
    """How many bytes are on the disk for good."""
    digest = CHECKSUMS[checksum[0]]() if checksum else None
    room, written = partial.size - partial.offset, 0
    path = path_of(partial)
    if not path.exists() or path.stat().st_size < partial.offset:
        raise Refused(_("This upload is gone from the server. Please send the file again."), 410)
    with path.open("r+b") as file:
        file.truncate(partial.offset)
        file.seek(partial.offset)
        try:
            for piece in pieces:
                if written + len(piece) > room:
                    raise Refused(_("The upload is longer than it was announced."), 413)
                file.write(piece)
                written += len(piece)
                if digest is not None:
                    digest.update(piece)
        except UnreadablePostError:
            if digest is not None:
                raise ChecksumDiffers from None  # half a piece cannot be checked
        if checksum is not None and digest is not None and digest.digest() != checksum[1]:
            raise ChecksumDiffers
        file.flush()
        os.fsync(file.fileno())
    return written


def _complete(actor: Actor, partial: PartialUpload) -> None:
    path = path_of(partial)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    upload: FileUpload = store_upload(actor, partial.project, Received(path, partial.size, digest.hexdigest()), partial.name)
    partial.upload_id = upload.pk
    PartialUpload.objects.filter(pk=partial.pk).update(upload_id=upload.pk)
    _forget_files(partial)


@contextmanager
def _alone(partial: PartialUpload) -> Iterator[None]:
    """One writer at a time, over all processes: the lock dies with its holder. Raises `Refused` (423) while there is another."""
    try:
        file = path_of(partial).with_suffix(".lock").open("a+b")
    except OSError:
        raise no_room() from None
    with file:
        if not try_lock(file):
            raise Refused(_("Another request is sending this upload."), 423)
        yield


def checksum_of(header: str) -> tuple[str, bytes] | None:
    """`Upload-Checksum: sha1 <base64>`; None without one. Raises `Refused` (400) for an algorithm that is not known."""
    if not header:
        return None
    import base64
    import binascii

    name, _space, digest = header.partition(" ")
    try:
        if name not in CHECKSUMS:
            raise ValueError
        return name, base64.b64decode(digest, validate=True)
    except (ValueError, binascii.Error):
        raise invalid(non_field_errors=f"Upload-Checksum is one of {', '.join(CHECKSUMS)} and its base64.") from None
