"""Runs as a process of its own on an installation's data: `furnish PEOPLE TASKS OVERLAP` and `look PROJECT`. Prints one line of JSON."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from typing import Any


def furnish(people: str, tasks: str, overlap: str) -> dict[str, Any]:
    """An organization with an owner and annotators who have tokens, and a project with tasks."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from tests.people import somebody
    from tests.tasks.work import project_of, task_ids
    from users.operations.api_tokens import legacy_token

    owner = somebody()
    owner.organization.legacy_api_tokens_enabled = True
    owner.organization.save()
    everybody = [owner, *(somebody("annotator", owner.organization) for _ in range(int(people) - 1))]
    project = project_of(owner, int(tasks), maximum_annotations=int(overlap))
    return {"project": project.pk, "tasks": task_ids(project), "tokens": [legacy_token(person.user) for person in everybody]}


def look(project: str) -> dict[str, Any]:
    """The annotations, what the counters say and what a recount says, and whether SQLite finds its file in order."""
    from django.db import connection

    from tasks.models import Annotation
    from tests.tasks.counting import counted, stored

    pk = int(project)
    rows = Annotation.objects.filter(project_id=pk).values_list("pk", "task_id", "completed_by_id", "result", "idempotency_key")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        integrity = cursor.fetchone()[0]
    is_right = stored(pk) == counted(pk)
    return {
        "annotations": [{"id": row[0], "task": row[1], "person": row[2], "result": json.loads(row[3]), "key": row[4]} for row in rows],
        "counters_right": is_right,
        "finished": counted(pk)["finished_task_number"],
        "per_task": sorted(Counter(row[1] for row in rows).values()),
        "integrity": integrity,
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.settings")
    import django

    django.setup()
    print(json.dumps({"furnish": furnish, "look": look}[sys.argv[1]](*sys.argv[2:])))
