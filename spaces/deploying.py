"""A Space of Labelspace in one go: bucket, repository with its secrets, files, and the wait until it serves."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refused
from spaces.hub import told
from spaces.wheel import requirements, write_wheel

if TYPE_CHECKING:
    from huggingface_hub import HfApi

IGNORED_AT_UPDATE = ("SECRET_KEY",)
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")
UP = "RUNNING"
BROKEN = frozenset({"BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "PAUSED", "STOPPED", "DELETING"})


@dataclass
class Plan:
    """What is asked for. `token` is the one that the Space itself gets, `owner` the e-mail address of an account with a password."""

    name: str
    visibility: str = "private"
    hardware: str = ""
    sleep: int | None = None
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    volumes: list[Any] = field(default_factory=list)
    token: str = ""
    owner: str = ""
    bucket: bool = True


def template() -> Path:
    """The folder of a Space's README.md and Dockerfile."""
    return Path(settings.BASE_DIR) / "deploy" / "space"


def full_name(api: HfApi, name: str) -> str:
    """`owner/name`; a name alone is one's own. Raises Refused for what is no name."""
    owner, slash, rest = name.partition("/")
    if not all(NAME.fullmatch(part) for part in ((owner, rest) if slash else (owner,))):
        raise Refused(_("%(space)s is no name of a Space: write owner/name.") % {"space": name}, 400)
    if slash:
        return name
    with told(name):
        return f"{api.whoami()['name']}/{name}"


def deploy(api: HfApi, plan: Plan, say: Callable[[str], object]) -> tuple[str, str]:
    """Make or update the Space; each step can be done again. Returns its name and the new owner's password ("" for none).

    Raises Refused for what the Hub refuses.
    """
    space = full_name(api, plan.name)
    password = ""
    with told(space):
        there = api.repo_exists(space, repo_type="space")
        known = set(api.get_space_secrets(space)) if there else set()
        plan.secrets.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        if plan.token:
            plan.secrets.setdefault("HF_TOKEN", plan.token)
        if plan.owner and "LABEL_STUDIO_PASSWORD" not in known:
            password = secrets.token_urlsafe(12)
            plan.secrets.update({"LABEL_STUDIO_USERNAME": plan.owner, "LABEL_STUDIO_PASSWORD": password})
        if plan.bucket:
            bucket = f"{space}-data"
            api.create_bucket(bucket, private=True, exist_ok=True)
            plan.variables.setdefault("DURABLE_TARGET", f"hf://buckets/{bucket}")
            say(_("Bucket: %(bucket)s (private), for copies of everything") % {"bucket": bucket})
        if there:
            update(api, space, plan, known)
            say(_("Space: %(space)s, updated") % {"space": space})
        else:
            create(api, space, plan)
            say(_("Space: %(space)s, made (%(visibility)s)") % {"space": space, "visibility": plan.visibility})
        upload(api, space)
        say(_("Files: uploaded; Hugging Face builds the Space now"))
    return space, password


def create(api: HfApi, space: str, plan: Plan) -> None:
    """Raises as the client does: inside of `told` only."""
    api.create_repo(
        space,
        repo_type="space",
        space_sdk="docker",
        visibility=plan.visibility,  # type: ignore[arg-type]
        space_hardware=plan.hardware or None,  # type: ignore[arg-type]
        space_sleep_time=plan.sleep,
        space_secrets=[{"key": key, "value": value} for key, value in plan.secrets.items()] or None,
        space_variables=[{"key": key, "value": value} for key, value in plan.variables.items()] or None,
        space_volumes=plan.volumes or None,
    )


def update(api: HfApi, space: str, plan: Plan, known: set[str]) -> None:
    """Secrets and variables of a Space that is there; a key that it has is not made anew, or everybody would be signed out."""
    for key, value in plan.secrets.items():
        if key not in known or key not in IGNORED_AT_UPDATE:
            api.add_space_secret(space, key, value)
    for key, value in plan.variables.items():
        api.add_space_variable(space, key, value)
    if plan.volumes:
        api.set_space_volumes(space, plan.volumes)
    if plan.hardware:
        api.request_space_hardware(space, plan.hardware, sleep_time=plan.sleep)  # type: ignore[arg-type]


def upload(api: HfApi, space: str) -> None:
    """README.md with the Space's title, Dockerfile, locked requirements and the wheel, in one commit; former wheels go."""
    with tempfile.TemporaryDirectory(prefix="labelspace-space-") as directory:
        folder = Path(directory)
        title = space.partition("/")[2]
        readme = (template() / "README.md").read_text(encoding="utf-8")
        (folder / "README.md").write_text(re.sub(r"(?m)^title: .*$", f"title: {title}", readme, count=1), encoding="utf-8")
        shutil.copy(template() / "Dockerfile", folder / "Dockerfile")
        shutil.copy(requirements(), folder / "requirements.txt")
        write_wheel(folder)
        api.upload_folder(
            repo_id=space,
            repo_type="space",
            folder_path=folder,
            commit_message=f"Labelspace {settings.VERSION}",
            delete_patterns="*.whl",
        )


def address(space: str) -> str:
    """Where a Space is looked at."""
    from huggingface_hub.constants import ENDPOINT

    return f"{ENDPOINT}/spaces/{space}"
