"""The queue on the Hub: a private dataset with one file per run. A change names the commit that was read, so of two only one is taken."""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.rawjson import dump_json, read_json
from hub_datasets.hub import Hub, told

FOLDER, RESULTS, TABLE = "queue", "results", "tasks.csv"
TRIES = 8
STALE = 412
PENDING, DONE = "PENDING", "DONE"


@dataclass(frozen=True)
class Line:
    """A row of the table that a simpler scheduler keeps: model, data set, PENDING or DONE."""

    key: str
    model: str
    dataset: str
    state: str


class Queue:
    def __init__(self, repo: str) -> None:
        self.repo = repo
        self.hub = Hub(settings.ENVIRONMENT.hf_token)

    @property
    def api(self) -> Any:
        return self.hub.api

    def make(self) -> None:
        """Raises Refused."""
        with told(self.repo):
            self.api.create_repo(self.repo, repo_type="dataset", private=True, exist_ok=True)

    def claim(self, wanted: Mapping[str, Any], seen: int, files: Mapping[str, str | bytes] | None = None, done: str = "") -> bool:
        """Write a run's file, with other files in the same commit, if its version is still the one that was seen (0: there is none).

        `done` is the key of a line of the table that is done with it. False when somebody else was faster. Raises Refused.
        """
        from huggingface_hub import CommitOperationAdd

        path = f"{FOLDER}/{wanted['key']}.json"
        # Whoever writes says who they are: the client takes a commit without a difference for done.
        content = dump_json({**wanted, "claim": secrets.token_hex(8)})
        for _try in range(TRIES):
            head, names = self._head()
            known = self._read(path, head) if path in names else None
            if (int(known["version"]) if known else 0) != seen:
                return False
            operations = [CommitOperationAdd(path, content), *(CommitOperationAdd(name, data) for name, data in (files or {}).items())]
            if done and TABLE in names:
                operations.append(CommitOperationAdd(TABLE, self._with_done(head, done)))
            if self._commit(operations, head, f"{wanted['key']}: {wanted['state']}"):
                return True
        raise Refused(_("The queue %(repo)s is changed all the time. Try again.") % {"repo": self.repo}, 409)

    def _commit(self, operations: list[Any], head: str, message: str) -> bool:
        """False when somebody has committed since `head`."""
        from huggingface_hub.errors import HfHubHTTPError

        with told(self.repo):
            try:
                self.api.create_commit(self.repo, operations, commit_message=message, repo_type="dataset", parent_commit=head)
            except HfHubHTTPError as error:
                if getattr(error.response, "status_code", 0) != STALE:
                    raise
                return False
        return True

    def read(self, key: str) -> dict[str, Any] | None:
        head, names = self._head()
        path = f"{FOLDER}/{key}.json"
        return self._read(path, head) if path in names else None

    def runs(self) -> list[str]:
        _head, names = self._head()
        return sorted(name.removeprefix(f"{FOLDER}/").removesuffix(".json") for name in names if name.startswith(f"{FOLDER}/"))

    def lines(self) -> list[Line]:
        """The rows of the table, without the ones that are none."""
        head, names = self._head()
        if TABLE not in names:
            return []
        return [line for line in map(_line, _rows(self._bytes(TABLE, head))) if line is not None]

    def results(self, key: str, folder: Path) -> Path | None:
        """The predictions of a run, fetched into a folder."""
        head, names = self._head()
        name = f"{RESULTS}/{key}/predictions.jsonl"
        if name not in names:
            return None
        with told(self.repo):
            return Path(self.api.hf_hub_download(self.repo, name, repo_type="dataset", revision=head, local_dir=folder))

    def _head(self) -> tuple[str, set[str]]:
        with told(self.repo):
            info = self.api.repo_info(self.repo, repo_type="dataset")
        return info.sha, {one.rfilename for one in info.siblings}

    def _bytes(self, path: str, revision: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="queue-") as folder, told(self.repo):
            return Path(self.api.hf_hub_download(self.repo, path, repo_type="dataset", revision=revision, local_dir=folder)).read_bytes()

    def _read(self, path: str, revision: str) -> dict[str, Any]:
        found: dict[str, Any] = read_json(self._bytes(path, revision))
        return found

    def _with_done(self, head: str, key: str) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        for row in _rows(self._bytes(TABLE, head)):
            line = _line(row)
            writer.writerow([*row[:2], DONE, *row[3:]] if line is not None and line.key == key else row)
        return out.getvalue().encode()


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"))))


def _line(row: list[str]) -> Line | None:
    if len(row) < 3 or row[2].strip() not in (PENDING, DONE):
        return None
    model, dataset = row[0].strip(), row[1].strip()
    digest = hashlib.sha256(f"{model}\n{dataset}".encode()).hexdigest()[:16]
    return Line(f"csv-{digest}", model, dataset, row[2].strip())
