"""Models, data sets and Spaces as repositories of files."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs

from tests.services.hub.request import Answer, Request
from tests.services.hub.spaces import Spaces, entered
from tests.services.hub.state import Blob, HubError, Repo, Tree, moment

LARGE = (".parquet", ".arrow", ".bin", ".gz", ".zip", ".sqlite3", ".db", ".zst", ".png", ".jpg", ".safetensors")
STALE = "A commit has happened since. Please refresh and try again."


class Repositories:
    def __init__(self, request: Request) -> None:
        self.request, self.hub = request, request.hub

    def card(self) -> Answer:
        """`/api/validate-yaml`: the front matter of a README."""
        text = self.request.json()["content"]
        if not text.startswith("---"):
            return Answer.of_json({"errors": [], "warnings": [{"message": "empty or missing yaml metadata in repo card"}]})
        if "sdk: nonsense" in text:
            return Answer.of_json(
                {"errors": [{"message": '"sdk" must be one of [gradio, streamlit, docker, static]'}], "warnings": []}, 400
            )
        return Answer.of_json({"errors": [], "warnings": []})

    def manage(self, act: str) -> Answer:
        """`/api/repos/{create,delete,move}`."""
        person, said = self.request.person(), self.request.json()
        if act == "move":
            repos, kinds = self.hub.repos, said["type"] + "s"
            repo = self.hub.repo(kinds, said["fromRepo"])
            repos[(kinds, said["toRepo"])] = repos.pop((kinds, said["fromRepo"]))
            repo.id = said["toRepo"]
            return Answer.of_json({})
        kinds = (said.get("type") or "model") + "s"
        repo_id = f"{said.get('organization') or person['name']}/{said['name']}"
        if act == "delete":
            self.hub.repo(kinds, repo_id)
            del self.hub.repos[(kinds, repo_id)]
            return Answer.of_json({})
        if act != "create":
            raise HubError(404, "no such action")
        address = self.hub.address_of(kinds, repo_id)
        taken = ("sdk", "hardware", "sleepTimeSeconds", "volumes", "visibility", "template")
        with self.hub.lock:
            if (kinds, repo_id) in self.hub.repos:
                error = "You already created this repo"
                raise HubError(409, error, body={"error": error, "url": address})
            repo = self.hub.new_repo(kinds, repo_id, **{name: said[name] for name in taken if name in said})
        entered(repo, said)
        return Answer.of_json({"url": address, "name": repo_id, "id": "abc"})

    def one(self, kinds: str, repo_id: str, path: list[str]) -> Answer:
        """`/api/{kinds}/{repo}/…`."""
        repo = self._visible(kinds, repo_id)
        head, *rest = path or [""]
        reading = {
            "": lambda: self._info(kinds, repo, None),
            "revision": lambda: self._info(kinds, repo, rest[0]),
            "tree": lambda: self._tree(repo, rest[0], "/".join(rest[1:]).strip("/")),
            "paths-info": lambda: self._paths(repo, rest[0]),
            "refs": lambda: self._refs(repo),
            "commits": lambda: self._commits(repo),
        }
        if head in reading:
            return reading[head]()
        self.request.person()
        writing = {
            "settings": lambda: self._settings(repo),
            "branch": lambda: self._branch(repo, rest[0]),
            "tag": lambda: self._tag(repo, rest[0]),
            "super-squash": lambda: self._squash(repo, rest[0]),
            "preupload": lambda: self._upload_modes(repo, rest[0]),
            "commit": lambda: self._commit(kinds, repo, rest[0]),
            "xet-write-token": self.request.xet_token,
            "xet-read-token": self.request.xet_token,
            "duplicate": lambda: self._duplicate(kinds, repo),
        }
        if head in writing:
            return writing[head]()
        if kinds == "spaces":
            return Spaces(self.request).one(repo, head, rest)
        raise HubError(404, f"stand-in: no route {head}")

    def file(self, kinds: str, repo_id: str, revision: str, path: str) -> Answer:
        """`/{kinds}/{repo}/resolve/{revision}/{path}`."""
        repo = self._visible(kinds, repo_id)
        commit = repo.at(revision)
        blob = commit["tree"].get(path)
        if blob is None:
            raise HubError(404, "Entry not found", "EntryNotFound", headers={"X-Repo-Commit": commit["oid"]})
        headers = {"X-Repo-Commit": commit["oid"], "ETag": f'"{blob.etag}"', "Content-Type": "application/octet-stream"}
        if blob.lfs:
            headers |= {"X-Linked-Etag": f'"{blob.sha256}"', "X-Linked-Size": str(len(blob.data))}
        if blob.xet_hash:
            refresh = f"{self.hub.endpoint}/api/{kinds}/{repo_id}/xet-read-token/{commit['oid']}"
            headers |= {"X-Xet-Hash": blob.xet_hash, "X-Xet-Refresh-Route": refresh}
        return self.request.content(blob.data, headers)

    def large_objects(self, kinds: str, repo_id: str) -> Answer:
        """Git LFS's batch call: where the objects that are not here go."""
        self.hub.repo(kinds, repo_id)
        self.request.person()
        said, objects = self.request.json(), []
        for found in said["objects"]:
            entry = {"oid": found["oid"], "size": found["size"]}
            if said["operation"] == "upload" and found["oid"] not in self.hub.lfs:
                address = f"{self.hub.endpoint}/_lfs/{found['oid']}"
                entry["actions"] = {"upload": {"href": address, "header": {}}, "verify": {"href": f"{address}?verify=1", "header": {}}}
            objects.append(entry)
        return Answer.of_json({"transfer": "basic", "objects": objects}, headers={"Content-Type": "application/vnd.git-lfs+json"})

    def large_object(self, oid: str) -> Answer:
        lfs, data = self.hub.lfs, self.request.body
        if self.request.method == "PUT":
            if hashlib.sha256(data).hexdigest() != oid:
                raise HubError(400, "checksum mismatch")
            lfs[oid] = data
        elif oid not in lfs:
            raise HubError(404, "not uploaded")
        elif self.request.method in ("GET", "HEAD"):
            return self.request.content(lfs[oid], {"ETag": f'"{oid}"'})
        return Answer.of_json({})

    def _visible(self, kinds: str, repo_id: str) -> Repo:
        repo = self.hub.repo(kinds, repo_id)
        if repo.private and self.request.person_or_none() is None:
            raise HubError(401, "Invalid username or password.", "RepoNotFound")
        return repo

    def _info(self, kinds: str, repo: Repo, revision: str | None) -> Answer:
        commit, files = repo.at(revision), []
        for path, blob in sorted(commit["tree"].items()):
            entry: dict[str, Any] = {"rfilename": path}
            if "blobs" in self.request.query:
                entry |= {"blobId": blob.oid, "size": len(blob.data)}
                if blob.lfs:
                    entry["lfs"] = {"sha256": blob.sha256, "size": len(blob.data), "pointerSize": 134}
            files.append(entry)
        found = {
            "_id": hashlib.md5(repo.id.encode()).hexdigest()[:24],
            "id": repo.id,
            "author": repo.id.split("/")[0],
            "sha": commit["oid"],
            "lastModified": commit["date"],
            "createdAt": moment(repo.created),
            "private": repo.private,
            "disabled": False,
            "gated": False,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "siblings": files,
        }
        if kinds == "spaces":
            name = repo.id.replace("/", "-").lower()
            found |= {"sdk": repo.settings.get("sdk"), "subdomain": name, "host": f"https://{name}.hf.space"}
            found["runtime"] = repo.settings["runtime"]
        return Answer.of_json(found)

    def _tree(self, repo: Repo, revision: str, prefix: str) -> Answer:
        recursive = self.request.first("recursive", "false").lower() == "true"
        found, folders = [], set()
        for path, blob in sorted(repo.at(revision)["tree"].items()):
            if prefix and path != prefix and not path.startswith(prefix + "/"):
                continue
            parts = path[len(prefix) :].lstrip("/").split("/")
            for depth in range(1, len(parts)):
                folder = "/".join(([prefix] if prefix else []) + parts[:depth])
                if (recursive or depth == 1) and folder not in folders:
                    folders.add(folder)
                    found.append({"type": "directory", "oid": hashlib.sha1(folder.encode()).hexdigest(), "size": 0, "path": folder})
            if recursive or len(parts) == 1:
                found.append(blob.entry(path))
        return self.request.page(found)

    def _paths(self, repo: Repo, revision: str) -> Answer:
        tree = repo.at(revision)["tree"]
        paths = parse_qs(self.request.body.decode()).get("paths", [])
        return Answer.of_json([tree[path].entry(path) for path in paths if path in tree])

    def _refs(self, repo: Repo) -> Answer:
        def listed(space: str, refs: dict[str, str]) -> list[dict[str, str]]:
            return [{"name": name, "ref": f"refs/{space}/{name}", "targetCommit": oid} for name, oid in refs.items()]

        return Answer.of_json(
            {"branches": listed("heads", repo.branches), "tags": listed("tags", repo.tags), "converts": [], "pullRequests": []}
        )

    def _commits(self, repo: Repo) -> Answer:
        told = [{name: commit[name] for name in ("title", "message", "date")} | {"id": commit["oid"]} for commit in reversed(repo.commits)]
        return Answer.of_json([{**commit, "authors": [{"user": "ann"}]} for commit in told])

    def _settings(self, repo: Repo) -> Answer:
        repo.settings.update(self.request.json())
        return Answer.of_json({})

    def _branch(self, repo: Repo, name: str) -> Answer:
        if self.request.method == "DELETE":
            repo.branches.pop(name, None)
        elif name in repo.branches:
            raise HubError(409, "Reference already exists")
        else:
            repo.branches[name] = repo.at(self.request.json().get("startingPoint"))["oid"]
        return Answer.of_json({})

    def _tag(self, repo: Repo, revision: str) -> Answer:
        name = self.request.json().get("tag", revision)
        if self.request.method == "DELETE":
            repo.tags.pop(name, None)
        elif name in repo.tags:
            raise HubError(409, "Tag already exists")
        else:
            repo.tags[name] = repo.at(revision)["oid"]
        return Answer.of_json({})

    def _squash(self, repo: Repo, branch: str) -> Answer:
        tree = repo.at(branch)["tree"]
        others = {oid for name, oid in repo.branches.items() if name != branch}
        repo.commits = [commit for commit in repo.commits if commit["oid"] in others]
        repo.commit(tree, self.request.json()["message"], branch=branch)
        return Answer.of_json({})

    def _upload_modes(self, repo: Repo, revision: str) -> Answer:
        tree, modes = repo.at(revision)["tree"], []
        for file in self.request.json()["files"]:
            large = file["path"].endswith(LARGE) or file["size"] > 10_000_000 or b"\0" in base64.b64decode(file["sample"])
            mode = {"path": file["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False}
            present = tree.get(file["path"])
            if present is not None and present.lfs == large:
                mode["oid"] = present.etag
            modes.append(mode)
        return Answer.of_json({"files": modes})

    def _commit(self, kinds: str, repo: Repo, revision: str) -> Answer:
        header: dict[str, Any] = {}
        tree: Tree = dict(repo.at(revision)["tree"])
        for operation in self.request.lines():
            value = operation["value"]
            match operation["key"]:
                case "header":
                    header = value
                    if value.get("parentCommit") and value["parentCommit"] != repo.at(revision)["oid"]:
                        raise HubError(412, STALE)
                case "file":
                    tree[value["path"]] = Blob(base64.b64decode(value["content"]))
                case "lfsFile":
                    tree[value["path"]] = self._large(value["oid"])
                case "deletedFile":
                    if tree.pop(value["path"], None) is None:
                        raise HubError(404, "A file with this name doesn't exist", "EntryNotFound")
                case "deletedFolder":
                    folder = value["path"].rstrip("/") + "/"
                    tree = {path: blob for path, blob in tree.items() if not path.startswith(folder)}
        with self.hub.lock:
            if header.get("parentCommit") and header["parentCommit"] != repo.at(revision)["oid"]:
                raise HubError(412, STALE)
            oid = repo.commit(tree, header.get("summary", ""), header.get("description", ""), revision)
        address = f"{self.hub.address_of(kinds, repo.id)}/commit/{oid}"
        return Answer.of_json({"success": True, "commitUrl": address, "commitOid": oid, "hookOutput": ""})

    def _large(self, sha256: str) -> Blob:
        if sha256 in self.hub.lfs:
            return Blob(self.hub.lfs[sha256], lfs=True)
        found = self.hub.xet.with_sha256(sha256)
        if found is None:
            raise HubError(400, f"LFS object {sha256} was never uploaded")
        return Blob(self.hub.xet.read(found.hash), lfs=True, xet_hash=found.hash)

    def _duplicate(self, kinds: str, repo: Repo) -> Answer:
        said = self.request.json()
        new = self.hub.new_repo(
            kinds,
            said["repository"],
            sdk=repo.settings.get("sdk"),
            visibility=said.get("visibility", "private" if kinds == "spaces" else "public"),
            hardware=said.get("hardware"),
            sleepTimeSeconds=said.get("sleepTimeSeconds"),
            volumes=said.get("volumes"),
        )
        new.commit(dict(repo.at("main")["tree"]), f"Duplicate from {repo.id}")
        if kinds == "spaces":  # variables are public and travel, secrets do not
            new.settings["variables"] = {name: dict(value) for name, value in repo.settings["variables"].items()}
            entered(new, said)
        return Answer.of_json({"url": self.hub.address_of(kinds, new.id), "filesCopyPending": False})
