"""What people do with bundles: have one made, bring one, copy a whole project."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events.record import record
from core.jobs.models import Job
from core.jobs.operations import enqueue
from data_import.storage import Received, incoming
from durability.bundle.jobs import EXPORT, IMPORT
from durability.bundle.reading import opened
from projects.models import Project

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 2_000  # tasks that a request waits for


def make_bundle(actor: Actor, project: Project) -> Job:
    """A job that writes the project into a file, to be had for a week."""
    with transaction.atomic():
        job = enqueue(
            actor,
            EXPORT.name,
            _("Bundle of %(title)s") % {"title": project.title},
            project=project.pk,
            parameters={"project": project.pk},
            total=project.task_number,
        )
        record("project.bundled", actor, project=project.pk, ids=[project.pk], job=job.pk)
    return job


def bring_bundle(actor: Actor, received: Received, title: str = "") -> Job:
    """A job that makes a project of a bundle. Raises `Refused` (400) when the file is no bundle."""
    path = incoming() / f"bundle-{secrets.token_hex(8)}.zip"
    os.replace(received.path, path)
    try:
        with opened(path) as bundle:
            shown, total = title or str(bundle.project.get("title") or ""), int(bundle.counts["tasks"])
        return _bring(actor, path, shown, total, {"title": title})
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def copy_whole(actor: Actor, project: Project, title: str = "") -> Job:
    """A job that makes a second project with everything that this one has."""
    named = title or (_("%(title)s (copy)") % {"title": project.title[:40]})
    path = incoming() / f"bundle-{secrets.token_hex(8)}.zip"
    return _bring(actor, path, named, project.task_number, {"title": named, "source": project.pk})


def _bring(actor: Actor, path: Path, shown: str, total: int, more: dict[str, Any]) -> Job:
    with transaction.atomic():
        return enqueue(
            actor,
            IMPORT.name,
            _("Bring %(title)s") % {"title": shown[:100]},
            parameters={"file": path.name, "email": actor.email, "role": str(actor.role), **more},
            total=total,
        )
