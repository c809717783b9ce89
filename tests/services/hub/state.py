"""What the Hub knows: repositories as lists of commits (each a whole tree of files), and everything else by id."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.services.hub.xet import XetStore

KINDS = {"models": "model", "datasets": "dataset", "spaces": "space"}


class HubError(Exception):
    """An answer that is an error; `code` is what `X-Error-Code` says and the client makes its exception of."""

    def __init__(self, status: int, error: str, code: str = "", headers: Mapping[str, str] | None = None, body: Any = None) -> None:
        super().__init__(error)
        self.status, self.error, self.code = status, error, code
        self.headers, self.body = dict(headers or {}), body


def moment(seconds: float | None = None) -> str:
    found = datetime.fromtimestamp(time.time() if seconds is None else seconds, UTC)
    return found.strftime("%Y-%m-%dT%H:%M:%S.") + f"{found.microsecond // 1000:03d}Z"


class Blob:
    """A file at a commit. Large ones (`lfs`) are known by their SHA-256, the others by git's id."""

    def __init__(self, data: bytes, *, lfs: bool = False, xet_hash: str = "") -> None:
        self.data, self.lfs, self.xet_hash = data, lfs, xet_hash
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    @property
    def etag(self) -> str:
        return self.sha256 if self.lfs else self.oid

    def entry(self, path: str) -> dict[str, Any]:
        """The file as a tree lists it."""
        found: dict[str, Any] = {"type": "file", "oid": self.oid, "size": len(self.data), "path": path}
        if self.lfs:
            found["lfs"] = {"oid": self.sha256, "size": len(self.data), "pointerSize": 134}
        if self.xet_hash:
            found["xetHash"] = self.xet_hash
        return found


Tree = dict[str, Blob]


