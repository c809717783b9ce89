"""What a model says about tasks: checked against the project's labeling config, and stored as its predictions."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.rawjson import JSONRefused, json_text
from ml.models import MLBackend
from ml.operations.checking import note_version
from ml.wire import ModelTrouble, Predicted
from projects.models import Project
from projects.queries import config_of
from tasks.answers import check_result
from tasks.operations.bulk import NewPrediction
from tasks.operations.bulk_predictions import put_model_predictions

Answers = Mapping[int, "Predicted | ModelTrouble"]


def store(backend: MLBackend, answers: Answers) -> dict[int, str]:
    """Keep what can be kept, in one transaction; returns {task id: why it could not be kept} for the others."""
    refused: dict[int, str] = {}
    kept: dict[int, NewPrediction] = {}
    config = config_of(backend.project)
    for task, answer in answers.items():
        if isinstance(answer, ModelTrouble):
            refused[task] = str(answer)
            continue
        try:
            check_result(config, _rows(answer))
            json_text(answer.result)
        except (Refused, JSONRefused) as error:
            sentence = error.sentence if isinstance(error, Refused) else str(error)
            refused[task] = _("The model's result does not fit the labeling set-up: %(trouble)s") % {"trouble": sentence}
        else:
            kept[task] = NewPrediction(result=answer.result, score=answer.score, model_version=answer.model_version)
    if not kept:
        return refused
    version = next(reversed(kept.values())).model_version or ""
    with transaction.atomic():
        # The project's row first, as everywhere; a model that names another version in its answers than at set-up is shown by that one.
        project = Project.objects.select_for_update().get(pk=backend.project_id)
        if project.live_model == backend.title and project.model_version != version:
            note_version(backend, version)
        present = put_model_predictions(backend.project, backend.pk, kept)
    for task in kept.keys() - present:
        refused[task] = _("The task was deleted meanwhile.")
    return refused


def _rows(answer: Predicted) -> list[object]:
    for row in answer.result:
        if not isinstance(row, dict):
            raise Refused(_("a row of the result is not an object."))
    return answer.result
