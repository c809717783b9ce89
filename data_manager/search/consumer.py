"""From events to work for the index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.events.models import Event
from core.rawjson import read_json
from data_manager.models import IndexedProject, IndexWork
from data_manager.search.index import index_tasks
from data_manager.search.tables import forget_texts
from tasks.sets import all_tasks, ids, rows

CONSUMER = "data_manager.index"
OF_TASKS = frozenset({"task.created", "task.updated", "task.deleted", "task.restored"})
OF_ANNOTATIONS = frozenset({"annotation.created", "annotation.updated", "annotation.deleted", "annotation.restored", "annotation.moved"})
GONE = "project.deleted"
KINDS = OF_TASKS | OF_ANNOTATIONS | {GONE}
AT_ONCE = 200  # tasks that are indexed while the events are taken; more wait in IndexWork


@dataclass
class Touched:
    """Tasks of one project that events are about; `text`: their data may have changed."""

    tasks: set[int] = field(default_factory=set)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    text: bool = False


def touched_by(events: Iterable[Event]) -> dict[int, Touched]:
    """{project id: tasks} of events of our kinds."""
    found: defaultdict[int, Touched] = defaultdict(Touched)
    unnamed: defaultdict[int, list[int]] = defaultdict(list)
    for event in events:
        if event.project_id is None or event.kind == GONE:
            continue
        touched, meta, named = found[event.project_id], read_json(event.meta), read_json(event.ids)
        if event.kind in OF_TASKS:
            touched.text = True
            if meta.get("range") and len(named) == 2:
                touched.ranges.append((named[0], named[1]))
            else:
                touched.tasks.update(named)
        elif meta.get("task"):
            touched.tasks.add(meta["task"])
        elif meta.get("tasks"):
            touched.tasks.update(meta["tasks"])
        else:
            unnamed[event.project_id] += named
    for project_id, made in unnamed.items():
        found[project_id].tasks.update(_tasks_of(project_id, made))
    return dict(found)


def _tasks_of(project_id: int, annotations: Sequence[int]) -> list[int]:
    """The tasks of annotations, also of those that are gone."""
    wanted = ids(annotations)
    return [
        task
        for (task,) in rows(
            f"""SELECT task_id FROM tasks_annotation WHERE id IN ({wanted.text}) AND +project_id = %s
                UNION SELECT task_id FROM tasks_annotationversion WHERE annotation_id IN ({wanted.text}) AND +project_id = %s""",
            [*wanted.params, project_id, *wanted.params, project_id],
        )
    ]


def take_events(events: Sequence[Event]) -> None:
    """Index what little has changed at once, and write down what is much. (In the transaction of the event cursor.)"""
    for event in events:
        if event.kind == GONE and event.project_id:
            forget_texts(event.project_id, all_tasks(event.project_id).text, [event.project_id])
    named = {event.project_id for event in events if event.project_id}
    followed = set(IndexedProject.objects.filter(pk__in=named).values_list("pk", flat=True))
    for project_id, touched in touched_by(event for event in events if event.project_id in followed).items():
        waiting = list(touched.ranges)
        if len(touched.tasks) <= AT_ONCE:
            index_tasks(project_id, sorted(touched.tasks), text=touched.text)
        else:
            waiting += _stretches(sorted(touched.tasks))
        gone = ids(touched.tasks)
        forget_texts(project_id, f"{gone.text} EXCEPT {all_tasks(project_id).text}", [*gone.params, project_id])
        IndexWork.objects.bulk_create([IndexWork(project_id=project_id, first=first, last=last) for first, last in waiting])


def _stretches(tasks: Sequence[int]) -> list[tuple[int, int]]:
    """Ids as few ranges: those less than 100 apart go together."""
    found: list[tuple[int, int]] = []
    for task in tasks:
        if found and task - found[-1][1] < 100:
            found[-1] = (found[-1][0], task)
        else:
            found.append((task, task))
    return found
