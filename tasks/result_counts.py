"""How often results occur in a project (`ResultCount`), kept with every change of an annotation or draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from core.rawjson import read_json
from tasks.sets import run

# A unique index of PostgreSQL takes keys of at most 2,704 bytes.
NAME_BYTES = 500
TYPE_BYTES = 60
LABEL_BYTES = 1_000
ROWS_PER_STATEMENT = 1_000

Key = tuple[str, str, str, str]  # from_name, to_name, type, label ("" counts the result itself)


class ResultChanges:
    """Results that came and went; `save` adds the differences to the project's counts."""

    def __init__(self) -> None:
        self._annotations: defaultdict[Key, int] = defaultdict(int)
        self._drafts: defaultdict[Key, int] = defaultdict(int)

    def annotation(self, result: list[Any] | str | None, by: int = 1) -> None:
        """Count an annotation's result (parsed, or JSON text) in, or out with `by=-1`."""
        self._count(self._annotations, result, by)

    def draft(self, result: list[Any] | str | None, by: int = 1) -> None:
        self._count(self._drafts, result, by)

    @staticmethod
    def _count(counts: defaultdict[Key, int], result: list[Any] | str | None, by: int) -> None:
        if result:
            for key in keys_of(read_json(result) if isinstance(result, str) else result):
                counts[key] += by

    def changed(self) -> dict[Key, tuple[int, int]]:
        """{key: (annotations, drafts)} of what is not zero, in the order of keys, so that two who save cannot wait for each other."""
        found = {}
        for key in sorted(self._annotations.keys() | self._drafts.keys()):
            counts = (self._annotations.get(key, 0), self._drafts.get(key, 0))
            if counts != (0, 0):
                found[key] = counts
        return found

    def save(self, project_id: int, *, locked: bool) -> None:
        """Write the differences, usually in one statement. `locked`: the transaction has changed the project's row and so holds its lock, which
        everybody who changes counts takes first."""
        changed = list(self.changed().items())
        if changed and not locked and connection.vendor == "postgresql":
            run("SELECT 1 FROM projects_project WHERE id = %s FOR NO KEY UPDATE", [project_id])
        for start in range(0, len(changed), ROWS_PER_STATEMENT):
            piece = changed[start : start + ROWS_PER_STATEMENT]
            run(
                f"""INSERT INTO projects_resultcount (project_id, from_name, to_name, type, label, annotations, drafts)
                    VALUES {", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(piece))}
                    ON CONFLICT (project_id, from_name, to_name, type, label) DO UPDATE SET
                        annotations = projects_resultcount.annotations + excluded.annotations, drafts = projects_resultcount.drafts + excluded.drafts""",
                [value for key, counts in piece for value in (project_id, *key, *counts)],
            )


def keys_of(result: Iterable[Any]) -> Iterable[Key]:
    """What a parsed result adds to: one key for each row that a control made, one for each of its labels."""
    import labeling

    for row in result:
        if type(row) is not dict:
            continue
        from_name, to_name, kind = row.get("from_name"), row.get("to_name"), row.get("type")
        if type(from_name) is not str or type(to_name) is not str or type(kind) is not str:
            continue
        triple = (_cut(from_name, NAME_BYTES), _cut(to_name, NAME_BYTES), _cut(kind, TYPE_BYTES))
        yield (*triple, "")
        for label in labeling.labels_of(row):
            if label:
                yield (*triple, _cut(label, LABEL_BYTES))


def _cut(text: str, most: int) -> str:
    if len(text) <= most // 4:
        return text
    encoded = text.encode()
    return text if len(encoded) <= most else encoded[: most - 3].decode(errors="ignore") + "…"
