from core.routing import route
from quality import api

_STATS = "api/projects/<id:project_id>/stats"
_MODEL = "api/projects/<id:project_id>/model-stats/<segment:model_version>"
_VIEW = {"GET": "quality.view"}

urlpatterns = [
    route(f"{_STATS}/total_agreement", api.total_agreement, "stats-total-agreement", **_VIEW),
    route(f"{_STATS}/IAA", api.matrix, "stats-matrix", **_VIEW),
    route(f"{_STATS}/agreement_annotators", api.agreement_annotators, "stats-agreement-annotators", **_VIEW),
    route(f"{_STATS}/agreement_annotator/<id:user_id>", api.agreement_annotator, "stats-agreement-annotator", **_VIEW),
    route(f"{_STATS}/agreement-groundtruth", api.truth_annotators, "stats-truth-annotators", **_VIEW),
    route(
        "api/projects/<id:project_id>/users/<id:user_id>/stats/agreement-groundtruth", api.truth_annotator, "stats-truth-annotator", **_VIEW
    ),
    route("api/projects/<id:project_id>/user-stats/prediction", api.prediction_annotators, "stats-prediction-annotators", **_VIEW),
    route(
        "api/projects/<id:project_id>/user-stats/<id:user_id>/prediction", api.prediction_annotator, "stats-prediction-annotator", **_VIEW
    ),
    route(f"{_MODEL}/agreement", api.version_annotators, "stats-version-annotators", **_VIEW),
    route(f"{_MODEL}/agreement-groundtruth", api.version_truth, "stats-version-truth", **_VIEW),
    route(f"{_STATS}/finished", api.finished, "stats-finished", **_VIEW),
    route(f"{_STATS}/lead_time", api.lead_time, "stats-lead-time", **_VIEW),
    route(f"{_STATS}/annotators", api.annotators, "stats-annotators", **_VIEW),
    route(f"{_STATS}/label-distribution/structure", api.label_structure, "stats-label-structure", **_VIEW),
    route(f"{_STATS}/label-distribution/counts", api.label_counts, "stats-label-counts", **_VIEW),
    route("api/projects/<id:project_id>/tasks/<id:task_id>/agreement-matrix", api.task_matrix, "task-agreement-matrix", **_VIEW),
]
