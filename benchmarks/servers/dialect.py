"""How each piece of work is said to a server that speaks Label Studio's API: the peer, Labelspace and the floor alike."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

from benchmarks.servers.http import Answer, Connection
from benchmarks.servers.process import Server

CONFIG = (
    '<View><Text name="text" value="$text"/>'
    '<Choices name="sentiment" toName="text"><Choice value="Positive"/><Choice value="Negative"/><Choice value="Neutral"/></Choices></View>'
)
PASSWORD = "Annotator-pass-1!"


def result(label: str) -> list[dict[str, Any]]:
    return [{"from_name": "sentiment", "to_name": "text", "type": "choices", "value": {"choices": [label]}}]


class Api:
    """One signed-in user of a server."""

    def __init__(self, server: Server, token: str | None = None) -> None:
        self.server = server
        self.connection = Connection(server.url, {"Authorization": f"Token {token or server.token}"})

    def close(self) -> None:
        self.connection.close()

    async def health(self) -> None:
        (await self.connection.get(self.server.health)).ok()

    async def annotators(self, count: int) -> list[Api]:
        """As many users of their own: by invite link and sign-up form, as people come."""
        if self.server.any_token:
            return [Api(self.server, f"user{number}") for number in range(count)]
        invite = (await self.connection.get("/api/invite")).ok().json()["invite_url"]
        parts = urlsplit(invite)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return [Api(self.server, await self._sign_up(path, f"annotator{number}@example.com")) for number in range(count)]

    async def _sign_up(self, path: str, email: str) -> str:
        web = Connection(self.server.url)
        for page in (path, "/user/login/"):  # the address is known from an earlier repetition: sign in
            hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', (await web.get(page)).body.decode())
            assert hidden is not None, f"{page} has no form"
            form = {"csrfmiddlewaretoken": hidden[1], "email": email, "password": PASSWORD, "allow_newsletters": "false"}
            if (await web.send_form(page, form, {"Referer": self.server.url + page, "Origin": self.server.url})).status == 302:
                break
        else:
            raise RuntimeError(f"{email} can neither sign up nor sign in")
        token: str = (await web.get("/api/current-user/token")).ok().json()["token"]
        web.close()
        return token

    async def create_project(self, title: str) -> int:
        return int((await self.connection.send_json("/api/projects", {"title": title[:50], "label_config": CONFIG})).ok().json()["id"])

    async def delete_project(self, project: int) -> None:
        (await self.connection.request("DELETE", f"/api/projects/{project}")).ok()

    async def projects(self) -> int:
        return len((await self.connection.get("/api/projects?page=1&page_size=100")).ok().json()["results"])

    async def import_json(self, project: int, body: bytes) -> int:
        return int((await self.connection.send_json(f"/api/projects/{project}/import", body)).ok().json()["task_count"])

    async def import_file(self, project: int, body: bytes) -> int:
        return int((await self.connection.send_file(f"/api/projects/{project}/import", "tasks.json", body)).ok().json()["task_count"])

    async def page(self, project: int, page: int, *, size: int = 100, contains: str = "", order: str = "") -> tuple[int, int]:
        """(rows, bytes) of a page of whole tasks."""
        query: dict[str, Any] = {}
        if contains:
            item = {"filter": "filter:tasks:data.text", "operator": "contains", "type": "String", "value": contains}
            query["filters"] = {"conjunction": "and", "items": [item]}
        if order:
            query["ordering"] = [order]
        path = f"/api/tasks?project={project}&page={page}&page_size={size}&fields=all" + (
            f"&query={quote(json.dumps(query))}" if query else ""
        )
        answer = (await self.connection.get(path)).ok()
        return len(answer.json()["tasks"]), answer.size

    async def next_task(self, project: int) -> int | None:
        answer = await self.connection.get(f"/api/projects/{project}/next")
        return None if answer.status == 404 else int(answer.ok().json()["id"])

    async def annotate(self, project: int, task: int, label: str) -> None:
        (
            await self.connection.send_json(
                f"/api/tasks/{task}/annotations/?project={project}", {"result": result(label), "lead_time": 1.5}
            )
        ).ok()

    async def export(self, project: int, *, everything: bool = False, keep: bool = False) -> Answer:
        more = "&download_all_tasks=true" if everything else ""
        return (await self.connection.get(f"/api/projects/{project}/export?exportType=JSON{more}", keep=keep)).ok()
