"""A push: the table, the labeling set-up, the guidelines and a card, as one commit with a tag."""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.rawjson import dump_json
from data_export.queries import Selection
from data_manager.sql import json_as_text
from hub_datasets.hub import Hub, told
from hub_datasets.models import HubTarget
from hub_datasets.reading import need_pyarrow
from hub_datasets.table import Counts, Table
from projects.models import Project

ANNOTATIONS, CONSENSUS = "data/train-00000-of-00001.parquet", "data/consensus-00000-of-00001.parquet"
TASKS = "tasks/tasks.jsonl"
LABELS_TOLD = 50

CARD = """---
pretty_name: {title}
tags:
- labelspace
- human-feedback
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*
  - split: consensus
    path: data/consensus-*
---

# {heading}

{annotations:,} annotations of {tasks:,} tasks, made with Labelspace.

- `train`: one row per annotation, with who made it (a number), when, and in how many seconds.
- `consensus`: one row per task: the ground truth when there is one, else what most annotators chose, the median of numbers, the newest of anything else.
- `result` holds each annotation whole, as Label Studio's JSON. `label_config.xml` is the labeling set-up{guidelines}.

```python
from datasets import load_dataset
load_dataset("{repo}", split="train")
```

## Labels

{labels}

## Agreement

{agreement}

## Provenance

Project {number} on {server}, pushed on {date}. Annotators are named by numbers only.
"""


@dataclass(frozen=True)
class Pushed:
    commit: str
    tag: str
    rows: int
    address: str


def files_of(
    project: Project, repo: str, folder: Path, alive: Callable[[], None], *, with_tasks: bool = False
) -> tuple[dict[str, str | bytes], Counts]:
    """Path in the dataset → content, or the file in `folder` that has it. `with_tasks`: also every task, labelled or not, as a line of JSON."""
    need_pyarrow()
    table = Table(project)
    annotations, consensus = folder / "annotations.parquet", folder / "consensus.parquet"
    table.write(annotations, consensus, alive)
    files: dict[str, str | bytes] = {
        "README.md": card(project, repo, table.counts),
        "label_config.xml": project.label_config.encode(),
        **({"guidelines.md": _guidelines(project).encode()} if project.expert_instruction else {}),
        ANNOTATIONS: str(annotations),
        CONSENSUS: str(consensus),
    }
    if with_tasks:
        tasks = folder / "tasks.jsonl"
        with tasks.open("wb") as file:
            for rows in Selection(project, all_tasks=True).pages(json_as_text("t.data")):
                file.writelines(b'{"id":%d,"data":%s}\n' % (row[0], row[1].encode()) for row in rows)
                alive()
        files[TASKS] = str(tasks)
    return files, table.counts


def push(target: HubTarget, token: str, alive: Callable[[], None], *, with_tasks: bool = False) -> Pushed:
    """Raises `Refused`. The repository is made when it is missing."""
    from huggingface_hub import CommitOperationAdd

    hub, project = Hub(token), target.project
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="hub-") as folder:
        files, counts = files_of(project, target.repo, Path(folder), alive, with_tasks=with_tasks)
        tag = f"labelspace-{timezone.now():%Y%m%d-%H%M%S}"
        with told(target.repo):
            hub.api.create_repo(target.repo, repo_type="dataset", private=target.private, exist_ok=True)
            done = hub.api.create_commit(
                target.repo,
                [CommitOperationAdd(name, content) for name, content in files.items()],
                commit_message=f"{counts.annotations} annotations of {project.title}"[:200],
                repo_type="dataset",
            )
            hub.api.create_tag(target.repo, tag=tag, revision=done.oid, repo_type="dataset")
    return Pushed(done.oid, tag, counts.annotations, f"{hub.api.endpoint}/datasets/{target.repo}")


def card(project: Project, repo: str, counts: Counts) -> bytes:
    title = " ".join(project.title.split()) or f"Project {project.pk}"
    text = CARD.format(
        title=dump_json(title).decode(),
        heading=title,
        annotations=counts.annotations,
        tasks=counts.tasks,
        guidelines=", `guidelines.md` what annotators were told" if project.expert_instruction else "",
        repo=repo,
        labels=_labels(counts),
        agreement=f"{counts.agreements / counts.compared:.1%} over {counts.compared:,} tasks with two or more annotations: the mean share of annotators that chose what most did."
        if counts.compared
        else "Not known: no task with answers that can be compared has two annotations.",
        number=project.pk,
        server=settings.PUBLIC_URL or "a server without a public address",
        date=f"{timezone.now():%Y-%m-%d}",
    )
    return text.encode()


def _labels(counts: Counts) -> str:
    lines = []
    for name, found in counts.labels.items():
        lines += [f"| `{name}` | annotations |", "|---|---:|"]
        lines += [f"| {label.replace('|', chr(92) + '|')} | {number:,} |" for label, number in found.most_common(LABELS_TOLD)]
        lines.append("")
    return "\n".join(lines).strip() or "No labels."


def _guidelines(project: Project) -> str:
    """The instructions as text: what is HTML there would not be shown here."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(p|div|li|h\d)>|<br ?/?>", "\n", project.expert_instruction or "")))