class Repo:
    def __init__(self, kind: str, repo_id: str, **settings: Any) -> None:
        self.kind, self.id, self.settings = kind, repo_id, settings
        self.commits: list[dict[str, Any]] = []
        self.branches: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.created = time.time()
        self.commit({".gitattributes": Blob(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n")}, "initial commit")

    def commit(self, tree: Tree, title: str, message: str = "", branch: str = "main") -> str:
        oid = hashlib.sha1(f"{self.id}{len(self.commits)}{time.time_ns()}{secrets.token_hex(4)}".encode()).hexdigest()
        self.commits.append({"oid": oid, "title": title, "message": message, "date": moment(), "tree": tree})
        self.branches[branch] = oid
        return oid

    def at(self, revision: str | None) -> dict[str, Any]:
        revision = revision or "main"
        oid = self.branches.get(revision) or self.tags.get(revision) or revision
        for commit in reversed(self.commits):
            if commit["oid"] == oid:
                return commit
        raise HubError(404, f"Invalid rev id: {revision}", "RevisionNotFound")

    @property
    def private(self) -> bool:
        return self.settings.get("visibility") == "private"

    def put(self, path: str, data: bytes) -> None:
        """A commit with one file more."""
        self.commit({**self.at("main")["tree"], path: Blob(data)}, f"Upload {path}")

    def delete(self, path: str) -> None:
        self.commit({name: blob for name, blob in self.at("main")["tree"].items() if name != path}, f"Delete {path}")

    def read(self, path: str) -> bytes | None:
        blob = self.at("main")["tree"].get(path)
        return blob.data if blob else None


class Hub:
    """`tokens` and `person` say who may come; `page` is how many entries a listing answers at once; `xet` holds large files."""

    def __init__(self, endpoint: str, xet_folder: Path) -> None:
        self.endpoint = endpoint.rstrip("/")
        self.xet = XetStore(xet_folder, self.endpoint)
        self.lock = threading.RLock()
        self.calls: list[dict[str, Any]] = []
        self.page = 1_000
        self.tokens: dict[str, dict[str, Any]] = {
            "hf_test": {"name": "ann", "fullname": "Ann Tester", "orgs": ["acme"], "role": "write"},
        }
        self.repos: dict[tuple[str, str], Repo] = {}
        self.lfs: dict[str, bytes] = {}
        self.buckets: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.scheduled: dict[str, dict[str, Any]] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        # Who the next sign-in is; a test changes it. `roleInOrg` is admin, write, contributor or read.
        self.person: dict[str, Any] = {
            "sub": "6032802e1f993496bc14d9e3",
            "name": "Ann Tester",
            "preferred_username": "ann",
            "email": "ann@example.com",
            "email_verified": True,
            "orgs": [{"sub": "o1", "name": "Acme", "preferred_username": "acme", "roleInOrg": "admin"}],
        }
        self.oauth_client = ("client-id", "client-secret")
        self.oauth_codes: dict[str, dict[str, Any]] = {}
        self.oauth_tokens: dict[str, dict[str, Any]] = {}
        self._failures: list[dict[str, Any]] = []

    def fail_next(
        self, pattern: str, status: int = 500, times: int = 1, headers: Mapping[str, str] | None = None, error: str = "injected failure"
    ) -> None:
        """The next `times` requests whose `METHOD /path` matches are answered with `status`."""
        self._failures.append({"pattern": re.compile(pattern), "status": status, "left": times, "headers": headers, "error": error})

    def failure_of(self, request: str) -> None:
        """Raises what `fail_next` ordered for this request."""
        with self.lock:
            for failure in self._failures:
                if failure["left"] > 0 and failure["pattern"].search(request):
                    failure["left"] -= 1
                    raise HubError(failure["status"], failure["error"], headers=failure["headers"])

    def settle(self, space: str) -> None:
        """What the platform does minutes after a change of hardware: the Space comes back on it."""
        runtime = self.repo("spaces", space).settings["runtime"]
        runtime["hardware"]["current"] = runtime["hardware"]["requested"]
        runtime["stage"] = "RUNNING"

    def repo(self, kinds: str, repo_id: str) -> Repo:
        found = self.repos.get((kinds, repo_id))
        if found is None:
            raise HubError(404, "Repository not found", "RepoNotFound")
        return found

    def new_repo(self, kinds: str, repo_id: str, **settings: Any) -> Repo:
        """`kinds` is models, datasets or spaces."""
        repo = Repo(KINDS[kinds], repo_id, **settings)
        if kinds == "spaces":
            repo.settings.setdefault("secrets", {})
            repo.settings.setdefault("variables", {})
            repo.settings["runtime"] = {
                "stage": "BUILDING" if settings.get("sdk") else "NO_APP_FILE",
                "hardware": {"current": None, "requested": settings.get("hardware") or "cpu-basic"},
                "storage": None,
                "gcTimeout": settings.get("sleepTimeSeconds") or 172_800,
                "replicas": {"current": 1, "requested": 1},
                "devMode": False,
                "domains": [{"domain": repo_id.replace("/", "-").lower() + ".hf.space", "stage": "READY"}],
            }
            if settings.get("volumes"):
                repo.settings["runtime"]["volumes"] = settings["volumes"]
        self.repos[(kinds, repo_id)] = repo
        return repo

    def new_bucket(self, bucket_id: str, *, private: bool = False) -> dict[str, Any]:
        self.buckets[bucket_id] = {"files": {}, "createdAt": moment(), "private": private}
        return self.buckets[bucket_id]

    def bucket(self, bucket_id: str) -> dict[str, Any]:
        found = self.buckets.get(bucket_id)
        if found is None:
            raise HubError(404, "Bucket not found", "RepoNotFound")
        return found

    def put(self, bucket_id: str, path: str, data: bytes) -> None:
        """A file into a bucket, past any client."""
        file = {"xetHash": self.xet.add(data), "mtime": moment(), "uploadedAt": moment(), "size": len(data)}
        self.bucket(bucket_id)["files"][path] = file

    def read(self, bucket_id: str, path: str) -> bytes | None:
        file = self.bucket(bucket_id)["files"].get(path)
        return self.xet.read(file["xetHash"]) if file else None

    def address_of(self, kinds: str, repo_id: str) -> str:
        return f"{self.endpoint}/{'' if kinds == 'models' else kinds + '/'}{repo_id}"
