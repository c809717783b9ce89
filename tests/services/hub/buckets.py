from __future__ import annotations

from typing import Any

from tests.services.hub.request import Answer, Request
from tests.services.hub.state import HubError, moment


class Buckets:
    def __init__(self, request: Request) -> None:
        self.request, self.hub = request, request.hub

    def api(self, path: list[str]) -> Answer:
        """`/api/buckets/{namespace}/{name}/…`."""
        person = self.request.person()
        namespace = person["name"] if path[0] == "me" else path[0]
        if len(path) == 1:
            return Answer.of_json([self._told(found) for found in self.hub.buckets if found.startswith(namespace + "/")])
        bucket_id = f"{namespace}/{path[1]}"
        if len(path) == 2:
            return self._bucket(bucket_id)
        bucket, head, rest = self.hub.bucket(bucket_id), path[2], path[3:]
        match head:
            case "xet-write-token" | "xet-read-token":
                return self.request.xet_token()
            case "batch":
                return self._batch(bucket)
            case "tree":
                return self._tree(bucket, "/".join(rest))
            case "paths-info":
                files = bucket["files"]
                return Answer.of_json([_entry(name, files[name]) for name in self.request.json()["paths"] if name in files])
        raise HubError(404, f"stand-in: no route {head} of a bucket")

    def file(self, bucket_id: str, path: str) -> Answer:
        """`/buckets/{bucket}/resolve/{path}`."""
        bucket = self.hub.bucket(bucket_id)
        if bucket["private"] and self.request.person_or_none() is None:
            raise HubError(401, "Invalid username or password.", "RepoNotFound")
        found = bucket["files"].get(path)
        if found is None:
            raise HubError(404, "Entry not found", "EntryNotFound")
        headers = {
            "X-Xet-Hash": found["xetHash"],
            "X-Linked-Size": str(found["size"]),
            "ETag": f'"{found["xetHash"]}"',
            "X-Xet-Refresh-Route": f"{self.hub.endpoint}/api/buckets/{bucket_id}/xet-read-token",
            "Content-Type": "application/octet-stream",
        }
        if self.request.method == "HEAD":
            return Answer(200, b"", {**headers, "Content-Length": str(found["size"])})
        return self.request.content(self.hub.xet.read(found["xetHash"]), headers)

    def _bucket(self, bucket_id: str) -> Answer:
        if self.request.method == "POST":
            address = f"{self.hub.endpoint}/buckets/{bucket_id}"
            with self.hub.lock:
                if bucket_id in self.hub.buckets:
                    raise HubError(409, "Bucket already exists", body={"error": "exists", "url": address})
                self.hub.new_bucket(bucket_id, private=self.request.json().get("visibility") == "private")
            return Answer.of_json({"url": address})
        self.hub.bucket(bucket_id)
        if self.request.method == "DELETE":
            del self.hub.buckets[bucket_id]
            return Answer.of_json({})
        return Answer.of_json(self._told(bucket_id))

    def _told(self, bucket_id: str) -> dict[str, Any]:
        bucket = self.hub.bucket(bucket_id)
        sizes = [file["size"] for file in bucket["files"].values()]
        facts = {"id": bucket_id, "private": bucket["private"], "createdAt": bucket["createdAt"]}
        return {**facts, "size": sum(sizes), "totalFiles": len(sizes)}

    def _batch(self, bucket: dict[str, Any]) -> Answer:
        for operation in self.request.lines():
            if operation["type"] == "deleteFile":
                bucket["files"].pop(operation["path"], None)
                continue
            when = moment(operation["mtime"] / 1000) if "mtime" in operation else moment()
            known = operation["xetHash"]
            bucket["files"][operation["path"]] = {"xetHash": known, "mtime": when, "uploadedAt": moment(), "size": self.hub.xet.size(known)}
        return Answer.of_json({"failed": []})

    def _tree(self, bucket: dict[str, Any], prefix: str) -> Answer:
        recursive = self.request.first("recursive", "true").lower() != "false"
        found: list[dict[str, Any]] = []
        folders = set()
        for path, file in sorted(bucket["files"].items()):
            if prefix and path != prefix and not path.startswith(prefix + "/"):
                continue
            rest = path[len(prefix) :].strip("/")
            if recursive or "/" not in rest:
                found.append(_entry(path, file))
                continue
            folder = path[: len(path) - len(rest)] + rest.split("/")[0]
            if folder not in folders:
                folders.add(folder)
                found.append({"type": "directory", "path": folder, "uploadedAt": file["uploadedAt"]})
        return self.request.page(found)


def _entry(path: str, file: dict[str, Any]) -> dict[str, Any]:
    return {"type": "file", "path": path, **{name: file[name] for name in ("size", "xetHash", "mtime", "uploadedAt")}}
