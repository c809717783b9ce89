"""Reading a bundle: what it says is checked before anything is made of it, and its tasks come one by one."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.rawjson import JSONRefused, json_text, read_json
from core.requests import moment
from data_import.people import People
from durability.bundle import FILES, FORMAT, MANIFEST, MEDIA, PEOPLE, SET_UPS, TASKS
from tasks.operations.bulk import FormerState, NewAnnotation, NewDraft, NewPrediction, NewTask

LONGEST = 256 << 20  # bytes of a line: a task with all its answers
MOST_MANIFEST = 16 << 20
UPLOAD = re.compile(r"/data/upload/\d+/")
SHA256 = re.compile(r"[0-9a-f]{64}")

Row = dict[str, Any]


class Bundle:
    """An open bundle. Everything raises `Refused` (400) with a sentence for what is damaged or is no bundle."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
            raise _no_bundle()
        self.manifest: Row = read_json(archive.read(MANIFEST))
        self.project, self.counts = self.manifest["project"], self.manifest["counts"]
        if self.manifest["format"] != FORMAT:
            raise Refused(_("This bundle was made by a newer version of Labelspace: install that version."), 400)

    def people(self) -> Iterator[Row]:
        return self._lines(PEOPLE)

    def set_ups(self) -> Iterator[Row]:
        return self._lines(SET_UPS)

    def files(self, skip: int) -> Iterator[Row]:
        for row in islice(self._lines(FILES), skip, None):
            if not SHA256.fullmatch(row["sha256"]):
                raise _no_bundle()
            yield row

    def open_media(self, sha256: str) -> IO[bytes]:
        return self.archive.open(MEDIA + sha256)

    def tasks(self, skip: int) -> Iterator[Row]:
        return islice(self._lines(TASKS), skip, None)

    def check(self) -> None:
        """Look at every byte: what is broken or cut short is found before anything is made of it."""
        broken = self.archive.testzip()
        if broken is not None:
            raise Refused(_("The bundle is damaged: %(name)s in it cannot be read.") % {"name": broken}, 400)

    def _lines(self, name: str) -> Iterator[Row]:
        with self.archive.open(name) as member:
            lines = io.BufferedReader(member)  # type: ignore[type-var]
            while line := lines.readline(LONGEST):
                row = read_json(line)
                if not isinstance(row, dict):
                    raise _no_bundle()
                yield row


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Open a bundle. Raises `Refused` (400) for a file that is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield Bundle(archive)
    except (OSError, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, JSONRefused, KeyError, TypeError, ValueError) as error:
        raise _no_bundle(str(error)) from error


def _no_bundle(why: str = "") -> Refused:
    sentence = _("This is no bundle of a project, or it is damaged.")
    return Refused(f"{sentence} ({why})" if why else sentence, 400)


class Items:
    """Lines of tasks as what is written here: people, files and addresses are this server's."""

    def __init__(self, project_id: int, names: dict[int, Row], people: People) -> None:
        self.names, self.people = names, people
        self.address = f"/data/upload/{project_id}/"

    def task(self, row: Row, uploads: dict[int, int]) -> NewTask:
        """`uploads`: this server's number of each upload of the bundle."""
        predictions = [self._prediction(one) for one in row["predictions"]]
        annotations = [self._annotation(one) for one in row["annotations"]]
        drafts = [draft for one in row["drafts"] if (draft := self._draft(one)) is not None]
        return NewTask(
            self._text(row["data"]),
            meta=json_text(row["meta"]),
            file_upload_id=uploads.get(row["file_upload_id"]),
            allow_skip=bool(row["allow_skip"]),
            overlap=row["overlap"],
            inner_id=row["inner_id"],
            created_at=_time(row["created_at"]),
            updated_at=_time(row["updated_at"]),
            annotations=annotations,
            predictions=predictions,
            drafts=drafts,
        )

    def _annotation(self, row: Row) -> NewAnnotation:
        return NewAnnotation(
            _result(row["result"]),
            completed_by_id=self.person(row["completed_by_id"]),
            updated_by_id=self.person(row["updated_by_id"]),
            was_cancelled=bool(row["was_cancelled"]),
            ground_truth=bool(row["ground_truth"]),
            lead_time=row["lead_time"],
            unique_id=uuid.UUID(row["unique_id"]),
            import_id=row["import_id"],
            last_action=row["last_action"],
            bulk_created=bool(row["bulk_created"]),
            prediction=json_text(row["prediction"]),
            parent_prediction=row["parent_prediction_id"],
            parent_annotation=row["parent_annotation_id"],
            draft_created_at=_time(row["draft_created_at"]),
            created_at=_time(row["created_at"]),
            updated_at=_time(row["updated_at"]),
            named=row["id"],
            version=row["version"],
            former=[self._former(one) for one in row["former"]],
        )

    def _former(self, row: Row) -> FormerState:
        written, replaced = _time(row["written_at"]), _time(row["replaced_at"])
        if written is None or replaced is None:
            raise _no_bundle()
        return FormerState(
            version=row["version"],
            result=None if row["result"] is None else json_text(_result(row["result"])),
            was_cancelled=bool(row["was_cancelled"]),
            ground_truth=bool(row["ground_truth"]),
            lead_time=row["lead_time"],
            completed_by_id=self.person(row["completed_by_id"]),
            written_by_id=self.person(row["written_by_id"]),
            replaced_by_id=self.person(row["replaced_by_id"]),
            reason=row["reason"],
            provenance=json_text(row["provenance"]),
            written_at=written,
            replaced_at=replaced,
        )

    def _prediction(self, row: Row) -> NewPrediction:
        return NewPrediction(
            _result(row["result"]) or [],
            score=row["score"],
            model_version=row["model_version"],
            cluster=row["cluster"],
            neighbors=None if row["neighbors"] is None else json_text(row["neighbors"]),
            mislabeling=row["mislabeling"],
            import_id=row["id"],
            created_at=_time(row["created_at"]),
            updated_at=_time(row["updated_at"]),
        )

    def _draft(self, row: Row) -> NewDraft | None:
        user = self.person(row["user_id"])
        if user is None:
            return None
        return NewDraft(
            user,
            _result(row["result"]) or [],
            lead_time=row["lead_time"],
            was_postponed=bool(row["was_postponed"]),
            import_id=row["import_id"],
            annotation=row["annotation_id"],
            created_at=_time(row["created_at"]),
            updated_at=_time(row["updated_at"]),
        )

    def person(self, number: int | None) -> int | None:
        """None for nobody, and for an account that was deleted there."""
        known = self.names.get(number) if number is not None else None
        return None if known is None else self.people.find(known)

    def _text(self, value: Any) -> str:
        return UPLOAD.sub(self.address, json_text(value))


def _result(value: Any) -> list[Any] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _no_bundle()
    return value


def _time(value: Any) -> datetime | None:
    return moment(value, "time")
