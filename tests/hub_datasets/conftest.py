from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.people import Person, somebody
from tests.services.hub import Hub, served_hub

TOKEN = "hf_test"


@pytest.fixture(scope="session")
def hub_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with served_hub(tmp_path_factory.mktemp("hub") / "xet") as served:
        yield served


@pytest.fixture
def owner(db: None) -> Person:
    return somebody()


@pytest.fixture
def hub(hub_server: Hub, settings: Any) -> Hub:
    """The stand-in, which this server takes for the Hub."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, hf_endpoint=hub_server.endpoint, hf_token="")
    return hub_server


@pytest.fixture
def published(hub: Hub, tmp_path: Path) -> Callable[..., str]:
    """`published(dataset, "train", rows_of_a_group)` puts Parquet files into a private dataset of the stand-in; returns its id."""

    def publish(**splits: Any) -> str:
        from huggingface_hub import HfApi

        api = HfApi(endpoint=hub.endpoint, token=TOKEN)
        repo = f"ann/data-{uuid.uuid4().hex[:8]}"
        api.create_repo(repo, repo_type="dataset", private=True)
        for split, dataset in splits.items():
            file = tmp_path / f"{split}.parquet"
            dataset.to_parquet(file)
            api.upload_file(
                path_or_fileobj=file.read_bytes(), path_in_repo=f"data/{split}-00000-of-00001.parquet", repo_id=repo, repo_type="dataset"
            )
        return repo

    return publish


READ = """
import json, sys
from datasets import load_dataset
found = load_dataset(sys.argv[1], token="hf_test")
print(json.dumps({"features": {name: str(kind) for name, kind in found["train"].features.items()},
    "train": found["train"].to_list(), "consensus": found["consensus"].to_list()}))
"""


def loaded(hub: Hub, repo: str, folder: Path) -> Any:
    """What a person's own Python reads."""
    done = subprocess.run(
        [sys.executable, "-c", READ, repo],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "HF_ENDPOINT": hub.endpoint, "HF_HOME": str(folder / "hf")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return orjson.loads(done.stdout.splitlines()[-1])
