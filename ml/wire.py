"""The wire protocol to a model's server, as label-studio-ml speaks it: what is sent, and what an answer must be.

`GET /health`, `POST /setup`, `POST /predict`, `/versions`; training and what happens in a project go to `POST /webhook` by the webhooks' sender.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import fetch
from core.rawjson import JSONRefused, dump_json, fragment, read_json
from core.secrets import SecretUnreadable
from ml.models import MLBackend
from projects.models import Project
from webhooks.signing import HEADER, signature

MOST_BYTES = 64 << 20
QUOTED = 300  # characters of an answer that are quoted in a message


class ModelTrouble(Exception):
    """The model gave no answer that can be used; the message is one sentence.

    `silent`: it could not be reached, or was too slow: asking again later may help. Otherwise it answered, but not as it should.
    """

    def __init__(self, sentence: str, *, silent: bool = False) -> None:
        super().__init__(sentence)
        self.silent = silent


@dataclass(frozen=True)
class Predicted:
    """What the model says about one task: rows as they came, checked against the labeling config by whoever stores them."""

    result: list[Any]
    score: float | None
    model_version: str


def check_health(backend: MLBackend, *, secret: str | None = None) -> None:
    """Raises `ModelTrouble`."""
    _ask(backend, "GET", "health", timeout=settings.ML_TIMEOUT_HEALTH, parsed=False, secret=secret)


def set_up(backend: MLBackend, token: str, *, secret: str | None = None) -> str:
    """Hand the model the labeling set-up and its token; returns its version, "" when it names none. Raises `ModelTrouble`.

    `secret` signs the request of a model that has no webhook yet.
    """
    body: dict[str, Any] = {
        "project": project_key(backend.project),
        "schema": backend.project.label_config,
        "hostname": backend.hostname,
        "access_token": token,
        "extra_params": fragment(backend.extra_params),
    }
    if not backend.auto_update and backend.model_version:
        body["model_version"] = backend.model_version
    answer = _ask(backend, "POST", "setup", body, timeout=settings.ML_TIMEOUT_SETUP, secret=secret)
    return _version(answer.get("model_version")) if isinstance(answer, dict) else ""


def versions(backend: MLBackend) -> list[str]:
    """The versions that the model could be told to use. Raises `ModelTrouble`; a model that knows no versions has none."""
    body = {"project": project_key(backend.project)}
    try:
        answer = _ask(backend, "GET", "versions", timeout=settings.ML_TIMEOUT_DEFAULT)
    except Answered as trouble:
        if trouble.status != 405:
            raise
        answer = _ask(backend, "POST", "versions", body, timeout=settings.ML_TIMEOUT_DEFAULT)  # label-studio-ml 1.0 asks for POST
    found = answer.get("versions") if isinstance(answer, dict) else answer
    if not isinstance(found, list):
        raise ModelTrouble(_("The model's list of versions is not a list."))
    return [_version(item) for item in found]


def predict(
    backend: MLBackend, tasks: Sequence[Any], *, context: Any = None, timeout: float | None = None
) -> list[Predicted | ModelTrouble]:
    """Ask about tasks (as `payloads.tasks_for_model` makes them): for each what the model says, or why that cannot be used.

    Raises `ModelTrouble` when the answer as a whole is none.
    """
    project = backend.project
    body = {
        "tasks": list(tasks),
        "model_version": backend.model_version,
        "project": project_key(project),
        "label_config": project.label_config,
        "params": {"login": None, "password": None, "context": context},
    }
    seconds = timeout if timeout is not None else (backend.timeout or settings.ML_TIMEOUT_PREDICT)
    answer = _ask(backend, "POST", "predict", body, timeout=seconds)
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise ModelTrouble(_('The model\'s answer has no list "results".'))
    results = answer["results"]
    if len(results) != len(tasks):
        raise WrongNumber(
            _("The model answered %(answers)s times for %(tasks)s tasks.") % {"answers": len(results), "tasks": len(tasks)}, len(results)
        )
    said = _version(answer.get("model_version")) or backend.model_version or backend.title
    return [_predicted(item, said) for item in results]


class Answered(ModelTrouble):
    """The model's server answered with a status that means no."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence, silent=status in (502, 503, 504))
        self.status = status


class WrongNumber(ModelTrouble):
    """Another number of answers than tasks. Some models answer about the first task only: then they are asked one by one."""

    def __init__(self, sentence: str, answers: int) -> None:
        super().__init__(sentence)
        self.answers = answers


def project_key(project: Project) -> str:
    return f"{project.pk}.{int(project.created_at.timestamp())}"


def authorization(backend: MLBackend) -> dict[str, str]:
    """The header for a server that asks for a password. Raises `SecretUnreadable`."""
    if backend.auth_method != MLBackend.AuthMethod.BASIC:
        return {}
    pair = f"{backend.basic_auth_user}:{backend.password()}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode('ascii')}"}


def address(backend: MLBackend, path: str) -> str:
    return f"{backend.url.rstrip('/')}/{path}"


def _predicted(item: Any, said: str) -> Predicted | ModelTrouble:
    if isinstance(item, list):  # the rows alone, or a list of whole predictions of which the first counts
        item = item[0] if item and isinstance(item[0], dict) and "result" in item[0] else {"result": item}
    if not isinstance(item, dict) or not isinstance(item.get("result"), list):
        return ModelTrouble(_("The model's answer for this task has no result."))
    score = item.get("score")
    if isinstance(score, bool) or not isinstance(score, int | float | None) or (score is not None and not math.isfinite(score)):
        return ModelTrouble(_("The model's score for this task is not a number."))
    return Predicted(item["result"], None if score is None else float(score), _version(item.get("model_version")) or said)


def _version(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)[:1_000]


def _ask(
    backend: MLBackend, method: str, path: str, body: Any = None, *, timeout: float, parsed: bool = True, secret: str | None = None
) -> Any:
    content = b"" if body is None else dump_json(body)
    try:
        headers = {"Accept": "application/json", **authorization(backend)}
        if key := secret or backend.signing_secret():
            headers[HEADER] = signature(key, content)
    except SecretUnreadable:
        raise ModelTrouble(_("The password or the secret was stored under another SECRET_KEY: give it again.")) from None
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        with fetch(
            address(backend, path),
            method=method,
            headers=headers,
            body=content or None,
            timeout=timeout,
            connect=settings.ML_CONNECTION_TIMEOUT,
            within=timeout,
            max_bytes=MOST_BYTES,
        ) as answer:
            content = answer.read()
            status = answer.status
    except Refused as refused:
        if refused.status == 413:
            raise ModelTrouble(str(refused)) from None
        raise ModelTrouble(
            _(
                "%(url)s did not answer within %(seconds)g s, or must not be asked: model servers on private networks are named in ALLOWED_INTERNAL_HOSTS."
            )
            % {"url": address(backend, path), "seconds": timeout},
            silent=True,
        ) from None
    if not 200 <= status < 300:
        raise Answered(
            _("%(url)s answered %(status)s: %(text)s") % {"url": address(backend, path), "status": status, "text": _quoted(content)}, status
        )
    if not parsed:
        return None
    try:
        return read_json(content) if content.strip() else None
    except (JSONRefused, UnicodeDecodeError) as error:
        raise ModelTrouble(_("%(url)s did not answer with JSON: %(error)s") % {"url": address(backend, path), "error": error}) from None


def _quoted(content: bytes) -> str:
    return " ".join(content[:QUOTED].decode(errors="replace").replace("\0", "").split())
