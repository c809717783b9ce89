"""A stand-in for the Hugging Face Hub on loopback: repositories, buckets, Spaces, jobs, webhooks and sign-in, all in memory.

It answers what `huggingface_hub` asks for and records every request before it answers (`hub.calls`). It is no model of security: any token
of `hub.tokens` may do everything. `hub.fail_next(…)` makes requests fail.

    with served_hub(tmp_path / "xet") as hub:
        HfApi(endpoint=hub.endpoint, token="hf_test").create_repo("ann/data", repo_type="dataset")

By hand: `python -m tests.services.hub --port 18140 --xet DIR`.
"""

from __future__ import annotations

from tests.services.hub.server import served_hub
from tests.services.hub.state import Blob, Hub, Repo

__all__ = ["Blob", "Hub", "Repo", "served_hub"]
