"""Projects that the command line makes: from a template, a configuration, files of tasks, and the directory of a Label Studio 0.x project."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

import pytest

import labeling
from core.cli import run
from core.commands import INPUT_FORMATS
from labeling.old_names import OLD_NAMES
from organizations.models import Organization
from organizations.operations.joining import sign_up
from tests.core.test_start import LABELSPACE, environment
from tests.ml.conftest import Model, model, work_jobs
from tests.packaging.serving import running
from tests.people import Person, somebody

__all__ = ["environment", "model"]  # fixtures

CHOICES = "<View><Text name='t' value='$text'/><Choices name='c' toName='t'><Choice value='a'/><Choice value='b'/></Choices></View>"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(autouse=True)
def same_environment_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())


def project_of(ann: Person, title: str) -> dict[str, Any]:
    (found,) = ann.get("/api/projects/", title=title).json()["results"]
    return dict(found)


def tasks_of(ann: Person, project: dict[str, Any]) -> list[dict[str, Any]]:
    answer = ann.get(f"/api/projects/{project['id']}/export", exportType="JSON", download_all_tasks="true")
    return list(json.loads(answer.getvalue()))


@pytest.mark.parametrize("name", OLD_NAMES)
def test_every_old_template_name_is_one_of_the_gallery(name: str) -> None:
    found = labeling.template_named(name)
    assert found is not None
    assert found.id == OLD_NAMES[name]


@pytest.mark.django_db
def test_a_project_from_a_template_and_another_set_up_by_force(capsys: pytest.CaptureFixture[str]) -> None:
    ann = somebody()
    assert run(["init", "Boxes", "--template", "image_mixedlabel"]) == 0
    assert "<RectangleLabels" in project_of(ann, "Boxes")["label_config"]
    assert run(["init", "Boxes", "--template", "keypoints"]) == 0
    assert "<RectangleLabels" in project_of(ann, "Boxes")["label_config"]
    assert run(["init", "Boxes", "--template", "images/keypoints", "--force"]) == 0
    assert "<KeyPointLabels" in project_of(ann, "Boxes")["label_config"]
    assert run(["init", "Boxes", "--template", "key points of animals"]) == 2
    assert capsys.readouterr().err.startswith("labelspace: --template: there is no template 'key points of animals'")


@pytest.mark.django_db
def test_force_never_costs_a_result(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ann = somebody()
    tasks = tmp_path / "tasks.json"
    row = {"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["a"]}}
    tasks.write_text(json.dumps([{"data": {"text": "x"}, "annotations": [{"result": [row]}]}]))
    assert run(["init", "Words", "--label-config", CHOICES, "-i", str(tasks)]) == 0
    assert run(["init", "Words", "--template", "image_bbox", "--force"]) == 2
    assert capsys.readouterr().err.startswith("labelspace: --force: ")
    assert "<Choices" in project_of(ann, "Words")["label_config"]


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["json", "json-dir", "csv", "text", "text-dir", "image-dir"])
def test_tasks_come_from_files(format: str, tmp_path: Path) -> None:
    ann = somebody()
    folder = tmp_path / "input"
    folder.mkdir()
    contents = {"json": '[{"text": "one"}, {"text": "two"}]', "csv": "text\none\ntwo\n", "txt": "one\ntwo\n"}
    kind = format.partition("-")[0].replace("text", "txt")
    if kind == "image":
        for name in ("a.png", "b.png"):
            (folder / name).write_bytes(PNG)
    elif format == "text-dir":
        (folder / "a.txt").write_text("one\nand more")
        (folder / "b.txt").write_text("two")
    else:
        (folder / "tasks.data").write_text("not for us")
        (folder / f"tasks.{kind}").write_text(contents[kind])
    path = folder if INPUT_FORMATS[format][0] else folder / f"tasks.{kind}"
    config = "<View><Image name='i' value='$image'/></View>" if kind == "image" else CHOICES
    for _ in range(2):  # a second start imports nothing again
        assert run(["init", "From files", "-l", config, "-i", str(path), "--input-format", format]) == 0
    data = [task["data"] for task in tasks_of(ann, project_of(ann, "From files"))]
    if kind == "image":
        assert sorted(one["image"].rpartition("-")[2] for one in data) == ["a.png", "b.png"]
    else:
        assert [one["text"] for one in data] == (["one\nand more", "two"] if format == "text-dir" else ["one", "two"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-i", "/nowhere.json"], "--input-path: /nowhere.json does not exist."),
        (
            ["-i", "/etc/hosts", "--input-format", "image-dir"],
            "--input-path: /etc/hosts is a file, and --input-format image-dir takes the other.",
        ),
        (["-l", "<View>", "--template", "image_bbox"], "--template and --label-config both say the labeling set-up: give one of them."),
    ],
)
def test_mistakes_are_one_sentence(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    somebody()
    assert run(["init", "Wrong", *arguments]) == 2
    assert capsys.readouterr().err == f"labelspace: {sentence}\n"


@pytest.mark.django_db
def test_before_there_is_an_account_a_project_waits_for_its_first_owner(tmp_path: Path) -> None:
    tasks = tmp_path / "tasks.csv"
    tasks.write_text("text\nhello\n")
    assert run(["init", "First of all", "-l", CHOICES, "-i", str(tasks)]) == 0
    user = sign_up("ann@example.org", "correct horse battery")
    organization = Organization.objects.get()
    assert organization.created_by == user
    membership = user.memberships.get()
    assert (membership.role, membership.organization) == ("owner", organization)
    project = organization.projects.get()
    assert (project.title, project.task_number) == ("First of all", 1)


@pytest.mark.django_db
def test_export_by_title(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    somebody()
    assert run(["init", "To export"]) == 0
    assert run(["export", "To export", "JSON", "--export-path", str(tmp_path / "x.json")]) == 0
    assert json.loads((tmp_path / "x.json").read_text()) == []
    assert run(["export", "Nothing", "JSON"]) == 2
    assert capsys.readouterr().err == "labelspace: There is no project Nothing.\n"


def old_directory(folder: Path) -> Path:
    """A project as Label Studio 0.7 to 0.9 kept it."""
    old = folder / "my_project"
    for name in ("completions", "predictions", "upload"):
        (old / name).mkdir(parents=True)
    choice = {"id": "sZ2AW3fNVw", "from_name": "c", "to_name": "t", "type": "choices"}
    a, b = ({**choice, "value": {"choices": [label]}} for label in "ab")
    config = {"title": "My project", "protocol": "http://", "host": "localhost", "port": 8200, "debug": False, "label_config": "config.xml"}
    config |= {
        "input_path": "tasks.json",
        "output_dir": "completions",
        "instruction": "Look <b>twice</b>.",
        "sampling": "uniform",
        "ml_backends": [],
    }
    (old / "config.json").write_text(json.dumps(config))
    (old / "config.xml").write_text(CHOICES.replace("<View>", "<View><Image name='i' value='$picture'/>"))
    (old / "upload" / "cat one.png").write_bytes(PNG)
    picture = "http://localhost:8200/data/upload/cat%20one.png"
    tasks = {str(n): {"id": n, "data": {"text": f"text {n}", "picture": picture}} for n in range(4)}
    tasks["3"]["data"]["picture"] = "https://example.org/data/else.png"
    tasks["2"]["predictions"] = [{"id": 7, "result": [a], "score": 0.5, "model_version": "m1", "created_at": 1_590_000_000}]
    (old / "tasks.json").write_text(json.dumps(tasks))
    done = [
        {"id": 1, "created_at": 1_600_000_000, "lead_time": 4.25, "result": [a]},
        {"id": 2, "created_at": 1_600_000_500, "lead_time": 2.5, "result": [b], "honeypot": True},
    ]
    (old / "completions" / "1.json").write_text(json.dumps({**tasks["1"], "completions": done, "task_path": "tasks.json"}))
    skipped = [{"id": 1001, "created_at": 1_600_001_000, "lead_time": 1.0, "result": [], "skipped": True}]
    (old / "completions" / "0.json").write_text(json.dumps({**tasks["0"], "completions": skipped}))
    (old / "predictions" / "1.json").write_text(json.dumps({"id": 1, "predictions": [{"result": [b], "score": 0.25}]}))
    return old


@pytest.mark.django_db
def test_the_directory_of_an_old_project_is_taken_in_as_it_is_and_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ann = somebody()
    old = old_directory(tmp_path)
    before = {path: path.read_bytes() for path in old.rglob("*") if path.is_file()}
    assert run(["adopt", str(old)]) == 0
    assert "4 tasks, 3 annotations, 2 predictions." in capsys.readouterr().out
    project = project_of(ann, "My project")
    assert (project["sampling"], project["expert_instruction"]) == ("Uniform sampling", "Look <b>twice</b>.")
    tasks = {task["meta"]["label_studio_id"]: task for task in tasks_of(ann, project)}
    assert [tasks[n]["inner_id"] for n in (1, 2, 3, 0)] == [1, 2, 3, 4]
    assert [tasks[n]["data"]["text"] for n in range(4)] == ["text 0", "text 1", "text 2", "text 3"]
    first, second = sorted(tasks[1]["annotations"], key=lambda row: row["import_id"])
    assert (first["import_id"], first["created_at"], first["lead_time"], first["ground_truth"]) == (1, "2020-09-13T12:26:40Z", 4.25, False)
    assert (second["import_id"], second["result"][0]["value"], second["ground_truth"]) == (2, {"choices": ["b"]}, True)
    assert [(row["import_id"], row["was_cancelled"]) for row in tasks[0]["annotations"]] == [(1001, True)]
    assert [row["score"] for row in tasks[1]["predictions"]] == [0.25]
    assert [(row["model_version"], row["created_at"]) for row in tasks[2]["predictions"]] == [("m1", "2020-05-20T18:40:00Z")]
    picture = tasks[1]["data"]["picture"]
    assert picture == tasks[2]["data"]["picture"]
    answer = ann.get(picture)
    assert (answer.status_code, answer.getvalue()) == (200, PNG)
    assert tasks[3]["data"]["picture"] == "https://example.org/data/else.png"

    assert run(["adopt", str(old)]) == 0
    assert len(ann.get("/api/projects/").json()["results"]) == 1
    assert ann.get(f"/api/projects/{project['id']}/").json()["task_number"] == 4
    assert {path: path.read_bytes() for path in old.rglob("*") if path.is_file()} == before


@pytest.mark.django_db
def test_a_damaged_directory_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ann = somebody()
    old = old_directory(tmp_path)
    broken = old / "completions" / "1.json"
    whole = broken.read_text()
    broken.write_text(whole[:-10])
    assert run(["adopt", str(old)]) == 2
    assert str(broken) in capsys.readouterr().err
    assert ann.get("/api/projects/").json()["results"] == []
    broken.write_text(whole)
    assert run(["adopt", str(old)]) == 0
    assert project_of(ann, "My project")["task_number"] == 4


@pytest.mark.django_db
def test_an_old_project_copies_no_other_files_of_the_machine(tmp_path: Path) -> None:
    ann = somebody()
    old = old_directory(tmp_path)
    (tmp_path / "secret.txt").write_text("secret")
    tasks = {"1": {"id": 1, "data": {"text": "/data/upload/../../secret.txt", "picture": f"/data/secret.txt?d={tmp_path}"}}}
    (old / "tasks.json").write_text(json.dumps(tasks))
    (old / "completions" / "0.json").unlink()
    assert run(["adopt", str(old)]) == 0
    (task,) = tasks_of(ann, project_of(ann, "My project"))
    assert task["data"] == tasks["1"]["data"]


def test_start_takes_an_old_directory_with_its_password(environment: dict[str, str], tmp_path: Path) -> None:
    old = old_directory(tmp_path)
    config = json.loads((old / "config.json").read_text())
    (old / "config.json").write_text(json.dumps({**config, "username": "user", "password": "pwd"}))
    account = {"LABEL_STUDIO_USERNAME": "ann@example.org", "LABEL_STUDIO_PASSWORD": "correct horse battery"}
    account |= {"LABEL_STUDIO_USER_TOKEN": "abcdef0123456789"}
    with running([*LABELSPACE, "start", "my_project", "--port", "0"], tmp_path, {**environment, **account}) as server:
        assert server.get("/user/login/")[0] == 401
        said = "Basic " + base64.b64encode(b"user:pwd").decode()
        assert server.get("/user/login/", Authorization=said)[0] == 200
        found = json.loads(server.get("/api/projects/", Authorization="Token abcdef0123456789")[2])["results"]
        assert [(project["title"], project["task_number"]) for project in found] == [("My project", 4)]


@pytest.mark.django_db(transaction=True)
def test_model_servers_named_on_the_command_line_predict(model: Model, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ann = somebody()
    model.answers["/predict"] = lambda request: {
        "results": [
            {"result": [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["b"]}}], "score": 0.5}
            for _task in request.body["tasks"]
        ]
    }
    (tmp_path / "tasks.json").write_text(json.dumps([{"text": "one"}, {"text": "two"}]))
    line = [
        "init",
        "Models",
        "--label-config",
        CHOICES,
        "-i",
        str(tmp_path / "tasks.json"),
        "--ml-backends",
        model.url,
        "http://127.0.0.1:1",
    ]
    assert run(line) == 0
    assert "--ml-backends: http://127.0.0.1:1" in capsys.readouterr().err, "one that does not answer keeps nobody from working"
    project = project_of(ann, "Models")
    (backend,) = ann.get("/api/ml/", project=project["id"]).json()
    assert (backend["url"], backend["state"], project["model_version"]) == (model.url, "CO", backend["title"])
    assert run(line) == 0
    assert len(ann.get("/api/ml/", project=project["id"]).json()) == 1, "connected once"
    assert ann.post(f"/api/ml/{backend['id']}/predict").status_code == 200
    work_jobs()
    assert [row["result"][0]["value"]["choices"] for row in ann.get("/api/predictions/", project=project["id"]).json()] == [["b"], ["b"]]
