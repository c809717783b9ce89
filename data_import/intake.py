"""One item of an import, judged and turned into a task to write: the formats of Label Studio's JSON (§1.9 of the API), kept without loss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.actor import Actor
from core.rawjson import JSONRefused, json_text
from data_import.fields import kind_of, known_id, moment, number, object_text, objects_in, truth, unique_id
from data_import.people import People
from data_import.readers import UNDEFINED, Mistake
from projects.queries import config_of
from tasks.operations.bulk import NewAnnotation, NewDraft, NewPrediction, NewTask

if TYPE_CHECKING:
    from labeling import Config
    from projects.models import Project

NO_VERSION = "undefined"  # what a prediction without model version is called, as in Label Studio
MAX_ITEM_MESSAGES = 10
ORIGIN = "import_id"  # in the meta of a task of another server: its number there


class ItemRefused(Exception):
    """What is wrong with one item: a list of sentences."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)


class Intake:
    """Judges items for one project; made once for an import.

    preannotated_from: keys of the data whose values are the results of predictions.
    elsewhere: the items are another server's: its people are not ours, and its tasks keep their numbers in `meta`.
    """

    def __init__(self, actor: Actor, project: Project, preannotated_from: Sequence[str] = (), *, elsewhere: bool = False) -> None:
        import labeling

        self.labeling = labeling
        self.config: Config = config_of(project)
        self.elsewhere = elsewhere
        self.people = People(actor, f"project-{project.pk}" if elsewhere else "")
        self.preannotated_from = tuple(preannotated_from)
        self.columns: set[str] | None = None  # keys that all tasks so far have
        # Whether data fits depends on its keys and their types alone, unless the config looks inside of values.
        self._remembers = not any(mark in path for path in self.config.variables for mark in ".[")
        self._fitting: set[tuple[Any, ...]] = set()

    def key_for(self, kind: str = "") -> str:
        """The data key that a bare text or file stands for: that of the first tag that shows this kind of file, else the config's first key."""
        tags = {"image": "Image", "audio": "Audio", "video": "Video"}
        for target in self.config.objects.values():
            if target.value_key and target.tag == tags.get(kind):
                return target.value_key
        return next(iter(self.config.data_keys), UNDEFINED)

    def read(self, item: Any, *, kind: str = "", file_upload: int | None = None) -> NewTask:
        """The task that an item says. `kind` is the kind of a media file. Raises `ItemRefused`."""
        if isinstance(item, Mistake):
            raise ItemRefused([item.why])
        if not isinstance(item, dict):
            raise ItemRefused([f"a task is an object, not {kind_of(item)}"])
        whole = "data" in item
        data = item["data"] if whole else item
        if not isinstance(data, dict):
            raise ItemRefused([f'"data" is an object, not {kind_of(data)}'])
        # Where that key has a value of its own, both stay.
        if UNDEFINED in data and (key := self.key_for(kind)) != UNDEFINED and key not in data:
            data = {key if name == UNDEFINED else name: value for name, value in data.items()}
        self._check_data(data)
        try:
            text = json_text(data)
        except JSONRefused as error:
            raise ItemRefused([str(error)]) from None
        if "\\u0000" in text and any("\0" in value for value in data.values() if isinstance(value, str)):
            raise ItemRefused(["the data holds a NUL character"])
        self.columns = set(data) if self.columns is None else self.columns & data.keys()
        task = NewTask(data=text, keys=tuple(data), file_upload_id=file_upload)
        if not whole:
            item = {}
        if self.preannotated_from or len(item) > 1:
            self._add_rest(task, item, data)
        return task

    def prediction(self, said: dict[str, Any]) -> NewPrediction:
        """The prediction that an object says. Raises `ItemRefused`."""
        problems: list[str] = []
        shell = NewTask(data="{}")
        self._prediction(shell, said, "prediction", problems)
        if problems:
            raise ItemRefused(problems[:MAX_ITEM_MESSAGES])
        return shell.predictions[0]

    def _check_data(self, data: dict[str, Any]) -> None:
        shape = tuple([(key, type(value)) for key, value in data.items()]) if self._remembers else None
        if shape is not None and shape in self._fitting:
            return
        messages = self.labeling.validate_task_data(self.config, data)
        if messages:
            raise ItemRefused(messages[:MAX_ITEM_MESSAGES])
        if shape is not None and len(self._fitting) < 1_000:
            self._fitting.add(shape)

    def _add_rest(self, task: NewTask, item: dict[str, Any], data: dict[str, Any]) -> None:
        problems: list[str] = []
        if item.get("meta"):
            task.meta = object_text(item["meta"], "meta", problems)
        if self.elsewhere and (origin := known_id(item.get("id"))) is not None and isinstance(item.get("meta") or {}, dict):
            task.meta = json_text({**(item.get("meta") or {}), ORIGIN: origin})
        task.created_at = moment(item.get("created_at"), "created_at", problems)
        task.updated_at = moment(item.get("updated_at"), "updated_at", problems)
        if isinstance(item.get("allow_skip"), bool):
            task.allow_skip = item["allow_skip"]
        predictions = [{"result": data[key]} for key in self.preannotated_from if data.get(key) is not None]
        problems += [
            f'the data has no "{key}", which predictions are to be taken from' for key in self.preannotated_from if key not in data
        ]
        for name, value in enumerate([*objects_in(item, "predictions", problems), *predictions]):
            self._prediction(task, value, f"predictions[{name}]", problems)
        annotations = objects_in(item, "annotations", problems) or objects_in(item, "completions", problems)
        for name, value in enumerate(annotations):
            self._annotation(task, value, f"annotations[{name}]", problems)
        if all(annotation.import_id is not None for annotation in task.annotations):
            # Exports list the newest first; new ids are given in the order in which the answers were made.
            task.annotations.sort(key=lambda annotation: annotation.import_id or 0)
        for name, value in enumerate(objects_in(item, "drafts", problems)):
            self._draft(task, value, f"drafts[{name}]", problems)
        if problems:
            raise ItemRefused(problems[:MAX_ITEM_MESSAGES])

    def _annotation(self, task: NewTask, said: dict[str, Any], where: str, problems: list[str]) -> None:
        if "result" not in said:
            problems.append(f'{where} has no "result"')
            return
        result = self._result(said["result"], where, problems)
        try:
            completed_by = self.people.find(said.get("completed_by"))
            updated_by = self.people.find(said["updated_by"]) if said.get("updated_by") is not None else None
        except ValueError as error:
            problems.append(str(error))
            return
        task.annotations.append(
            NewAnnotation(
                result=result,
                completed_by_id=completed_by,
                updated_by_id=updated_by,
                was_cancelled=truth(said.get("was_cancelled"), False, f"{where}.was_cancelled", problems),
                # A finished answer that somebody imports counts as checked, unless it says otherwise (as in Label Studio).
                ground_truth=truth(said.get("ground_truth"), True, f"{where}.ground_truth", problems),
                lead_time=number(said.get("lead_time"), f"{where}.lead_time", problems),
                unique_id=unique_id(said.get("unique_id"), f"{where}.unique_id", problems),
                import_id=known_id(said.get("id")),
                last_action=said["last_action"][:32] if isinstance(said.get("last_action"), str) else None,
                bulk_created=said.get("bulk_created") is True,
                prediction=object_text(said.get("prediction") or {}, f"{where}.prediction", problems),
                parent_prediction=known_id(said.get("parent_prediction")),
                parent_annotation=known_id(said.get("parent_annotation")),
                draft_created_at=moment(said.get("draft_created_at"), f"{where}.draft_created_at", problems),
                created_at=moment(said.get("created_at"), f"{where}.created_at", problems),
                updated_at=moment(said.get("updated_at"), f"{where}.updated_at", problems),
            )
        )

    def _prediction(self, task: NewTask, said: dict[str, Any], where: str, problems: list[str]) -> None:
        if said.get("result") is None:
            problems.append(f'{where} has no "result"')
            return
        try:
            rows = self.labeling.normalize_prediction_result(self.config, said["result"])
        except self.labeling.PredictionError as error:
            problems.append(f"{where}: {error}")
            return
        cluster = said.get("cluster")
        version = said.get("model_version", NO_VERSION)
        task.predictions.append(
            NewPrediction(
                result=self._result(rows, where, problems) or [],
                score=number(said.get("score"), f"{where}.score", problems),
                model_version=version if isinstance(version, str | None) else json_text(version),
                cluster=cluster if isinstance(cluster, int) and abs(cluster) < 2**31 else None,
                neighbors=json_text(said["neighbors"]) if isinstance(said.get("neighbors"), list) else None,
                mislabeling=number(said.get("mislabeling"), f"{where}.mislabeling", problems) or 0.0,
                import_id=known_id(said.get("id")),
                created_at=moment(said.get("created_at"), f"{where}.created_at", problems),
                updated_at=moment(said.get("updated_at"), f"{where}.updated_at", problems),
            )
        )

    def _draft(self, task: NewTask, said: dict[str, Any], where: str, problems: list[str]) -> None:
        try:
            user = self.people.find(said.get("user"))
        except ValueError as error:
            problems.append(f"{where}: {error}")
            return
        task.drafts.append(
            NewDraft(
                user_id=user,
                result=self._result(said.get("result") or [], where, problems) or [],
                lead_time=number(said.get("lead_time"), f"{where}.lead_time", problems),
                was_postponed=truth(said.get("was_postponed"), False, f"{where}.was_postponed", problems),
                import_id=known_id(said.get("id")),
                annotation=known_id(said.get("annotation")),
                created_at=moment(said.get("created_at"), f"{where}.created_at", problems),
                updated_at=moment(said.get("updated_at"), f"{where}.updated_at", problems),
            )
        )

    def _result(self, rows: Any, where: str, problems: list[str]) -> list[Any] | None:
        """A result whose shape an editor can show. What the config does not know stays: old exports must come back."""
        if rows is None:
            return None
        if not isinstance(rows, list):
            problems.append(f"{where}.result is a list of rows, not {kind_of(rows)}")
            return None
        problems += [f"{where}.{problem}" for problem in self.labeling.validate_result(self.config, rows) if problem.severity == "error"]
        return rows
