"""What is long about a training here: the snapshot that it learns from, and taking in what it found."""

from __future__ import annotations

import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from core.actor import Actor
from core.errors import Refused
from core.jobs.registry import JobKind
from core.jobs.run import JobRun
from core.permissions import Role
from core.rawjson import JSONRefused, json_text, read_json
from hub_datasets.models import HubTarget
from hub_datasets.push import files_of, push
from projects.models import Project
from projects.queries import config_of
from tasks.answers import check_result
from tasks.models import Task
from tasks.operations.bulk import NewPrediction
from tasks.operations.bulk_predictions import add_predictions
from training.changes import change
from training.executors import fail
from training.local import PREDICTIONS, attempt_of, folder_of, forget
from training.models import TrainingRun
from training.queue import Queue

STEP = 1_000  # lines of one transaction
LONGEST_LINE = 16 << 20
TOLD = 20  # refused lines that the log names


def run_snapshot(job: JobRun) -> dict[str, Any]:
    """Whole or not at all: an interrupted one begins again."""
    run = TrainingRun.objects.select_related("project").get(pk=job.parameters["run"])
    if run.state != TrainingRun.State.QUEUED or run.dataset or run.project is None:
        return {}

    def alive() -> None:
        with job.step():
            job.done += 1

    try:
        if run.queue:
            repo = f"{run.queue.partition('/')[0]}/labelspace-project-{run.project_id}"
            pushed = push(HubTarget(project=run.project, repo=repo, private=True), settings.ENVIRONMENT.hf_token, alive, with_tasks=True)
            change(run, dataset=repo, revision=pushed.commit)
            return {"detail": f"{pushed.address} ({pushed.rows} annotations)"}
        folder = folder_of(run) / "data"
        shutil.rmtree(folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="training-") as space:
            files, counts = files_of(run.project, "", Path(space), alive, with_tasks=True)
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, bytes):
                    (folder / name).write_bytes(content)
                else:
                    shutil.move(content, folder / name)
        change(run, dataset=str(folder))
        return {"detail": f"{counts.annotations} annotations"}
    except Refused as refused:
        fail(run, refused.sentence)
        raise


def run_results(job: JobRun) -> dict[str, Any]:
    """Predictions of the run's model version, line by line. Cursor: `{line, kept, refused}`."""
    run = TrainingRun.objects.select_related("project").get(pk=job.parameters["run"])
    project = run.project
    if project is None:
        return {}
    cursor: dict[str, Any] = job.cursor or {"line": 0, "kept": 0, "refused": 0}
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="training-") as folder:
        found = Queue(run.queue).results(run.key, Path(folder)) if run.queue else attempt_of(run) / PREDICTIONS
        if found is not None and found.exists():
            with found.open("rb") as file:
                lines = iter(lambda: file.readline(LONGEST_LINE), b"")
                for _line in islice(lines, cursor["line"]):
                    pass
                while chunk := list(islice(lines, STEP)):
                    with job.step():
                        kept, refused = _keep(run, project, chunk, cursor["line"])
                        for text in refused[: max(0, TOLD - cursor["refused"])]:
                            job.log(text)
                        cursor = {
                            "line": cursor["line"] + len(chunk),
                            "kept": cursor["kept"] + kept,
                            "refused": cursor["refused"] + len(refused),
                        }
                        job.cursor, job.done = cursor, cursor["line"]
    forget(run)
    return {"detail": f"{cursor['kept']} predictions, {cursor['refused']} refused", **cursor}


def _keep(run: TrainingRun, project: Project, lines: list[bytes], first: int) -> tuple[int, list[str]]:
    config, refused = config_of(project), []
    read: list[tuple[int, NewPrediction]] = []
    for number, line in enumerate(lines, first + 1):
        if not line.strip():
            continue
        try:
            said = read_json(line)
            if not isinstance(said, dict) or not isinstance(said.get("task"), int) or not isinstance(said.get("result"), list):
                raise Refused('write {"task": id, "result": [...], "score": 0.9}', 400)
            check_result(config, said["result"])
            json_text(said["result"])
            score = said.get("score")
            prediction = NewPrediction(
                result=said["result"],
                score=float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None,
                model_version=run.model_version,
            )
        except (Refused, JSONRefused) as error:
            refused.append(f"Line {number}: {error.sentence if isinstance(error, Refused) else error}")
        else:
            read.append((said["task"], prediction))
    here = set(Task.objects.filter(project=project, pk__in=[task for task, _said in read if 0 < task < 2**63]).values_list("pk", flat=True))
    refused += [f"Task {task} is not there." for task, _said in read if task not in here]
    kept = [(task, said) for task, said in read if task in here]
    creator: Any = run.created_by_id
    actor = Actor(creator, "", project.organization_id, Role.OWNER, "job")
    return (add_predictions(actor, project, kept) if kept else 0), refused


SNAPSHOT = JobKind("training.snapshot", run_snapshot)
RESULTS = JobKind("training.results", run_results)
