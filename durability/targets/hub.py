"""Hugging Face as a target: a storage bucket, or a private dataset repository. Both are made, private, when they are missing."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from durability.targets.target import Target, TargetError, place_for

BALLOT_SECONDS = 2.0  # a claim written before ours is seen by then


class _OnHub(Target):
    what: str

    def __init__(self, repo: str, token: str, endpoint: str = "") -> None:
        self.repo, self.token, self.endpoint = repo, token, endpoint
        self.name = f"hf://{self.what}s/{repo}"

    @cached_property
    def api(self) -> Any:
        from huggingface_hub import HfApi
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()
        api = HfApi(endpoint=self.endpoint or None, token=self.token)
        with self._told():
            self._make(api)
        return api

    @abstractmethod
    def _make(self, api: Any) -> None:
        """Make the bucket or repository, private, unless it is there."""

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RepositoryNotFoundError

        try:
            yield
        except EntryNotFoundError:
            if name:
                raise KeyError(name) from None
            raise TargetError(f"{self.name} misses a file.") from None
        except RepositoryNotFoundError:
            raise TargetError(f"{self.name} is not there, or HF_TOKEN may not write to it: give it a token with write access.") from None
        except HfHubHTTPError as error:
            status = getattr(error.response, "status_code", 0)
            if status == 429:
                raise TargetError(f"{self.name}: the Hub asks for fewer requests; it is tried again later.") from None
            if status == 402:
                raise TargetError(f"{self.name} cannot be made: the Hub asks for a paid plan, or for more storage.") from None
            if status in (401, 403):
                raise TargetError(f"{self.name}: HF_TOKEN may not write there; give it a token with write access.") from None
            raise TargetError(f"{self.name}: the Hub answers {status or 'nothing'}.") from None
        except Exception as error:  # the library's transports raise errors of several libraries, in Rust and in Python
            if isinstance(error, (KeyError, TargetError)):
                raise
            raise TargetError(f"{self.name} cannot be reached: {error}") from None


class HubBucket(_OnHub):
    what = "bucket"
    interval = 1.0

    def _make(self, api: Any) -> None:
        api.create_bucket(self.repo, private=True, exist_ok=True)

    def names(self, prefix: str = "") -> dict[str, int]:
        folder = prefix.rpartition("/")[0]
        with self._told():
            found = self.api.list_bucket_tree(self.repo, folder or None, recursive=True)
            return {one.path: one.size for one in found if hasattr(one, "size") and one.path.startswith(prefix)}

    def read(self, name: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            with self._told(name):
                if not list(self.api.get_bucket_paths_info(self.repo, [name])):
                    raise KeyError(name)
                self.api.download_bucket_files(self.repo, [(name, Path(folder, "file"))], raise_on_missing_files=True)
            return Path(folder, "file").read_bytes()

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        with self._told():
            if add:
                self.api.batch_bucket_files(self.repo, add=[(content, name) for name, content in add.items()])
            if remove:
                self.api.batch_bucket_files(self.repo, delete=list(remove))

    def claim(self, name: str, content: bytes) -> bool:
        """Buckets have no "put if absent": everybody puts a ballot, waits until all of them can be seen, and the first in the order of names wins."""
        ballot = f"{name}.ballot.{time.time_ns():020d}-{secrets.token_hex(4)}"
        self.write({ballot: content})
        time.sleep(BALLOT_SECONDS)
        found = self.names(name)
        winner = min(other for other in found if other.startswith(f"{name}.ballot."))
        if name in found or winner != ballot:
            self.write({}, [ballot])
            return False
        self.write({name: content})
        return True

    def bring(self, name: str, file: Path) -> None:
        with self._told():
            self.api.download_bucket_files(self.repo, [(name, file)], raise_on_missing_files=True)

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        wanted = [(name, place_for(folder, name)) for name in names]
        with self._told():
            if wanted:
                self.api.download_bucket_files(self.repo, wanted, raise_on_missing_files=True)


class HubDataset(_OnHub):
    what = "dataset"
    interval = 300.0  # the Hub takes about 128 commits an hour
    patience = 30.0

    def _make(self, api: Any) -> None:
        api.create_repo(self.repo, repo_type="dataset", private=True, exist_ok=True)

    def names(self, prefix: str = "") -> dict[str, int]:
        from huggingface_hub.errors import EntryNotFoundError

        folder = prefix.rpartition("/")[0]
        with self._told():
            try:
                found = list(self.api.list_repo_tree(self.repo, folder or None, recursive=True, repo_type="dataset"))
            except EntryNotFoundError:
                return {}
        return {one.path: one.size for one in found if hasattr(one, "size") and one.path.startswith(prefix)}

    def read(self, name: str) -> bytes:
        with tempfile.TemporaryDirectory() as folder, self._told(name):
            self.api.hf_hub_download(self.repo, name, repo_type="dataset", local_dir=folder)
            return Path(folder, name).read_bytes()

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        with self._told():
            self._commit(add, remove)

    def _commit(self, add: Mapping[str, bytes | Path], remove: Collection[str] = (), parent: str | None = None) -> None:
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        operations = [
            *(CommitOperationAdd(name, str(content) if isinstance(content, Path) else content) for name, content in add.items()),
            *(CommitOperationDelete(name) for name in remove),
        ]
        if operations:
            self.api.create_commit(self.repo, operations, commit_message="State of Labelspace", repo_type="dataset", parent_commit=parent)

    def claim(self, name: str, content: bytes) -> bool:
        from huggingface_hub.errors import HfHubHTTPError

        for _attempt in range(5):
            with self._told():
                head = self.api.repo_info(self.repo, repo_type="dataset").sha
            if name in self.names(name):
                return False
            with self._told(), suppress(_Stale):
                try:
                    self._commit({name: content}, parent=head)
                except HfHubHTTPError as error:
                    if getattr(error.response, "status_code", 0) in (409, 412):
                        raise _Stale from None
                    raise
                return True
        raise TargetError(f"{self.name} changes all the time: is another server writing to it?")

    def bring(self, name: str, file: Path) -> None:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder, self._told():
            self.api.hf_hub_download(self.repo, name, repo_type="dataset", local_dir=folder)
            os.replace(Path(folder, name), file)

    def tidy(self) -> None:
        """A repository keeps every version of every file, and they count: only what is there now is needed."""
        with self._told():
            self.api.super_squash_history(self.repo, repo_type="dataset")


class _Stale(Exception):
    """Somebody else committed meanwhile."""
