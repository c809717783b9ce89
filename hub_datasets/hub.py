"""Asking the Hub, with its errors as sentences. The library is loaded by the first question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused, invalid

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[\w.-]{1,96})?")
CONVERTED = "refs/convert/parquet"  # where the Hub keeps its own conversion of any dataset
SPLITS = ("train", "validation", "valid", "dev", "test", "eval")


def dataset_named(said: str) -> str:
    """The id in what somebody pasted: an id, or a page's address. Raises 400."""
    text = said.strip()
    text = re.sub(r"^(?:https?://[^/]+/|hf://)?(?:datasets/)?", "", text).split("?")[0].split("#")[0]
    parts = text.strip("/").split("/")
    name = "/".join(parts[:2])
    if not NAME.fullmatch(name) or ".." in name:
        raise invalid(dataset=_("Give a dataset's id like stanfordnlp/imdb, or the address of its page."))
    return name


@dataclass(frozen=True)
class Files:
    """The Parquet files of a dataset: configuration → split → paths, at one commit."""

    repo: str
    revision: str
    splits: dict[str, dict[str, list[str]]] = field(default_factory=dict)


class Hub:
    """`token` may be "": public datasets need none."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.endpoint = settings.ENVIRONMENT.hf_endpoint or None

    @property
    def api(self) -> Any:
        if not hasattr(self, "_api"):
            from huggingface_hub import HfApi

            self._api = HfApi(endpoint=self.endpoint, token=self.token or False)
        return self._api

    def files(self, repo: str, revision: str = "") -> Files:
        """Raises 400 when there is no such dataset for this token, or nothing in it that can be read."""
        for at in [revision] if revision else ["main", CONVERTED]:
            try:
                with told(repo):
                    found = self.api.repo_info(repo, repo_type="dataset", revision=at)
            except Refused:
                if at == CONVERTED:
                    break
                raise
            names = [one.rfilename for one in found.siblings if one.rfilename.endswith(".parquet")]
            if names:
                return Files(repo, found.sha, _splits(sorted(names)))
        raise invalid(
            dataset=_("%(repo)s has no Parquet files. The Hub converts public datasets by itself; else push it with datasets.push_to_hub.")
            % {"repo": repo}
        )

    @contextmanager
    def opened(self, repo: str, revision: str, path: str) -> Iterator[Any]:
        """A file of a dataset, read in the ranges that are asked for."""
        from huggingface_hub import HfFileSystem

        with told(repo):
            system = HfFileSystem(endpoint=self.endpoint, token=self.token or False, skip_instance_cache=True)
            with system.open(f"datasets/{repo}@{revision}/{path}", "rb", block_size=4 << 20) as file:
                yield file


@contextmanager
def told(repo: str) -> Iterator[None]:
    from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        yield
    except GatedRepoError:
        raise invalid(dataset=_("%(repo)s is gated: ask for access on its page, then give your token.") % {"repo": repo}) from None
    except RevisionNotFoundError:
        raise invalid(dataset=_("%(repo)s has no such revision.") % {"repo": repo}) from None
    except (RepositoryNotFoundError, FileNotFoundError):
        raise invalid(dataset=_("There is no dataset %(repo)s, or it is private and the token may not read it.") % {"repo": repo}) from None
    except HfHubHTTPError as error:
        status = getattr(error.response, "status_code", 0)
        if status == 402:
            raise Refused(_("The Hub asks for a paid plan or more storage for this."), 400) from None
        if status in (401, 403):
            raise Refused(_("The token may not do this: give one with write access to %(repo)s.") % {"repo": repo}, 400) from None
        raise Refused(_("The Hub answers %(status)s. Try again later.") % {"status": status or "?"}, 502) from None
    except (OSError, TimeoutError) as error:
        raise Refused(_("The Hub cannot be reached: %(why)s") % {"why": type(error).__name__}, 502) from None


def _splits(names: list[str]) -> dict[str, dict[str, list[str]]]:
    """`<config>/<split>/0000.parquet`, `data/<split>-00000-of-00001.parquet`, `<config>/<split>-….parquet`, `<split>.parquet`: the usual layouts."""
    found: dict[str, dict[str, list[str]]] = {}
    for name in names:
        *folders, file = name.split("/")
        stem = re.split(r"[-_.]", file.removesuffix(".parquet"))[0].lower()
        folder_split = next((folder for folder in reversed(folders) if folder.lower() in SPLITS), None)
        split = folder_split or (stem if stem in SPLITS else re.sub(r"-\d{4,5}-of-\d{4,5}$", "", file.removesuffix(".parquet")))
        if split.isdecimal():
            split = "train"
        rest = [folder for folder in folders if folder != folder_split and folder != "data"]
        found.setdefault("/".join(rest) or "default", {}).setdefault(split, []).append(name)
    return found
