"""Label Studio 1.23's open-source REST surface as one table: what is asked, and what must be in the answer, field by field with its type.

A row is asked in its turn; `keep` remembers the answer's id under a name, and `{name}` stands for it later on. A shape is a type, a dictionary of
fields that must all be there (more may be), or a list of one shape; `(shape, None)` may also be null. `NUMERIC` takes whole numbers too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.labelled import TEXT_CONFIG, choice

Shape = Any
NUMERIC = float
ANYTHING = object
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
EMPTY = b""


def null(shape: Shape) -> Shape:
    return (shape, None)


@dataclass(frozen=True)
class Row:
    method: str
    path: str
    shape: Shape
    body: Any = None
    status: int = 200
    keep: str = ""


def get(path: str, shape: Shape, status: int = 200, keep: str = "") -> Row:
    return Row("GET", path, shape, status=status, keep=keep)


def post(path: str, body: Any, shape: Shape, status: int = 201, keep: str = "") -> Row:
    return Row("POST", path, shape, body, status, keep)


def patch(path: str, body: Any, shape: Shape, status: int = 200) -> Row:
    return Row("PATCH", path, shape, body, status)


def put(path: str, body: Any, shape: Shape, status: int = 200) -> Row:
    return Row("PUT", path, shape, body, status)


def delete(path: str, body: Any = None, status: int = 204, shape: Shape = EMPTY) -> Row:
    return Row("DELETE", path, shape, body, status)


ERROR = {"id": str, "status_code": int, "version": str, "detail": str, "exc_info": None}
INVALID = {**ERROR, "validation_errors": dict}
SIMPLE_USER = {"id": int, "first_name": str, "last_name": str, "email": str, "avatar": null(str)}
USER = {
    **SIMPLE_USER, "username": str, "last_activity": null(TIME), "custom_hotkeys": null(dict), "initials": str, "phone": str,
    "active_organization": null(int), "active_organization_meta": {"title": str, "email": str}, "allow_newsletters": null(bool), "date_joined": TIME,
}  # fmt: skip
ORGANIZATION = {"id": int, "title": str, "contact_info": null(str), "created_at": TIME}
WHOLE_ORGANIZATION = {**ORGANIZATION, "token": null(str), "updated_at": TIME, "created_by": int, "users": [int]}
MEMBER = {
    "id": int, "organization": int, "user": {**USER, "created_projects": null(list), "contributed_to_projects": null(list)},
    "created_projects": null(list), "contributed_to_projects": null(list),
}  # fmt: skip
COUNTS = (
    "num_tasks_with_annotations", "task_number", "useful_annotation_number", "ground_truth_number", "skipped_annotations_number",
    "total_annotations_number", "total_predictions_number", "finished_task_number",
)  # fmt: skip
NEW_PROJECT: dict[str, Shape] = {
    "id": int, "title": str, "description": null(str), "label_config": str, "expert_instruction": null(str), "show_instruction": bool,
    "show_skip_button": bool, "enable_empty_annotation": bool, "show_annotation_history": bool, "organization": int, "color": str,
    "maximum_annotations": int, "is_published": bool, "model_version": null(str), "is_draft": bool, "created_by": SIMPLE_USER, "created_at": TIME,
    "min_annotations_to_start_training": int, "start_training_on_annotation_update": bool, "show_collab_predictions": bool,
    "sampling": str, "show_ground_truth_first": bool, "annotator_evaluation_enabled": bool, "show_overlap_first": bool,
    "overlap_cohort_percentage": int, "task_data_login": null(str), "task_data_password": null(str), "control_weights": dict,
    "parsed_label_config": dict, "evaluate_predictions_automatically": bool, "config_has_control_tags": bool, "skip_queue": str,
    "reveal_preannotations_interactively": bool, "pinned_at": null(TIME), "queue_total": int, "queue_done": int,
    "config_suitable_for_bulk_annotation": bool, "state": null(str), **dict.fromkeys(COUNTS, None),
}  # fmt: skip
PROJECT = {**NEW_PROJECT, **dict.fromkeys(COUNTS, int)}
BASE_TASK: dict[str, Shape] = {
    "id": int, "data": dict, "meta": null(dict), "created_at": TIME, "updated_at": TIME, "is_labeled": bool, "overlap": int, "inner_id": int,
    "total_annotations": int, "cancelled_annotations": int, "total_predictions": int, "comment_count": int, "unresolved_comment_count": int,
    "last_comment_updated_at": null(TIME), "project": int, "updated_by": null(int), "file_upload": null(int), "comment_authors": list,
}  # fmt: skip
ANNOTATION = {
    "id": int, "result": null(list), "created_username": str, "created_ago": str, "completed_by": int, "was_cancelled": bool, "ground_truth": bool,
    "created_at": TIME, "updated_at": TIME, "draft_created_at": null(TIME), "lead_time": null(NUMERIC), "import_id": null(int),
    "last_action": null(str), "bulk_created": null(bool), "task": int, "project": int, "updated_by": null(int), "parent_prediction": null(int),
    "parent_annotation": null(int), "last_created_by": null(int),
}  # fmt: skip
DRAFT = {
    "id": int, "user": str, "created_username": str, "created_ago": str, "result": list, "lead_time": null(NUMERIC), "was_postponed": bool,
    "import_id": null(int), "created_at": TIME, "updated_at": TIME, "task": int, "annotation": null(int),
}  # fmt: skip
PREDICTION = {
    "id": int, "result": list, "model_version": null(str), "created_ago": str, "score": null(NUMERIC), "cluster": null(int), "neighbors": null(list),
    "mislabeling": NUMERIC, "created_at": TIME, "updated_at": TIME, "model": null(int), "model_run": null(int), "task": int, "project": int,
}  # fmt: skip
LISTED_TASK = {
    **BASE_TASK, "file_upload": null(str), "updated_by": [{"user_id": int}], "annotators": [int], "completed_at": null(TIME),
    "annotations_results": str, "predictions_results": str, "predictions_score": null(NUMERIC), "storage_filename": null(str), "annotations_ids": str,
    "predictions_model_versions": str, "avg_lead_time": null(NUMERIC), "draft_exists": bool, "drafts": list,
}  # fmt: skip
WHOLE_LISTED_TASK = {**LISTED_TASK, "annotations": [ANNOTATION], "predictions": [PREDICTION]}
AUTHOR = {"id": int, "first_name": str, "last_name": str, "avatar": null(str), "email": str, "initials": str}
ONE_TASK = {**LISTED_TASK, "annotations": [{**ANNOTATION, "completed_by": AUTHOR}], "predictions": [PREDICTION], "drafts": [DRAFT]}
SIMPLE_TASK = {**BASE_TASK, "annotations": [ANNOTATION], "predictions": [PREDICTION]}
NEXT_TASK = {
    **BASE_TASK,
    "updated_by": ANYTHING,
    "predictions": [PREDICTION],
    "annotations": [],
    "drafts": list,
    "unique_lock_id": str,
    "queue": str,
}
TASK_PAGE = {"total": int, "total_annotations": int, "total_predictions": int}
VIEW = {"id": int, "data": dict, "order": null(int), "user": null(int), "project": int}
IMPORTED = {
    "task_count": int, "annotation_count": int, "prediction_count": int, "duration": NUMERIC, "file_upload_ids": [int], "could_be_tasks_list": bool,
    "found_formats": ANYTHING, "data_columns": [str],
}  # fmt: skip
IMPORT = {
    **IMPORTED, "id": int, "project": int, "preannotated_from_fields": null(list), "commit_to_project": bool, "return_task_ids": bool, "status": str,
    "url": null(str), "error": null(str), "created_at": TIME, "updated_at": null(TIME), "finished_at": null(TIME), "tasks": null(list),
    "task_ids": null(list), "found_formats": ANYTHING,
}  # fmt: skip
FILE = {"id": int, "file": str, "size": int}
CONVERTED = {"id": int, "status": str, "export_type": str, "traceback": null(str)}
EXPORT = {
    "id": int, "title": str, "created_by": SIMPLE_USER, "created_at": TIME, "finished_at": null(TIME), "status": str, "md5": str,
    "counters": {"task_number": int}, "converted_formats": [CONVERTED],
}  # fmt: skip
STORAGE = {
    "id": int, "type": str, "synchronizable": bool, "title": null(str), "description": null(str), "created_at": TIME, "last_sync": null(TIME),
    "last_sync_count": null(int), "last_sync_job": null(str), "status": str, "traceback": null(str), "meta": null(dict), "project": int,
    "path": str, "regex_filter": null(str), "use_blob_urls": bool,
}  # fmt: skip
MODEL = {
    "id": int, "state": str, "readable_state": str, "is_interactive": bool, "url": str, "error_message": null(str), "title": str, "auth_method": str,
    "basic_auth_user": null(str), "basic_auth_pass_is_set": bool, "description": null(str), "extra_params": null(dict), "model_version": null(str),
    "timeout": NUMERIC, "created_at": TIME, "updated_at": TIME, "auto_update": bool, "project": int,
}  # fmt: skip
WEBHOOK = {
    "id": int, "organization": int, "project": null(int), "url": str, "send_payload": bool, "send_for_all_actions": bool, "headers": dict,
    "is_active": bool, "actions": [str], "created_at": TIME, "updated_at": TIME,
}  # fmt: skip
LABEL = {"id": int, "title": str, "value": ANYTHING, "description": null(str), "organization": int, "created_by": int, "approved": bool}
NAMED = {"name": str, "title": str}
COLUMN = {
    "id": str,
    "title": str,
    "type": str,
    "target": str,
    "visibility_defaults": {"explore": bool, "labeling": bool},
    "project_defined": bool,
}


def page(shape: Shape) -> Shape:
    return {"count": int, "next": null(str), "previous": null(str), "results": [shape]}


VERSION = {
    "release": str, "edition": str, "label-studio-os-package": {"version": str, "short_version": str}, "label-studio-os-backend": dict,
    "label-studio-frontend": dict, "dm2": dict, "lsf": dict, "label-studio-converter": dict, "backend": dict,
}  # fmt: skip

ROWS: dict[str, list[Row]] = {
    "1.1 health, version, samples": [
        get("/health", {"status": str}),
        get("/api/health", {"status": str}),
        get("/version", VERSION),
        get("/api/version", VERSION),
        get("/metrics", EMPTY),
        get("/samples/paragraphs.json?nameKey=who&textKey=said", [{"who": str, "said": str}]),
        get("/api/nonsense", ERROR, 404),
    ],
    "1.2 users": [
        get("/api/users", [USER]),
        post("/api/users", {"username": "new", "email": "new@example.com", "first_name": "New"}, USER, keep="new_user"),
        post("/api/users", {"email": "other@example.com"}, INVALID, 400),
        get("/api/users/{new_user}", USER),
        patch("/api/users/{new_user}", {"last_name": "Name"}, USER),
        patch("/api/users/{new_user}", {"email": "changed@example.com"}, ERROR, 405),
        put("/api/users/{new_user}", {"first_name": "x"}, ERROR, 405),
        delete("/api/users/{me}", status=403, shape=ERROR),
        get("/api/current-user/whoami", {**USER, "permissions": [str]}),
        get("/api/current-user", USER),
        patch("/api/current-user", {"phone": "1"}, USER),
        get("/api/current-user/token", {"token": str}),
        post("/api/current-user/reset-token", None, {"token": str}),
        patch("/api/current-user/hotkeys", {"custom_hotkeys": {"annotation:submit": {"key": "ctrl+enter"}}}, {"custom_hotkeys": dict}),
        get("/api/current-user/hotkeys", {"custom_hotkeys": dict}),
        get("/api/current-user/product-tour?name=annotator", dict),
    ],
    "1.3 tokens and policies": [
        post("/api/token", None, {"token": str}),
        post("/api/token", None, ERROR, 409),
        get("/api/token", [{"token": str}]),
        post("/api/token/refresh", {"refresh": "nonsense"}, ERROR, 401),
        post("/api/token/blacklist", {"refresh": "nonsense"}, ERROR, 404),
        post("/api/token/rotate", {"refresh": "nonsense"}, ERROR, 400),
        get("/api/jwt/settings", {"api_tokens_enabled": bool, "legacy_api_tokens_enabled": bool, "api_token_ttl_days": null(int)}),
        post("/api/jwt/settings", {"legacy_api_tokens_enabled": True}, {"legacy_api_tokens_enabled": bool}, 200),
        get("/api/session-policy", {"max_session_age": int, "max_time_between_activity": int, "created_at": TIME, "updated_at": TIME}),
        patch("/api/session-policy", {"max_session_age": 600}, {"max_session_age": int}),
    ],
    "1.4 organizations": [
        get("/api/organizations", [ORGANIZATION]),
        post("/api/organizations", {"title": "Another"}, ERROR, 403),
        get("/api/organizations/{organization}", WHOLE_ORGANIZATION),
        patch("/api/organizations/{organization}", {"contact_info": "hall@example.com"}, WHOLE_ORGANIZATION),
        get("/api/organizations/{organization}/memberships?contributed_to_projects=1", page(MEMBER)),
        get(
            "/api/organizations/{organization}/memberships/{new_user}?contributed_to_projects=1",
            {"user": int, "organization": int, "contributed_projects_count": int, "annotations_count": int, "created_at": TIME, "created_projects": [dict], "contributed_to_projects": [dict]},
        ),
        delete("/api/organizations/{organization}/memberships/{me}", status=405, shape=ERROR),
        delete("/api/organizations/{organization}/memberships/{new_user}"),
        delete("/api/organizations/{organization}/memberships/{new_user}", status=404, shape=ERROR),
        get("/api/invite", {"token": str, "invite_url": str}),
        post("/api/invite/reset-token", None, {"token": str, "invite_url": str}),
    ],
    "1.5 projects": [
        post("/api/projects", {"title": "Inventory", "label_config": TEXT_CONFIG}, NEW_PROJECT, keep="project"),
        post("/api/projects", {"label_config": "<View"}, INVALID, 400),
        get("/api/projects", page(PROJECT)),
        get("/api/projects?page=99", ERROR, 404),
        get("/api/projects/counts", page({"id": int, **dict.fromkeys(COUNTS, int)})),
        get("/api/projects/{project}", PROJECT),
        patch("/api/projects/{project}", {"description": "All of it"}, PROJECT),
        put("/api/projects/{project}", {"title": "Inventory", "label_config": TEXT_CONFIG}, PROJECT),
        patch("/api/projects/{project}", {"model_version": "unknown"}, INVALID, 400),
        get("/api/projects/{project}/next", ERROR, 404),
        get("/api/projects/{project}/label-stream-history", [{"taskId": int, "annotationId": null(int)}]),
        post("/api/projects/validate", {"label_config": TEXT_CONFIG}, EMPTY, 204),
        post("/api/projects/validate", {"label_config": "<View"}, {"label_config": [str]}, 400),
        post("/api/projects/{project}/validate", {"label_config": TEXT_CONFIG}, {"config_essential_data_has_changed": None}, 200),
        post("/api/projects/{project}/validate", {"label_config": "<View"}, INVALID, 400),
        get(
            "/api/projects/{project}/summary",
            {"project": int, "created_at": TIME, "all_data_columns": dict, "common_data_columns": [str], "created_annotations": dict, "created_labels": dict, "created_labels_drafts": dict},
        ),
        post("/api/projects/{project}/summary/reset", None, EMPTY, 200),
        get("/api/projects/{project}/tasks", ERROR, 404),
        post("/api/projects/{project}/tasks", {"data": {"text": "made"}}, BASE_TASK, keep="made"),
        get("/api/projects/{project}/tasks?page_size=-1", [SIMPLE_TASK]),
        delete("/api/projects/{project}/tasks"),
        post("/api/projects/{project}/sample-task", {"label_config": TEXT_CONFIG}, {"sample_task": {"text": str}}, 200),
        post(
            "/api/projects/{project}/sample-task",
            {"label_config": TEXT_CONFIG, "include_annotation_and_prediction": True},
            {"sample_task": {"data": dict, "annotations": [dict], "predictions": [dict]}},
            200,
        ),
        get("/api/projects/{project}/model-versions", dict),
        get("/api/projects/{project}/model-versions?extended=true", {"static": [dict], "live": null(list)}),
        delete("/api/projects/{project}/model-versions", {"model_version": "none"}, 200, {"deleted_predictions": int}),
        delete("/api/projects/{project}/model-versions", {}, 400, INVALID),
        get("/api/projects/{project}/annotators", [SIMPLE_USER]),
        get("/api/templates", {"templates": [{"title": str, "group": str, "config": str}], "groups": [str]}),
    ],
    "1.9 import": [
        post("/api/projects/{project}/import?return_task_ids=1", [{"text": "a"}, {"data": {"text": "b"}}], {**IMPORTED, "task_ids": [int]}, keep="task=task_ids"),
        post("/api/projects/{project}/tasks/bulk", [{"text": "c"}], IMPORTED),
        post("/api/projects/{project}/import?commit_to_project=false", [{"text": "d"}], {"task_count": int, "annotation_count": None, "prediction_count": None, "could_be_tasks_list": bool}),
        post("/api/projects/{project}/import", [{"txt": "no"}], {**ERROR, "validation_errors": {"non_field_errors": [str]}}, 400),
        post("/api/projects/{project}/import/predictions", [{"task": "{task}", "result": choice(), "score": 0.5, "model_version": "v1"}], {"created": int}),
        post("/api/projects/{project}/import/predictions", [{"task": 10**9, "result": choice()}], ERROR, 400),
        post("/api/projects/{project}/reimport", {"file_upload_ids": []}, {"task_count": int, "annotation_count": int, "prediction_count": int}, 200),
        get("/api/projects/{project}/file-uploads?all=true", [FILE], keep="upload"),
        get("/api/import/file-upload/{upload}", FILE),
        post("/api/projects/{project}/imports", {"file_upload_ids": ["{upload}"]}, {"id": int}, keep="import"),
        get("/api/projects/{project}/imports/{import}", IMPORT),
        delete("/api/projects/{project}/file-uploads", {"file_upload_ids": ["{upload}"]}, 200, {"deleted": int}),
    ],
    "1.6 tasks": [
        get("/api/tasks", {"detail": str}, 404),
        post("/api/tasks", {"project": "{project}", "data": {"text": "one more"}, "meta": {"k": 1}}, BASE_TASK, keep="second"),
        post("/api/tasks", {"project": "{project}", "data": {}}, INVALID, 400),
        post("/api/tasks", {"data": {"text": "whose"}}, INVALID, 400),
        get("/api/projects/{project}/next", NEXT_TASK),
        get("/api/tasks?project={project}", {**TASK_PAGE, "tasks": [LISTED_TASK]}),
        get("/api/tasks?project={project}&page=9", ERROR, 404),
        get("/api/tasks?project={project}&include=id", {**TASK_PAGE, "tasks": [{"id": int}]}),
        patch("/api/tasks/{second}", {"meta": {"k": 2}}, SIMPLE_TASK),
        get("/api/tasks/{task}/agreement", {"total_annotations": int, "distributions": dict}),
    ],
    "1.7 annotations and drafts": [
        post("/api/tasks/{task}/drafts", {"result": choice(), "lead_time": 1}, DRAFT, keep="draft"),
        get("/api/tasks/{task}/drafts", [DRAFT]),
        get("/api/drafts/{draft}", DRAFT),
        patch("/api/drafts/{draft}", {"was_postponed": True}, DRAFT),
        post("/api/tasks/{task}/annotations", {"result": choice(), "lead_time": 2.5, "unique_id": "11111111-2222-4333-8444-555555555555"}, ANNOTATION, keep="annotation"),
        post("/api/tasks/{task}/annotations", {"result": choice(), "unique_id": "11111111-2222-4333-8444-555555555555"}, ERROR, 409),
        post("/api/tasks/{task}/annotations", {"result": "Positive"}, INVALID, 400),
        get("/api/tasks/{task}/annotations", [ANNOTATION]),
        get("/api/annotations/{annotation}", ANNOTATION),
        patch("/api/annotations/{annotation}", {"ground_truth": True}, ANNOTATION),
        put("/api/annotations/{annotation}", {"result": choice("Neutral")}, ANNOTATION),
        post("/api/tasks/{task}/annotations/{annotation}/drafts", {"result": choice()}, DRAFT, keep="change"),
        get("/api/tasks/{task}/annotations/{annotation}/drafts", [DRAFT]),
        get("/api/tasks/{task}", ONE_TASK),
        get("/api/tasks?project={project}&fields=all", {**TASK_PAGE, "tasks": [WHOLE_LISTED_TASK]}),
        delete("/api/drafts/{change}"),
        post("/api/tasks/{second}/annotations", {"result": choice()}, ANNOTATION, keep="other"),
        post("/api/annotations/{other}/convert-to-draft", None, DRAFT),
        post("/api/tasks/1000000000/drafts", {"result": []}, ERROR, 404),
        get("/api/fsm/entities/task/{task}/history", page(dict)),
        post("/api/annotations/bulk", {"tasks": ["{task}", "{second}"], "result": choice()}, [{"id": int}]),
    ],
    "1.8 predictions": [
        post("/api/predictions", {"task": "{task}", "result": choice(), "score": 0.5, "model_version": "v2"}, PREDICTION, keep="prediction"),
        post("/api/predictions", {"task": "{task}", "result": "Positive"}, PREDICTION),
        post("/api/predictions", {"task": "{task}", "result": {"choices": ["Neutral"]}}, PREDICTION),
        post("/api/predictions", {"result": choice()}, INVALID, 400),
        get("/api/predictions?task={task}", [PREDICTION]),
        get("/api/predictions?project={project}", [PREDICTION]),
        get("/api/predictions/{prediction}", PREDICTION),
        patch("/api/predictions/{prediction}", {"score": 0.75}, PREDICTION),
        put("/api/predictions/{prediction}", {"task": "{task}", "result": choice()}, PREDICTION),
        get("/api/projects/{project}/model-versions?extended=true", {"static": [{"model_version": null(str), "count": int, "latest": TIME}], "live": null(list)}),
        delete("/api/predictions/{prediction}"),
    ],
    "1.10 export": [
        get("/api/projects/{project}/export/formats", [{"name": str, "title": str, "description": str, "link": null(str)}]),
        get("/api/projects/{project}/export?exportType=JSON_MIN", [{"id": int, "text": str, "sentiment": str, "annotator": int, "annotation_id": int, "created_at": TIME, "updated_at": TIME, "lead_time": null(NUMERIC)}]),
        get("/api/projects/{project}/export?exportType=nonsense", INVALID, 400),
        post("/api/projects/{project}/exports", {"title": "Kept"}, EXPORT, keep="export"),
        get("/api/projects/{project}/exports", [EXPORT]),
        post("/api/projects/{project}/exports/{export}/convert", {"export_type": "CSV"}, {"export_type": str, "converted_format": int}, 200),
        post("/api/projects/{project}/exports/{export}/convert", {"export_type": "nonsense"}, ERROR, 400),
        get("/api/projects/{project}/exports/{export}", EXPORT),
        get("/api/projects/{project}/exports/{export}/download", [{"id": int, "annotations": [{"unique_id": str, "result_count": int, "completed_by": ANYTHING, "prediction": ANYTHING}], "drafts": list, "predictions": list, "data": dict, "meta": ANYTHING, "allow_skip": bool, "inner_id": int}]),
        get("/api/projects/{project}/exports/{export}/download?exportType=VOC", ERROR, 404),
        delete("/api/projects/{project}/exports/{export}"),
    ],
    "1.11 data manager": [
        post("/api/dm/views", {"project": "{project}", "data": {"title": "Mine", "filters": {"conjunction": "and", "items": []}}}, VIEW, keep="view"),
        get("/api/dm/views?project={project}", [VIEW]),
        get("/api/dm/views/{view}", VIEW),
        patch("/api/dm/views/{view}", {"data": {"title": "Ours"}}, VIEW),
        put("/api/dm/views/{view}", {"project": "{project}", "data": {"title": "Ours"}}, VIEW),
        post("/api/dm/views/order", {"project": "{project}", "ids": ["{view}"]}, ANYTHING, 200),
        get("/api/tasks?view={view}", {**TASK_PAGE, "tasks": [LISTED_TASK]}),
        get("/api/dm/columns?project={project}", {"columns": [COLUMN]}),
        get("/api/dm/project?project={project}", {**PROJECT, "can_delete_tasks": bool, "can_manage_annotations": bool, "can_manage_tasks": bool, "source_syncing": bool, "target_syncing": bool, "task_count": int, "annotation_count": int}),
        get("/api/dm/actions?project={project}", [{"id": str, "title": str, "order": int, "permission": str, "dialog": dict}]),
        get("/api/dm/actions/delete_tasks/form?project={project}", ANYTHING),
        post("/api/dm/actions?project={project}&id=next_task", {}, NEXT_TASK, 200),
        post("/api/dm/actions?project={project}&id=delete_tasks_predictions", {"selectedItems": {"all": False, "included": ["{second}"]}}, {"processed_items": int, "detail": str}, 200),
        post("/api/dm/actions?project={project}&id=predictions_to_annotations", {"selectedItems": {"all": True, "excluded": []}}, {"response_code": int, "detail": str}, 200),
        post("/api/dm/actions?project={project}", {}, ERROR, 422),
        post("/api/dm/actions?project={project}&id=nonsense", {}, ERROR, 404),
        delete("/api/dm/views/{view}"),
        delete("/api/dm/views/reset", {"project": "{project}"}),
    ],
    "1.12 storages": [
        get("/api/storages/types", [NAMED]),
        get("/api/storages/export/types", [NAMED]),
        post("/api/storages/localfiles", {"project": "{project}", "path": "{folder}", "use_blob_urls": True}, STORAGE, keep="source"),
        post("/api/storages/localfiles/validate", {"project": "{project}", "path": "{folder}"}, EMPTY, 200),
        post("/api/storages/localfiles/validate", {"project": "{project}", "path": "/nowhere"}, INVALID, 400),
        post("/api/storages/localfiles/files", {"project": "{project}", "path": "{folder}"}, {"files": [{"key": str, "last_modified": null(str), "size": int}]}, 200),
        get("/api/storages/localfiles/form", [{"columnCount": int, "fields": [dict]}]),
        get("/api/storages?project={project}", [STORAGE]),
        get("/api/storages/localfiles?project={project}", [STORAGE]),
        get("/api/storages/localfiles/{source}", STORAGE),
        patch("/api/storages/localfiles/{source}", {"title": "Folder"}, STORAGE),
        post("/api/storages/localfiles/{source}/sync", {}, STORAGE, 200),
        delete("/api/storages/localfiles/{source}"),
        post("/api/storages/export/localfiles", {"project": "{project}", "path": "{target_folder}"}, STORAGE, keep="target"),
        post("/api/storages/export/localfiles/validate", {"project": "{project}", "path": "{target_folder}"}, EMPTY, 200),
        get("/api/storages/export?project={project}", [STORAGE]),
        get("/api/storages/export/localfiles?project={project}", [STORAGE]),
        post("/api/storages/export/localfiles/{target}/sync", {}, STORAGE, 200),
        get("/api/storages/export/localfiles/form", [{"columnCount": int, "fields": [dict]}]),
        delete("/api/storages/export/localfiles/{target}"),
        *(get(f"/api/storages/{side}{kind}?project={{project}}", []) for kind in ("s3", "gcs", "azure", "redis") for side in ("", "export/")),
        get("/api/storages/databricks", ERROR, 404),
    ],
    "1.14 models": [
        post("/api/ml", {"project": "{project}", "url": "{model_url}", "title": "Guesser"}, MODEL, keep="model"),
        post("/api/ml", {"project": "{project}", "url": "http://127.0.0.1:1/"}, INVALID, 400),
        post("/api/ml", {"url": "{model_url}"}, INVALID, 400),
        get("/api/ml?project={project}", [MODEL]),
        get("/api/ml/{model}", MODEL),
        patch("/api/ml/{model}", {"title": "Better"}, MODEL),
        put("/api/ml/{model}", {"project": "{project}", "url": "{model_url}", "title": "Best"}, MODEL),
        post("/api/ml/{model}/train", {}, ANYTHING, 200),
        post("/api/ml/{model}/predict/test?random=true", {}, {"data": {"result": list, "score": null(NUMERIC), "model_version": str}}, 200),
        post("/api/ml/{model}/interactive-annotating", {"task": "{task}", "context": {}}, {"data": {"result": list, "score": null(NUMERIC), "model_version": str}}, 200),
        get("/api/ml/{model}/versions", {"versions": [str]}),
        delete("/api/ml/{model}"),
    ],
    "1.15 webhooks": [
        post("/api/webhooks", {"url": "https://1.1.1.1/hook"}, WEBHOOK, keep="hook"),
        post("/api/webhooks", {"url": "https://1.1.1.1/hook", "project": "{project}", "send_for_all_actions": False, "actions": ["TASKS_CREATED"]}, WEBHOOK),
        post("/api/webhooks", {"url": "http://169.254.169.254/"}, INVALID, 400),
        get("/api/webhooks?project={project}", [WEBHOOK]),
        get("/api/webhooks/{hook}", WEBHOOK),
        patch("/api/webhooks/{hook}", {"is_active": False}, WEBHOOK),
        put("/api/webhooks/{hook}", {"url": "https://1.1.1.1/hook"}, WEBHOOK),
        get("/api/webhooks/info?organization-only=false", {"TASKS_CREATED": {"name": str, "description": str, "key": str, "organization-only": bool}}),
        delete("/api/webhooks/{hook}"),
    ],
    "1.16 labels": [
        post("/api/labels", [{"project": "{project}", "from_name": "sentiment", "title": "Glad", "value": ["Glad"]}], [LABEL], keep="label"),
        get("/api/labels?project={project}", page({**LABEL})),
        patch("/api/labels/{label}", {"description": "Gladness"}, {"id": int, "description": str}),
        get("/api/label_links?project={project}", page({"id": int, "label": ANYTHING, "project": int, "from_name": str, "annotations_count": int}), keep="link=results"),
        get("/api/label_links/{link}", {"id": int, "project": int, "from_name": str}),
        patch("/api/label_links/{link}", {"from_name": "sentiment"}, {"id": int}),
        post("/api/labels/bulk", {"project": "{project}", "old_label": ["Positive"], "new_label": ["Good"]}, {"annotations_updated": int}, 200),
        delete("/api/label_links/{link}"),
        delete("/api/labels/{label}"),
    ],
    "and away with it": [
        delete("/api/annotations/{annotation}"),
        delete("/api/tasks/{second}"),
        delete("/api/projects/{project}"),
        get("/api/projects/{project}", ERROR, 404),
    ],
}  # fmt: skip
