"""Jobs, scheduled jobs and webhooks: kept, never run."""

from __future__ import annotations

import secrets
import time
from typing import Any

from tests.services.hub.request import Answer, Request
from tests.services.hub.state import HubError, moment


class Jobs:
    def __init__(self, request: Request) -> None:
        self.request, self.hub = request, request.hub
        request.person()

    def jobs(self, path: list[str]) -> Answer:
        owner, *rest = path
        if not rest:
            if self.request.method == "POST":
                return Answer.of_json(_told(self._new(owner, self.request.json())))
            return Answer.of_json([_told(job) for job in self.hub.jobs.values() if self._wanted(job, owner)])
        job = self.hub.jobs.get(rest[0])
        if job is None:
            raise HubError(404, "Job not found")
        match rest[1] if len(rest) > 1 else "":
            case "cancel":
                job["status"] = {"stage": "CANCELED", "message": None}
                job["finishedAt"] = moment()
            case "duplicate":
                job = self._new(owner, job["_spec"], "duplicated-job")
            case "labels":
                job["labels"] = self.request.json()["labels"]
            case "logs" | "metrics" | "events":
                lines = ("===== Job started", "epoch 1", "epoch 2")
                return Answer.of_events({"timestamp": moment(), "data": line} for line in lines)
        return Answer.of_json(_told(job))

    def _wanted(self, job: dict[str, Any], owner: str) -> bool:
        stages, labels = self.request.query.get("stage"), job["labels"] or {}
        wanted = [label.partition("=") for label in self.request.query.get("label", [])]
        right_stage = not stages or job["status"]["stage"] in stages
        return job["owner"]["name"] == owner and right_stage and all(labels.get(name) == value for name, _, value in wanted)

    def _new(self, owner: str, spec: dict[str, Any], initiator: str = "user") -> dict[str, Any]:
        job_id = secrets.token_hex(12)
        self.hub.jobs[job_id] = {
            "id": job_id,
            "createdAt": moment(),
            "startedAt": None,
            "finishedAt": None,
            "dockerImage": spec.get("dockerImage"),
            "spaceId": spec.get("spaceId"),
            "command": spec.get("command"),
            "arguments": spec.get("arguments", []),
            "environment": spec.get("environment", {}),
            "secrets": dict.fromkeys(spec.get("secrets", {}), ""),
            "flavor": spec.get("flavor"),
            "labels": spec.get("labels"),
            "volumes": spec.get("volumes"),
            "status": {"stage": "SCHEDULING", "message": None},
            "owner": {"id": "u1", "name": owner, "type": "user"},
            "initiator": {"type": initiator, "id": "u1", "name": owner},
            "_spec": spec,
        }
        return self.hub.jobs[job_id]

    def scheduled(self, path: list[str]) -> Answer:
        owner, *rest = path
        if not rest:
            if self.request.method != "POST":
                return Answer.of_json(list(self.hub.scheduled.values()))
            said, new = self.request.json(), secrets.token_hex(12)
            self.hub.scheduled[new] = {
                "id": new,
                "createdAt": moment(),
                "jobSpec": said["jobSpec"],
                "schedule": said["schedule"],
                "suspend": said.get("suspend", False),
                "concurrency": said.get("concurrency", False),
                "status": {"nextJobRunAt": moment(time.time() + 3_600)},
                "owner": {"id": "u1", "name": owner, "type": "user"},
            }
            return Answer.of_json(self.hub.scheduled[new])
        found = self.hub.scheduled.get(rest[0])
        if found is None:
            raise HubError(404, "Scheduled job not found")
        if self.request.method == "DELETE":
            del self.hub.scheduled[rest[0]]
            return Answer.of_json({})
        match act := rest[1] if len(rest) > 1 else "":
            case "suspend" | "resume":
                found["suspend"] = act == "suspend"
            case "schedule":
                found["schedule"] = self.request.json()["schedule"]
            case "labels":
                found["jobSpec"]["labels"] = self.request.json()["labels"]
            case "run":
                return Answer.of_json(_told(self._new(owner, found["jobSpec"], "scheduled-job")))
        return Answer.of_json(found)

    def webhooks(self, path: list[str]) -> Answer:
        if not path:
            if self.request.method != "POST":
                return Answer.of_json(list(self.hub.webhooks.values()))
            said, new = self.request.json(), secrets.token_hex(12)
            kept = {"url": said.get("url"), "watched": said["watched"], "domains": said["domains"], "secret": said.get("secret")}
            self.hub.webhooks[new] = {"id": new, "job": None, "disabled": False, **kept}
            return Answer.of_json({"webhook": self.hub.webhooks[new]})
        found = self.hub.webhooks.get(path[0])
        if found is None:
            raise HubError(404, "Webhook not found")
        if self.request.method == "DELETE":
            del self.hub.webhooks[path[0]]
            return Answer.of_json({})
        if len(path) > 1:
            found["disabled"] = path[1] == "disable"
        elif self.request.method == "POST":
            said = self.request.json()
            found.update({name: said[name] for name in ("url", "watched", "domains", "secret") if name in said})
        return Answer.of_json({"webhook": found})


def _told(job: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in job.items() if not name.startswith("_")}
