"""The stand-in Hub is what Hub clients take it for: the real `huggingface_hub` works on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.hub import Hub, served_hub

SPACE, DATA, BUCKET = "ann/annotator", "ann/annotations", "ann/media"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    with served_hub(tmp_path / "xet") as hub:
        yield hub


@pytest.fixture
def api(hub: Hub) -> Any:
    from huggingface_hub import HfApi
    from huggingface_hub.utils import disable_progress_bars

    disable_progress_bars()
    return HfApi(endpoint=hub.endpoint, token="hf_test")


def test_repositories_take_commits_in_order(api: Any, hub: Hub, tmp_path: Path) -> None:
    from huggingface_hub import CommitOperationAdd
    from huggingface_hub.errors import HfHubHTTPError

    assert api.whoami()["name"] == "ann"
    api.create_repo(DATA, repo_type="dataset", private=True)
    api.upload_file(path_or_fileobj=b"text\none\n", path_in_repo="tasks.csv", repo_id=DATA, repo_type="dataset")
    large = bytes(range(256)) * 200
    api.upload_file(path_or_fileobj=large, path_in_repo="data/one.parquet", repo_id=DATA, repo_type="dataset")
    head = api.repo_info(DATA, repo_type="dataset").sha
    for content in (b"1", b"2"):
        change = [CommitOperationAdd("lease.json", content)]
        commit = lambda: api.create_commit(DATA, change, commit_message="lease", repo_type="dataset", parent_commit=head)  # noqa: B023, E731
        if content == b"1":
            commit()
        else:
            with pytest.raises(HfHubHTTPError) as stale:
                commit()
            assert stale.value.response.status_code == 412
    hub.page = 2
    assert set(api.list_repo_files(DATA, repo_type="dataset")) == {".gitattributes", "tasks.csv", "data/one.parquet", "lease.json"}
    assert {entry.path for entry in api.list_repo_tree(DATA, repo_type="dataset", recursive=True)} > {"tasks.csv", "data/one.parquet"}
    found = api.hf_hub_download(DATA, "data/one.parquet", repo_type="dataset", cache_dir=tmp_path / "cache")
    assert Path(found).read_bytes() == large
    api.super_squash_history(DATA, repo_type="dataset")
    assert len(api.list_repo_commits(DATA, repo_type="dataset")) == 1


def test_buckets_hold_files(api: Any, hub: Hub, tmp_path: Path) -> None:
    api.create_bucket(BUCKET, private=True)
    api.batch_bucket_files(BUCKET, add=[(b"segment" * 1000, "wal/1.bin"), (b"x", "wal/2.bin")])
    hub.put(BUCKET, "other", b"past the client")
    assert [(file.path, file.size) for file in api.list_bucket_tree(BUCKET, recursive=True)] == [
        ("other", 15),
        ("wal/1.bin", 7000),
        ("wal/2.bin", 1),
    ]
    api.download_bucket_files(BUCKET, [("other", tmp_path / "other")])
    assert (tmp_path / "other").read_bytes() == b"past the client"
    api.batch_bucket_files(BUCKET, delete=["wal/2.bin"])
    assert (hub.read(BUCKET, "wal/1.bin"), hub.read(BUCKET, "wal/2.bin")) == (b"segment" * 1000, None)


def test_spaces_are_managed(api: Any, hub: Hub) -> None:
    from huggingface_hub.errors import HfHubHTTPError

    secret = {"key": "SECRET_KEY", "value": "s"}
    api.create_repo(SPACE, repo_type="space", space_sdk="docker", space_secrets=[secret], space_hardware="t4-small")
    api.add_space_variable(SPACE, "A", "1")
    assert (set(api.get_space_secrets(SPACE)), api.get_space_variables(SPACE)["A"].value) == ({"SECRET_KEY"}, "1")
    hub.settle(SPACE)
    assert (api.get_space_runtime(SPACE).stage, api.pause_space(SPACE).stage) == ("RUNNING", "PAUSED")
    hub.fail_next("POST /api/spaces/.*/hardware", 402, error="Payment required")
    with pytest.raises(HfHubHTTPError, match="402"):
        api.request_space_hardware(SPACE, "a100-large")
    assert hub.calls[-1]["status"] == 402
    assert "hf_test" not in str(hub.calls)
    job = api.run_job(image="python:3.12", command=["true"], namespace="ann", labels={"project": "7"})
    assert [found.id for found in api.list_jobs(labels={"project": "7"}, namespace="ann")] == [job.id]
