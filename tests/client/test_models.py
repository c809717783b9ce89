"""`ml.*` and `predictions.*` of the unmodified SDK, sync and async; and the real label-studio-ml 1.0.9 as the model's server."""

from __future__ import annotations

import asyncio
import fcntl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from label_studio_sdk import AsyncLabelStudio, LabelStudio
from label_studio_sdk.core.api_error import ApiError

from organizations.operations import ensure_first_user
from tests.browser import PASSWORD
from tests.labelled import TEXT_CONFIG, choice
from tests.ml.conftest import Model, model, work_jobs  # noqa: F401 - the fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore")]

EMAIL, TOKEN = "owner@example.com", "0123456789abcdef0123456789abcdef01234567"
ROOT = Path(__file__).resolve().parents[2]
PEER = ROOT / ".cache" / "peers" / "label-studio-ml-1.0.9"
# The package does not name what its own code imports: rq and redis.
PACKAGES = ("label-studio-ml==1.0.9", "rq<2", "redis<6")


@pytest.fixture
def client(live_server: Any) -> LabelStudio:
    ensure_first_user(EMAIL, PASSWORD, TOKEN)
    return LabelStudio(base_url=str(live_server.url), api_key=TOKEN)


def guess(request: Any) -> Any:
    return {"results": [{"result": choice("Negative"), "score": 0.25} for _task in request.body["tasks"]]}


def test_models_by_the_sdk(client: LabelStudio, model: Model) -> None:  # noqa: F811
    """Scenario 40."""
    model.answers["/predict"] = guess
    project = client.projects.create(title="Models", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=project.id, request=[{"text": "one"}, {"text": "two"}])
    made = client.ml.create(url=model.url, project=project.id, title="Guesser", is_interactive=True)
    assert (made.state, made.model_version, made.basic_auth_pass_is_set) == ("CO", "", False)
    assert [row.id for row in client.ml.list(project=project.id)] == [made.id]
    assert client.ml.list(project=project.id, is_interactive=False) == []
    assert client.ml.update(id=made.id, title="Better").title == "Better"
    assert client.ml.get(id=made.id).title == client.projects.get(id=project.id).model_version == "Better"
    assert client.ml.list_model_versions(id=made.id).versions == ["m0", "m1"]
    client.ml.train(id=made.id, use_ground_truth=True)
    client.ml.predict_all_tasks(id=made.id, batch_size=1)
    work_jobs()
    assert "START_TRAINING" in [body["action"] for body in model.asked("/webhook")]
    found = client.predictions.list(project=project.id)
    assert [(row.score, row.model_version) for row in found] == [(0.25, "m1")] * 2
    client.ml.predict_interactive(id=made.id, task=found[0].task, context={"result": []})
    assert model.asked("/predict")[-1]["params"]["context"] == {"result": []}
    assert client.predictions.get(id=found[0].id).result == choice("Negative")
    assert client.predictions.update(id=found[0].id, score=0.75).score == 0.75
    client.predictions.delete(id=found[1].id)
    own = client.predictions.create(task=found[1].task, result=choice(), score=0.5, model_version="mine")
    assert [row.id for row in client.predictions.list(task=own.task)] == [own.id]
    client.projects.update(id=project.id, model_version="mine")
    with pytest.raises(ApiError) as refused:
        client.projects.update(id=project.id, model_version="nobody")
    assert refused.value.status_code == 400
    client.ml.delete(id=made.id)
    assert client.ml.list(project=project.id) == []
    model.dead = True
    with pytest.raises(ApiError) as refused:
        client.ml.create(url=model.url, project=project.id)
    assert refused.value.status_code == 400


def test_models_by_the_asynchronous_sdk(client: LabelStudio, model: Model) -> None:  # noqa: F811
    """Scenario 40."""
    project = client.projects.create(title="Models", label_config=TEXT_CONFIG)
    task = client.projects.import_tasks(id=project.id, request=[{"text": "one"}], return_task_ids=True).task_ids[0]

    async def use(asynchronous: AsyncLabelStudio) -> None:
        made = await asynchronous.ml.create(url=model.url, project=project.id)
        assert [row.title for row in await asynchronous.ml.list(project=project.id)] == ["default"]
        assert (await asynchronous.ml.update(id=made.id, description="Guesses")).description == "Guesses"
        assert (await asynchronous.ml.list_model_versions(id=made.id)).versions == ["m0", "m1"]
        await asynchronous.ml.train(id=made.id)
        await asynchronous.ml.predict_interactive(id=made.id, task=task, context={})
        await asynchronous.ml.predict_all_tasks(id=made.id)
        own = await asynchronous.predictions.create(task=task, result=choice(), model_version="mine")
        assert (await asynchronous.predictions.get(id=own.id)).model_version == "mine"
        await asynchronous.predictions.delete(id=own.id)
        await asynchronous.ml.delete(id=made.id)
        assert await asynchronous.predictions.list(project=project.id) == []

    asyncio.run(use(AsyncLabelStudio(base_url=client._client_wrapper.get_base_url(), api_key=TOKEN)))


def peer_python() -> Path:
    """The Python of the package's own environment under .cache/, made when it is not there yet (about ten seconds)."""
    python, done = PEER / "bin" / "python", PEER / "complete"
    PEER.parent.mkdir(parents=True, exist_ok=True)
    with (PEER.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            uv = str(Path(sys.executable).parent / "uv")
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(PEER)], check=True)
            subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES], check=True)
            done.touch()
    return python


@pytest.fixture
def real_model(tmp_path: Path, settings: Any) -> Iterator[str]:
    """The address of the real server with the tiny model."""
    command = [str(peer_python()), str(Path(__file__).with_name("peer_model.py")), str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    port = process.stdout.readline().strip()
    settings.ALLOWED_INTERNAL_HOSTS = [f"127.0.0.1:{port}"]
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_real_server_predicts_learns_and_reads_with_its_token(client: LabelStudio, real_model: str) -> None:
    project = client.projects.create(title="Real", label_config=TEXT_CONFIG)
    client.projects.import_tasks(id=project.id, request=[{"text": str(number)} for number in range(7)])
    made = client.ml.create(url=real_model, project=project.id, title="Tiny", is_interactive=True)
    assert (made.model_version, client.ml.get(id=made.id).model_version) == ("", "INITIAL")
    client.ml.predict_all_tasks(id=made.id)
    work_jobs()
    first = client.predictions.list(project=project.id)
    assert {(row.model_version, row.score, row.result[0]["value"]["choices"][0]) for row in first} == {("INITIAL", 0.07, "Negative")}
    client.ml.train(id=made.id)
    work_jobs()
    deadline = time.monotonic() + 60
    while not (versions := client.ml.list_model_versions(id=made.id).versions) and time.monotonic() < deadline:
        time.sleep(0.2)  # it learns in a process of its own
    assert len(versions) == 1
    client.ml.update(id=made.id, extra_params={"again": True})  # asks for its version at once; the worker does every minute
    trained = client.ml.get(id=made.id).model_version
    assert trained == str(versions[0])
    client.ml.predict_all_tasks(id=made.id)
    work_jobs()
    found = {(row.model_version, row.result[0]["value"]["choices"][0]) for row in client.predictions.list(project=project.id)}
    assert found == {("INITIAL", "Negative"), (trained, "Positive")}
