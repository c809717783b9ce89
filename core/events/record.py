"""Operations announce what they did with `record`, inside their transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.database import column_time
from core.rawjson import json_text

_INSERT = "INSERT INTO core_event (kind, organization_id, project_id, actor_id, ids, meta, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s)"


def record(
    kind: str,
    actor: Actor | None,
    *,
    organization: int | None = None,
    project: int | None = None,
    ids: Sequence[int] = (),
    **meta: Any,
) -> None:
    """Write one event. `kind` is `object.verb` in the past tense (`annotation.created`); `ids` are the objects' ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                kind,
                organization if organization is not None else (actor.organization_id if actor else None),
                project,
                actor.user_id if actor else None,
                json_text(list(ids)),
                json_text(meta),
                column_time(timezone.now()),
            ],
        )
