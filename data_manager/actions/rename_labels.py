"""A label gets another name in what was labelled; when that name is taken, the two become one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.database import column_time
from core.errors import invalid
from core.rawjson import json_text, read_json
from core.requests import boolean
from data_manager.actions.action import Action
from data_manager.actions.work import Work
from projects.models import Project
from projects.operations import update_project
from projects.queries import config_of
from tasks.operations.recycle import count, note, stamp_of
from tasks.operations.reverse import change_versions
from tasks.result_counts import ResultChanges
from tasks.sets import IdSet, ids, lock_project, rows, run

MOST = 1_000
AT_ONCE = 200


def _read(_actor: Actor, project: Project, said: dict[str, Any]) -> dict[str, Any]:
    values = {}
    for name in ("control_tag", "old_label_name", "new_label_name"):
        value = said.get(name)
        if not isinstance(value, str) or not value or len(value) > MOST or "\0" in value:
            raise invalid(**{name: _("This field is required.")})
        values[name] = value
    if values["old_label_name"] == values["new_label_name"]:
        raise invalid(new_label_name=_("This is the name that it has."))
    change = bool(boolean(said.get("change_config"), "change_config", False))
    if change:
        renamed_config(project, values)  # says when it cannot be
    return {**values, "change_config": change}


def _form(_actor: Actor, project: Project) -> list[dict[str, Any]]:
    config = config_of(project)
    labels = list(dict.fromkeys(label for control in config.controls.values() for label in control.labels))
    return [
        {
            "columnCount": 1,
            "fields": [
                {"type": "select", "name": "control_tag", "label": _("Control tag"), "options": list(config.controls), "required": True},
                {"type": "input", "name": "old_label_name", "label": _("Label"), "suggestions": labels, "required": True},
                {"type": "input", "name": "new_label_name", "label": _("New name"), "suggestions": labels, "required": True},
                {"type": "toggle", "name": "change_config", "label": _("Rename it in the labeling set-up too")},
            ],
        }
    ]


def renamed_config(project: Project, said: dict[str, Any]) -> str:
    """The project's labeling config with the label renamed in its control (left out, when the new name is there already). Raises 400."""
    from xml.etree.ElementTree import tostring

    from defusedxml.ElementTree import fromstring

    root = fromstring(project.label_config)
    for control in root.iter():
        if control.get("name") != said["control_tag"]:
            continue
        labels = {
            label.get("alias") or label.get("value"): label for label in control.iter() if label is not control and label.get("value")
        }
        old = labels.get(said["old_label_name"])
        if old is not None:
            if said["new_label_name"] in labels:
                for parent in control.iter():
                    if old in list(parent):
                        parent.remove(old)
            else:
                old.set("alias" if old.get("alias") else "value", said["new_label_name"])
            return str(tostring(root, encoding="unicode"))
    raise invalid(old_label_name=_("The labeling set-up has no such label in this control."))


def _renaming(said: dict[str, Any]) -> Callable[[str | None], tuple[str | None, int]]:
    """result -> (new result, how many labels were renamed)."""
    control, old, new = said["control_tag"], said["old_label_name"], said["new_label_name"]

    def rename(text: str | None) -> tuple[str | None, int]:
        result = read_json(text) if text else None
        number = 0
        for row in result if isinstance(result, list) else []:
            value = row.get("value") if isinstance(row, dict) and row.get("from_name") == control else None
            if not isinstance(value, dict):
                continue
            labels = value.get(row.get("type"))
            if isinstance(labels, list) and old in labels:
                number += labels.count(old)
                value[row["type"]] = list(dict.fromkeys(new if label == old else label for label in labels))
        return (json_text(result), number) if number else (text, 0)

    return rename


def _perform(work: Work) -> dict[str, Any]:
    said = work.parameters
    rename = _renaming(said)

    def act(tasks: list[int]) -> None:
        lock_project(work.project.pk)
        named = ids(tasks)
        for table, what in (("tasks_annotation", "version"), ("tasks_draft", "draft"), ("tasks_prediction", "prediction")):
            last = 0
            while found := rows(
                f"SELECT id, result FROM {table} WHERE task_id IN ({named.text}) AND id > %s ORDER BY id LIMIT {AT_ONCE}",
                [*named.params, last],
            ):
                last = found[-1][0]
                changed = {pk: (text, new, number) for pk, text in found for new, number in [rename(text)] if number}
                if changed:
                    _write(work, table, what, changed)

    work.each(act)
    if said["change_config"] and work.counts["labels"] + work.counts["tasks"]:
        _change_config(work)
    labels, annotations = work.counts["labels"], work.counts["annotations"]
    return work.answer(annotations, f"Updated {labels} labels in {annotations} annotations", response_code=200)


def _write(work: Work, table: str, what: str, changed: dict[int, tuple[str, str | None, int]]) -> None:
    said = work.parameters
    entry = work.entry(about=f"{said['old_label_name'][:60]} → {said['new_label_name'][:60]}")
    if what == "version":

        def change(which: IdSet, actor: Actor) -> None:
            for pk, (_text, new, _number) in changed.items():
                run("UPDATE tasks_annotation SET result = %s, version = version + 1, updated_by_id = %s, updated_at = %s WHERE id = %s",
                    [new, actor.user_id, column_time(timezone.now()), pk])  # fmt: skip

        which = ids(changed)
        change_versions(work.actor, work.project, which, "updated", change)
        stamps = rows(f"SELECT id, version FROM tasks_annotation WHERE id IN ({which.text})", which.params)
        note(entry, work.project.pk, what, ((pk, version, None) for pk, version in stamps))
        work.counts["labels"] += sum(number for _text, _new, number in changed.values())
        work.counts["annotations"] += len(changed)
        count(entry, annotations=len(changed))
        return
    note(entry, work.project.pk, what, ((pk, stamp_of(new), text) for pk, (text, new, _number) in changed.items()))
    results = ResultChanges()
    for pk, (text, new, _number) in changed.items():
        run(f"UPDATE {table} SET result = %s WHERE id = %s", [new, pk])
        if table == "tasks_draft":
            results.draft(text, -1)
            results.draft(new)
    results.save(work.project.pk, locked=False)
    count(entry, **{table.removeprefix("tasks_") + "s": len(changed)})


def _change_config(work: Work) -> None:
    with work.step():
        work.project.refresh_from_db()
        former = work.project.label_config
        config = renamed_config(work.project, work.parameters)
        entry = work.entry()
        update_project(work.actor, work.project.pk, {"label_config": config})
        details = read_json(rows("SELECT details FROM tasks_recycleentry WHERE id = %s", [entry])[0][0])
        details |= {"config": former, "config_stamp": stamp_of(config)}
        run("UPDATE tasks_recycleentry SET details = %s WHERE id = %s", [json_text(details), entry])


RENAME_LABELS = Action(
    "rename_labels",
    gettext_lazy("Rename or merge labels"),
    16,
    "projects.change",
    _perform,
    read=_read,
    form=_form,
    text=gettext_lazy(
        "The label is renamed in the annotations, drafts and predictions of the selected tasks. To merge two labels, give one the other's name."
    ),
    counts=("annotations",),
    undo=True,
)
