from __future__ import annotations

from typing import Any

from tests.services.hub.request import Answer, Request
from tests.services.hub.state import HubError, Repo, moment

T4 = {"type": "gpu", "model": "T4", "quantity": "1", "vram": "16 GB", "manufacturer": "Nvidia"}


def entered(repo: Repo, said: dict[str, Any]) -> None:
    """Put the secrets and variables that a new Space is given into it."""
    for box in ("secrets", "variables"):
        for given in said.get(box) or []:
            entry = {"key": given["key"], "value": given["value"], "description": given.get("description"), "updatedAt": moment()}
            repo.settings[box][given["key"]] = entry


class Spaces:
    def __init__(self, request: Request) -> None:
        self.request = request

    def templates(self) -> Answer:
        template = {"name": "Annotator", "repoId": "acme/annotator-template", "sdk": "docker", "preferredPrivate": False}
        return Answer.of_json({"templates": [template]})

    def machines(self) -> Answer:
        kinds: tuple[tuple[str, int, dict[str, str] | None], ...] = (("cpu-basic", 0, None), ("t4-small", 6_667, T4))
        return Answer.of_json(
            [
                {
                    "name": name,
                    "prettyName": name.title(),
                    "cpu": "2 vCPU",
                    "ram": "16 GB",
                    "ephemeralStorage": "50 GB",
                    "accelerator": accelerator,
                    "unitCostMicroUSD": cost,
                    "unitCostUSD": cost / 1e6,
                    "unitLabel": "minute",
                }
                for name, cost, accelerator in kinds
            ]
        )

    def one(self, repo: Repo, head: str, rest: list[str]) -> Answer:
        """`/api/spaces/{repo}/{head}`: what only Spaces have."""
        runtime, request = repo.settings["runtime"], self.request
        match head:
            case "secrets" | "variables":
                return self._box(repo, head)
            case "logs":
                return Answer.of_events({"timestamp": moment(), "data": f"[{rest[0]}] line {number}\n"} for number in range(3))
            case "runtime":
                pass
            case "hardware":
                said = request.json()
                runtime["hardware"]["requested"] = said["flavor"]
                runtime["gcTimeout"] = said.get("sleepTimeSeconds", runtime["gcTimeout"])
                runtime["stage"] = "APP_STARTING"
            case "sleeptime":
                runtime["gcTimeout"] = request.json()["seconds"]
            case "pause":
                runtime["stage"] = "PAUSED"
            case "restart":
                runtime["stage"] = "BUILDING" if request.query.get("factory") else "APP_STARTING"
            case "dev-mode":
                runtime["devMode"] = request.json()["enabled"]
            case "replicas":
                runtime["replicas"]["requested"] = request.json()["replicas"]
            case "volumes":
                if request.method == "PUT":
                    runtime["volumes"] = request.json()["volumes"]
                else:
                    runtime.pop("volumes", None)
                return Answer.of_json({})
            case _:
                raise HubError(404, f"stand-in: no route {head} of a Space")
        return Answer.of_json(runtime)

    def _box(self, repo: Repo, name: str) -> Answer:
        box = repo.settings[name]
        if self.request.method == "POST":
            said = self.request.json()
            box[said["key"]] = {"key": said["key"], "value": said["value"], "updatedAt": moment()}
            if "description" in said:
                box[said["key"]]["description"] = said["description"]
        elif self.request.method == "DELETE":
            box.pop(self.request.json()["key"], None)
        if name == "secrets":
            return Answer.of_json({key: {name: value for name, value in entry.items() if name != "value"} for key, entry in box.items()})
        return Answer.of_json(box)
