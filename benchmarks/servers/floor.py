"""The floor: the same addresses in raw WSGI, raw SQL and orjson, without framework, permissions, validation or history.

It is what one Python process can do over HTTP with SQLite on this machine, and runs as one more target beside the servers under test:
`FLOOR_DB=file gunicorn -w 1 -k gthread --threads 8 benchmarks.servers.floor:app`.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs

import orjson

SCHEMA = """
CREATE TABLE IF NOT EXISTS project (id INTEGER PRIMARY KEY, title TEXT, config TEXT);
CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, data TEXT NOT NULL, meta TEXT, is_labeled INTEGER NOT NULL DEFAULT 0,
  lock_user TEXT, lock_until REAL NOT NULL DEFAULT 0, created REAL);
CREATE INDEX IF NOT EXISTS task_next ON task(project, is_labeled, id);
CREATE INDEX IF NOT EXISTS task_page ON task(project, id);
CREATE TABLE IF NOT EXISTS annotation (id INTEGER PRIMARY KEY, task INTEGER NOT NULL, project INTEGER NOT NULL, who TEXT, result TEXT, lead_time REAL, created REAL);
CREATE INDEX IF NOT EXISTS annotation_task ON annotation(task);
CREATE INDEX IF NOT EXISTS annotation_project ON annotation(project);
CREATE TABLE IF NOT EXISTS prediction (id INTEGER PRIMARY KEY, task INTEGER NOT NULL, project INTEGER NOT NULL, result TEXT, score REAL);
CREATE INDEX IF NOT EXISTS prediction_task ON prediction(task);
CREATE INDEX IF NOT EXISTS prediction_project ON prediction(project);
"""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "mmap_size=1073741824")
NAMES = {200: "200 OK", 201: "201 Created", 204: "204 No Content", 404: "404 Not Found"}

Environment = dict[str, Any]
Found = tuple[int, Any]

_local = threading.local()


def run(sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
    if not hasattr(_local, "db"):
        _local.db = sqlite3.connect(os.environ["FLOOR_DB"], timeout=30, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            _local.db.execute("PRAGMA " + pragma)
        _local.db.executescript(SCHEMA)
    cursor: sqlite3.Cursor = _local.db.execute(sql, tuple(values))
    return cursor


def insert(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    _local.db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({','.join('?' * len(columns.split(',')))})", rows)


def body_of(environment: Environment) -> Any:
    raw: Any = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
    kind = environment.get("CONTENT_TYPE", "")
    if kind.startswith("multipart/"):
        mark = b"--" + kind.split("boundary=")[1].encode()
        raw = memoryview(raw)[raw.index(b"\r\n\r\n") + 4 : raw.rindex(b"\r\n" + mark)]
    return orjson.loads(raw)


def import_tasks(environment: Environment, project: int) -> Found:
    items, now = body_of(environment), time.time()
    run("BEGIN IMMEDIATE")
    first = (run("SELECT max(id) FROM task").fetchone()[0] or 0) + 1
    insert(
        "task",
        "id,project,data,meta,is_labeled,created",
        (
            (first + number, project, orjson.dumps(item["data"]).decode(), "{}", int(bool(item.get("annotations"))), now)
            for number, item in enumerate(items)
        ),
    )
    for key, table in (("predictions", "prediction"), ("annotations", "annotation")):
        rows = [
            (first + number, project, orjson.dumps(row["result"]).decode())
            for number, item in enumerate(items)
            for row in item.get(key) or ()
        ]
        if rows:
            insert(table, "task,project,result", rows)
    run("COMMIT")
    return 201, {"task_count": len(items)}


def list_tasks(environment: Environment, _: int = 0) -> Found:
    said = {name: values[0] for name, values in parse_qs(environment["QUERY_STRING"]).items()}
    size, query = int(said["page_size"]), orjson.loads(said.get("query", "{}"))
    where, values = "project=?", [int(said["project"])]
    for item in query.get("filters", {}).get("items", ()):
        where += " AND data->>'$.text' LIKE ?"
        values.append("%" + item["value"] + "%")
    order = "id DESC" if any(name.startswith("-") for name in query.get("ordering", ())) else "id"
    total = run(f"SELECT count(*) FROM task WHERE {where}", values).fetchone()[0]
    # The ids of the page from the index alone; the wide rows after, for these only.
    ids = [
        row[0]
        for row in run(
            f"SELECT id FROM task WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?", [*values, size, (int(said["page"]) - 1) * size]
        )
    ]
    marks = ",".join("?" * len(ids)) or "NULL"
    rows = run(f"SELECT id,data,meta,is_labeled,created FROM task WHERE id IN ({marks}) ORDER BY {order}", ids).fetchall()
    more: dict[str, dict[int, list[Any]]] = {"annotation": {}, "prediction": {}}
    for table, found in more.items():
        for pk, task, result in run(f"SELECT id,task,result FROM {table} WHERE task IN ({marks})", ids):
            found.setdefault(task, []).append({"id": pk, "result": orjson.Fragment(result)})
    tasks = [
        {"id": pk, "data": orjson.Fragment(data), "meta": orjson.Fragment(meta), "is_labeled": bool(done), "created_at": created,
         "annotations": more["annotation"].get(pk, []), "predictions": more["prediction"].get(pk, [])}
        for pk, data, meta, done, created in rows
    ]  # fmt: skip
    return 200, {"total": total, "tasks": tasks}


def next_task(environment: Environment, project: int) -> Found:
    who, now = environment.get("HTTP_AUTHORIZATION", ""), time.time()
    row = run(
        "UPDATE task SET lock_user=?, lock_until=? WHERE id=(SELECT id FROM task WHERE project=? AND is_labeled=0 AND (lock_until<? OR lock_user=?)"
        " ORDER BY id LIMIT 1) RETURNING id,data,meta",
        (who, now + 3600, project, now, who),
    ).fetchone()
    if row is None:
        return 404, {"detail": "no more tasks"}
    return 200, {
        "id": row[0],
        "data": orjson.Fragment(row[1]),
        "meta": orjson.Fragment(row[2]),
        "project": project,
        "annotations": [],
        "predictions": [],
    }


def annotate(environment: Environment, task: int) -> Found:
    item, who, now = body_of(environment), environment.get("HTTP_AUTHORIZATION", ""), time.time()
    run("BEGIN IMMEDIATE")
    project = run("UPDATE task SET is_labeled=1, lock_user=NULL, lock_until=0 WHERE id=? RETURNING project", (task,)).fetchone()[0]
    made = run(
        "INSERT INTO annotation (task,project,who,result,lead_time,created) VALUES (?,?,?,?,?,?) RETURNING id",
        (task, project, who, orjson.dumps(item["result"]).decode(), item.get("lead_time"), now),
    ).fetchone()[0]
    run("COMMIT")
    return 201, {"id": made, "task": task, "result": item["result"]}


def export(environment: Environment, project: int) -> Found:
    joined = "LEFT JOIN" if "download_all_tasks" in environment["QUERY_STRING"] else "JOIN"
    return 200, _export(project, joined)


def _export(project: int, joined: str) -> Iterator[bytes]:
    cursor = run(
        f"SELECT t.id,t.data,a.id,a.result,a.lead_time,a.created FROM task t {joined} annotation a ON a.task=t.id WHERE t.project=? ORDER BY t.id,a.id",
        (project,),
    )
    lead = b"["
    while rows := cursor.fetchmany(2_000):
        yield lead + orjson.dumps(
            [
                {"id": pk, "data": orjson.Fragment(data), "project": project,
                 "annotations": [{"id": a, "result": orjson.Fragment(result), "lead_time": lead_time, "created_at": created, "task": pk}] if a else []}
                for pk, data, a, result, lead_time, created in rows
            ]
        )[1:-1]  # fmt: skip
        lead = b","
    yield b"]" if lead == b"," else b"[]"


def projects(environment: Environment, _: int = 0) -> Found:
    if environment["REQUEST_METHOD"] == "POST":
        item = body_of(environment)
        return 201, {
            "id": run("INSERT INTO project (title,config) VALUES (?,?) RETURNING id", (item["title"], item["label_config"])).fetchone()[0]
        }
    rows = run(
        "SELECT p.id,p.title,p.config,(SELECT count(*) FROM task t WHERE t.project=p.id),(SELECT count(*) FROM annotation a WHERE a.project=p.id)"
        " FROM project p ORDER BY p.id DESC LIMIT 100"
    ).fetchall()
    return 200, {
        "count": len(rows),
        "results": [
            {"id": pk, "title": title, "label_config": config, "task_number": tasks, "total_annotations_number": made}
            for pk, title, config, tasks, made in rows
        ],
    }


def delete_project(environment: Environment, project: int) -> Found:
    run("BEGIN IMMEDIATE")
    for table, key in (("annotation", "project"), ("prediction", "project"), ("task", "project"), ("project", "id")):
        run(f"DELETE FROM {table} WHERE {key}=?", (project,))
    run("COMMIT")
    return 204, {}


def health(environment: Environment, _: int = 0) -> Found:
    return 200, {"status": "UP"}


ROUTES: list[tuple[re.Pattern[str], str, Callable[..., Found]]] = [
    (re.compile(pattern), method, view)
    for pattern, method, view in (
        (r"/health$", "GET", health),
        (r"/api/projects/(\d+)/next$", "GET", next_task),
        (r"/api/tasks/(\d+)/annotations/$", "POST", annotate),
        (r"/api/tasks$", "GET", list_tasks),
        (r"/api/projects$", "GET", projects),
        (r"/api/projects$", "POST", projects),
        (r"/api/projects/(\d+)/import$", "POST", import_tasks),
        (r"/api/projects/(\d+)/export$", "GET", export),
        (r"/api/projects/(\d+)$", "DELETE", delete_project),
    )
]


def app(environment: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
    status: int
    value: Any
    status, value = 404, {"detail": "no such page"}
    for pattern, method, view in ROUTES:
        match = pattern.match(environment["PATH_INFO"])
        if match and method == environment["REQUEST_METHOD"]:
            status, value = view(environment, *map(int, match.groups()))
            break
    if not isinstance(value, dict):
        start_response(NAMES[status], [("Content-Type", "application/json")])
        found: Iterable[bytes] = value
        return found
    raw = b"" if status == 204 else orjson.dumps(value)
    start_response(NAMES[status], [("Content-Type", "application/json"), ("Content-Length", str(len(raw)))])
    return [raw]
