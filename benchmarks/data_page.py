"""Pages of a project of a million tasks, as the data page asks for them: first, middle and last; sorted; filtered by text, label and annotator.

python benchmarks/data_page.py                      SQLite, then PostgreSQL; every median in milliseconds
python benchmarks/data_page.py sqlite --keep DIR    one database; the rows stay in DIR for the next time

The rows are made by SQL, set by set, and indexed as the worker does it. Requests go through the whole of Django, in one process. The budget is
100 ms for each median; what is counted once, however long it takes, is shown beside.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.figure import Figure  # noqa: E402 - the path comes first

TASKS = int(os.environ.get("DATA_PAGE_TASKS", "1000000"))
REPEATS = 5
BUDGET = 100
WORDS = 4_000
SORTS = ("tasks:id", "-tasks:updated_at", "tasks:inner_id", "-tasks:total_annotations")
FILTERS: dict[str, list[tuple[str, str, Any, str]]] = {
    "text, one task in 5": [("data.text", "contains", "frequent", "String")],
    "text, one in 1,000": [("data.text", "contains", "seldom", "String")],
    "text, one task": [("data.text", "contains", "number 777 ", "String")],
    "any value": [("data", "contains", "seldom", "String")],
    "label, one task in 10": [("labels", "contains", "Positive", "List")],
    "label, one in 5,000": [("labels", "contains", "Rare", "List")],
    "annotator": [("annotators", "contains", 0, "List")],
    "label and annotator": [("labels", "contains", "Positive", "List"), ("annotators", "contains", 0, "List")],
    "no annotation yet": [("total_annotations", "equal", 0, "Number")],
}


def measure() -> Iterator[Figure]:
    for database in ("sqlite", "postgres"):
        with tempfile.TemporaryDirectory() as folder:
            yield from _measured(database, Path(folder))


def _measured(database: str, folder: Path) -> Iterator[Figure]:
    """A process of its own: settings are read once."""
    environment = {**os.environ, "LABEL_STUDIO_BASE_DATA_DIR": str(folder), "TEST_DB": database, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, str(Path(__file__)), "--inside", database]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                yield Figure(**json.loads(line))
        if process.wait() != 0:
            raise RuntimeError(f"the measurement on {database} failed")


def inside(database: str) -> None:
    """In the process: make the rows if they are not there, ask, and print a figure in JSON for each."""
    if database == "postgres":
        import tests.plugins.postgres  # noqa: F401 - starts a server for the length of this process
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from projects.models import Project

    call_command("migrate", verbosity=0)
    project = Project.objects.first()
    if project is None:
        began = time.perf_counter()
        project = build()
        _say(f"{database}: {TASKS:,} tasks written", time.perf_counter() - began, "s")
        began, used = time.perf_counter(), time.process_time()
        index()
        _say(f"{database}: and indexed", time.perf_counter() - began, "s")
        _say(f"{database}: processor time of that, without the server's", time.process_time() - used, "s")
    ask(database, project)


def _say(name: str, value: float, unit: str, budget: float | None = None) -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "budget": budget}), flush=True)


def build() -> Any:
    from django.db import connection

    from core.permissions import Role
    from projects.models import Project
    from tests.people import somebody

    owner = somebody(Role.OWNER)
    people = [somebody(Role.ANNOTATOR, owner.organization).user.pk for _ in range(10)]
    project = Project.objects.create(organization=owner.organization, created_by=owner.user, title="A million")
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        _words(cursor)
        numbers = (
            f"generate_series(1::bigint, {TASKS}) AS n(i)"
            if postgres
            else f"(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {TASKS}) SELECT i FROM s) n"
        )
        words = " || ' ' || ".join(
            f"(SELECT w FROM bench_words WHERE k = (n.i * {step}) % {WORDS})" for step in (7919, 104729, 1299709, 611953)
        )
        marks = "CASE WHEN n.i % 5 = 2 THEN ' frequent' ELSE '' END || CASE WHEN n.i % 1000 = 3 THEN ' seldom' ELSE '' END"
        text = f"'{{\"text\": \"' || {words} || {marks} || ' number ' || n.i || ' of many\", \"n\": ' || (n.i % 997) || '}}'"
        moment = (
            "now() - (n.i * 7919 % 1000000) * interval '1 second'"
            if postgres
            else "datetime(1750000000 - n.i * 7919 % 1000000, 'unixepoch')"
        )
        answered = "CASE WHEN n.i % 5 = 0 THEN 1 ELSE 0 END"
        _insert(
            cursor,
            "tasks.Task",
            {"id": "n.i", "project_id": str(project.pk), "data": f"({text}){'::json' if postgres else ''}", "inner_id": "n.i", "total_annotations": answered,
             "is_labeled": "n.i % 5 = 0", "created_at": moment, "updated_at": moment, "sampling_key": "0.5"},
            numbers,
        )  # fmt: skip
        label = "CASE WHEN n.i % 5000 = 0 THEN 'Rare' WHEN n.i % 10 = 0 THEN 'Positive' ELSE 'Negative' END"
        result = f"""'[{{"from_name": "c", "to_name": "t", "type": "choices", "value": {{"choices": ["' || {label} || '"]}}}}]'"""
        person = f"{people[0]} + (n.i / 5) % 10"
        unique = "md5(n.i::text)::uuid" if postgres else "printf('%032x', n.i)"
        _insert(
            cursor,
            "tasks.Annotation",
            {"id": "n.i", "project_id": str(project.pk), "task_id": "n.i", "completed_by_id": person, "updated_by_id": person, "unique_id": unique,
             "result": f"({result}){'::json' if postgres else ''}", "result_count": "1", "created_at": moment, "updated_at": moment},
            f"{numbers} WHERE n.i % 5 = 0",
        )  # fmt: skip
        if postgres:
            cursor.execute("VACUUM ANALYZE")
    Project.objects.filter(pk=project.pk).update(
        task_number=TASKS, total_annotations_number=TASKS // 5, data_columns=f'{{"text": {TASKS}, "n": {TASKS}}}'
    )
    project.refresh_from_db()
    return project


def _words(cursor: Any) -> None:
    """Words of a language that nobody speaks, always the same."""
    import random

    chance = random.Random(7)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en")]
    cursor.execute("CREATE TABLE bench_words (k integer PRIMARY KEY, w text)")
    rows = [(k, "".join(chance.choices(syllables, k=chance.randint(1, 4)))) for k in range(WORDS)]
    cursor.executemany("INSERT INTO bench_words VALUES (%s, %s)", rows)


def _insert(cursor: Any, model: str, columns: dict[str, str], source: str) -> None:
    """INSERT … SELECT of the columns given; the others have their default."""
    from django.apps import apps

    table, values, parameters = apps.get_model(model), dict(columns), []
    for field in table._meta.concrete_fields:
        if field.column not in values and not field.null and not field.has_db_default():
            default = field.get_default()
            values[field.column] = "CAST(? AS json)" if _is_json(table, field.column) else "?"
            parameters.append(default)
    # A question mark is a parameter; every percent sign is a remainder.
    text = f"INSERT INTO {table._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {source}"
    cursor.execute(text.replace("%", "%%").replace("?", "%s"), parameters)


def _is_json(model: Any, column: str) -> bool:
    from django.db import connection

    from core.rawjson import RawJSONField

    return connection.vendor == "postgresql" and any(
        field.column == column and isinstance(field, RawJSONField) for field in model._meta.concrete_fields
    )


def index() -> None:
    from core.events.models import Event, EventCursor
    from data_manager.search.consumer import CONSUMER
    from data_manager.search.demand import have_indexed
    from data_manager.search.index import index_next
    from projects.models import Project

    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    EventCursor.objects.create(name=CONSUMER, position=last)
    have_indexed(Project.objects.get().pk)
    while index_next():
        pass
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def ask(database: str, project: Any) -> None:
    from django.test import Client

    from organizations.models import Membership

    client = Client()
    client.force_login(project.created_by)
    annotator = Membership.objects.filter(role="annotator").order_by("user_id").values_list("user_id", flat=True)[0]

    def get(path: str, **query: Any) -> tuple[float, Any]:
        began = time.perf_counter()
        answer = client.get(path, {"project": project.pk, **query})
        seconds = time.perf_counter() - began
        assert answer.status_code == 200, answer.content
        return seconds * 1000, answer.json()

    def pages(name: str, query: dict[str, Any], total: int) -> None:
        asked = json.dumps(query)
        last = max(1, -(-total // 100))
        for place, page in {"first": 1, "middle": last // 2 or 1, "last": last}.items():
            times = [get("/api/tasks", query=asked, page=page, page_size=100, totals="late") for _ in range(REPEATS)]
            assert times[0][1]["tasks"]
            _say(f"{database}: {name}, {place} page", statistics.median(each for each, _ in times), "ms", BUDGET)
            if last == 1:
                return

    for sort in SORTS:
        pages(f"by {sort.replace('tasks:', '')}", {"ordering": [sort]}, TASKS)
    for name, items in FILTERS.items():
        filters = {
            "conjunction": "and",
            "items": [
                {
                    "filter": f"filter:tasks:{column}",
                    "operator": operator,
                    "type": kind,
                    "value": annotator if column == "annotators" else value,
                }
                for column, operator, value, kind in items
            ],
        }
        first, _body = get("/api/tasks", query=json.dumps({"filters": filters}), page_size=100, totals="late")
        _say(f"{database}: {name}, asked for the first time", first, "ms")
        counting, body = get("/api/dm/totals", query=json.dumps({"filters": filters}))
        _say(f"{database}: {name}, counted ({body['total']:,})", counting, "ms")
        pages(name, {"filters": filters}, body["total"])


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--inside"]:
        inside(arguments[1])
        return 0
    keep = Path(arguments[arguments.index("--keep") + 1]) if "--keep" in arguments else None
    wanted = [name for name in arguments if name in ("sqlite", "postgres")] or ["sqlite", "postgres"]
    over = 0
    for database in wanted:
        with tempfile.TemporaryDirectory() as folder:
            place = keep or Path(folder)
            place.mkdir(parents=True, exist_ok=True)
            for figure in _measured(database, place):
                print(figure, flush=True)
                over += not figure.kept
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
