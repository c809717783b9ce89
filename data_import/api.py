"""Imports and uploads over HTTP (§1.9 of the API)."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from core.actor import Actor
from core.errors import Refused, invalid
from core.rawjson import JSONRefused, read_json
from core.requests import boolean, dict_body, integer, json_response
from core.routing import actor_of
from data_import import jobs, operations, predictions, queries, report
from data_import.intake import Intake
from data_import.models import FileUpload
from data_import.operations import AT_ONCE, Options
from data_import.parts import ImportFile, Reading
from data_import.preview import preview_of_piece, preview_of_uploads
from data_import.reading import judge
from data_import.receiving import as_import_file, fetch_upload, receive_form, received_body
from data_import.spool import Spool
from data_import.storage import plain_path, receive
from projects.models import Project
from projects.queries import get_project

COUNTS = ("task_count", "annotation_count", "prediction_count")


def import_tasks(request: HttpRequest, project_id: int) -> HttpResponse:
    """Tasks as a JSON body, as files of a form, or from the form's `url`. 201 after commit."""
    started = time.time()
    actor = actor_of(request)
    project = get_project(actor, project_id)
    options = _options(request)
    commit = bool(boolean(request.GET.get("commit_to_project"), "commit_to_project", True))
    kind = (request.content_type or "").lower()
    if kind == "application/json" or kind.endswith("+json"):
        with received_body(request) as body:
            return _import(actor, project, [ImportFile(body.path, "")], options, started, commit=commit)
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise Refused(f'Unsupported media type "{request.content_type}" in request.', 415)
    uploads = _uploads(actor, project, request)
    if uploads is None:
        text = request.POST["url"].encode()
        received = receive([text])
        try:
            return _import(actor, project, [ImportFile(received.path, "")], options, started, commit=commit)
        finally:
            received.forget()
    try:
        return _import(actor, project, [as_import_file(upload) for upload in uploads], options, started, commit=commit)
    except Refused:
        operations.delete_uploads(actor, project, [upload.pk for upload in uploads])
        raise


def _uploads(actor: Actor, project: Project, request: HttpRequest) -> list[FileUpload] | None:
    """The form's files as uploads, or what its `url` leads to; None when that field holds JSON itself."""
    received = receive_form(request)
    try:
        found = operations.store_uploads(actor, project, received) if received else []
    finally:
        for file, _name in received:
            file.forget()
    if not found:
        url = request.POST.get("url", "").strip()
        if url.startswith(("[", "{")):
            return None
        if not url:
            raise invalid(non_field_errors="There is nothing to import: send files, a JSON body, or a form with url=.")
        found.append(fetch_upload(actor, project, url))
    return found


def _import(
    actor: Actor, project: Project, files: Sequence[ImportFile], options: Options, started: float, *, commit: bool = True
) -> HttpResponse:
    if not commit:
        return _looked_into(actor, project, files, options, started)
    if options.elsewhere or any(file.is_archive for file in files):
        # People are made and archives unpacked before tasks are written, step by step: that is the job's work, whatever the size.
        answer = _by_job(actor, project, files, options)
    else:
        answer = _at_once(actor, project, files, options)
    if not options.return_task_ids:
        answer.pop("task_ids", None)
    return json_response({**answer, "duration": round(time.time() - started, 6)}, 201)


def _at_once(actor: Actor, project: Project, files: Sequence[ImportFile], options: Options) -> dict[str, Any]:
    intake = Intake(actor, project, options.preannotated_from_fields)
    with closing(Spool()) as spool:
        found = judge(intake, files, reading=options.reading, spool=spool)
        found.refuse_mistakes()
        if found.count > AT_ONCE:
            return _by_job(actor, project, files, options)
        uploads = [file.upload_id for file in files if file.upload_id is not None]
        written = operations.import_tasks(actor, project, spool, uploads)
    counts = {name: getattr(written, name) for name in COUNTS}
    return counts | queries.findings(found, intake.columns, uploads) | {"task_ids": written.task_ids}


def _by_job(actor: Actor, project: Project, files: Sequence[ImportFile], options: Options) -> dict[str, Any]:
    """More tasks than one transaction should write: by the job that survives a restart. It keeps a body of its own until it is done."""
    kept = []
    for file in files:
        if file.upload_id is None:
            path = file.path.with_name(file.path.name + ".job")
            file.path.rename(path)
            file = ImportFile(path, file.name)
        kept.append(file)
    return jobs.answer_of(jobs.finish(operations.start_import(actor, project, kept, options)))


def _looked_into(actor: Actor, project: Project, files: Sequence[ImportFile], options: Options, started: float) -> HttpResponse:
    """`commit_to_project=false`: uploads are kept, everything is looked into, nothing is imported."""
    intake = Intake(actor, project, options.preannotated_from_fields)
    found = judge(intake, files, reading=options.reading)
    # Label Studio counts the tasks here, and only these.
    answer: dict[str, Any] = {**dict.fromkeys(COUNTS), "task_count": found.count}
    answer |= queries.findings(found, intake.columns, [file.upload_id for file in files if file.upload_id is not None])
    return json_response({**answer, "duration": round(time.time() - started, 6)}, 201)


def _options(request: HttpRequest) -> Options:
    fields = re.split(r"[,;|]", request.GET.get("preannotated_from_fields", ""))
    return Options(
        preannotated_from_fields=tuple(name.strip() for name in fields if name.strip()),
        return_task_ids=boolean(request.GET.get("return_task_ids"), "return_task_ids", False) or False,
        elsewhere=boolean(request.GET.get("elsewhere"), "elsewhere", False) or False,
    )


def import_predictions(request: HttpRequest, project_id: int) -> HttpResponse:
    """`[{task, result, score, model_version}]`: those that are right are written, `refused` says what is wrong with the others (400 when none is)."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    with received_body(request) as body:
        found = predictions.import_predictions(actor, project, body.path)
    refused = {"refused": found.refused, "refused_count": found.refused_count} if found.refused_count else {}
    return json_response({"created": found.created, **refused}, 201)


def imports(request: HttpRequest, project_id: int) -> HttpResponse:
    """Start an import of uploads in the background: `{file_upload_ids, files_as_tasks_list}`. 201 with the import, whose job tells the progress."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    body = dict_body(request)
    uploads = _named_uploads(actor, project, body)
    if not uploads:
        raise invalid(file_upload_ids="Name the uploads to import.")
    row = operations.start_import(actor, project, [as_import_file(upload) for upload in uploads], _options_of(body))
    return json_response(queries.import_json(row), 201)


def import_preview(request: HttpRequest, project_id: int) -> HttpResponse:
    """What an import of uploads with these options would make, without making it (`preview.preview_of_uploads`)."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    body = dict_body(request)
    uploads = _named_uploads(actor, project, body)
    if not uploads:
        raise invalid(file_upload_ids="Name the uploads to look into.")
    files = [as_import_file(upload) for upload in uploads]
    options = _options_of(body)
    return json_response(preview_of_uploads(actor, project, files, options.reading, elsewhere=options.elsewhere))


def refused_rows(request: HttpRequest, project_id: int, import_id: int) -> HttpResponseBase:
    """The report of rows that an import did not take: `?format=csv` (also what happens without) or `json`."""
    actor = actor_of(request)
    row = queries.get_import(actor, get_project(actor, project_id), import_id)
    kind = request.GET.get("format", "csv")
    if kind not in report.KINDS:
        raise invalid(format="The report can be had as csv or json.")
    return StreamingHttpResponse(
        report.KINDS[kind](row),
        content_type={"csv": "text/csv; charset=utf-8", "json": "application/json"}[kind],
        headers={"Content-Disposition": f'attachment; filename="import-{row.pk}-refused-rows.{kind}"'},
    )


def one_import(request: HttpRequest, project_id: int, import_id: int) -> HttpResponse:
    actor = actor_of(request)
    return json_response(queries.import_json(queries.get_import(actor, get_project(actor, project_id), import_id)))


def reimport(request: HttpRequest, project_id: int) -> HttpResponse:
    """Import uploads again, in place of the tasks that came from them."""
    started = time.time()
    actor = actor_of(request)
    project = get_project(actor, project_id)
    body = dict_body(request)
    uploads = _named_uploads(actor, project, body)
    if not uploads:
        return json_response({**dict.fromkeys(COUNTS, 0), "duration": 0, "file_upload_ids": [], "found_formats": {}, "data_columns": []})
    operations.remove_tasks_of(actor, project, uploads)
    return _import(actor, project, [as_import_file(upload) for upload in uploads], _options_of(body), started)


def file_uploads(request: HttpRequest, project_id: int) -> HttpResponse:
    """The actor's uploads: with `all`, those of `ids=[1,2]`, or with `waiting` those of which nothing has come yet; none without either (as clients of Label Studio expect), all while the project is a draft."""
    actor = actor_of(request)
    project = get_project(actor, project_id)
    if request.method == "DELETE":
        body = dict_body(request)
        ids = _id_values(body["file_upload_ids"]) if body.get("file_upload_ids") is not None else None
        return json_response({"deleted": operations.delete_uploads(actor, project, ids)})
    rows = queries.uploads_of(actor, project)
    if boolean(request.GET.get("waiting"), "waiting", False):
        return json_response([queries.upload_json(upload) for upload in rows.filter(imported=False, archive_id=None)])
    if not (project.is_draft or boolean(request.GET.get("all"), "all", False)):
        try:
            rows = rows.filter(pk__in=_id_values(read_json(request.GET.get("ids", "[]"))))
        except JSONRefused as error:
            raise invalid(ids=str(error)) from None
    return json_response([queries.upload_json(upload) for upload in rows])


def file_upload(request: HttpRequest, upload_id: int) -> HttpResponse:
    """One upload: see it, give it another name, delete it."""
    actor = actor_of(request)
    upload = queries.get_upload(actor, upload_id)
    if request.method == "DELETE":
        operations.delete_upload(actor, upload)
        return HttpResponse(status=204)
    if request.method in ("PATCH", "PUT"):
        name = dict_body(request).get("name")
        if name is not None:
            upload = operations.rename_upload(actor, upload, name)
    return json_response(queries.upload_json(upload))


def upload(request: HttpRequest, project_id: int) -> HttpResponse:
    """One file of a form, kept: `{id, name, size, format, kind, rows, columns, preview, problems}`.

    With a field `paths` (JSON: each file's name with its folders, in order) many at once, all or none: a list of `{id, file, name, size}`.
    """
    actor = actor_of(request)
    project = get_project(actor, project_id)
    received = receive_form(request)
    try:
        if (paths := request.POST.get("paths")) is not None:
            named = [(file, path) for (file, _name), path in zip(received, _paths(paths, len(received)), strict=True)]
            return json_response([queries.upload_json(upload) for upload in operations.store_uploads(actor, project, named)], 201)
        if len(received) != 1:
            raise invalid(file="Send exactly one file, or several with their `paths`.")
        kept = operations.store_upload(actor, project, *received[0])
    finally:
        for file, _name in received:
            file.forget()
    return json_response({**queries.upload_json(kept), **preview_of_uploads(actor, project, [as_import_file(kept)], Reading())}, 201)


def preview(request: HttpRequest) -> HttpResponse:
    """The first rows of a file that is not kept: its first piece as the form's file, its whole `size`, perhaps a `label_config`."""
    received = receive_form(request)
    try:
        if len(received) != 1:
            raise invalid(file="Send exactly one file.")
        file, name = received[0]
        size = integer(request.POST.get("size"), "size", file.size, least=0) or file.size
        return json_response(
            {
                "name": name,
                "size": size,
                **preview_of_piece(Path(file.path), name, whole=size <= file.size, label_config=request.POST.get("label_config", "")),
            }
        )
    finally:
        for file, _name in received:
            file.forget()


def _paths(said: str, count: int) -> list[str]:
    """The names of a form's files. Raises `Refused` (400) unless there is one for each."""
    try:
        paths = read_json(said)
    except JSONRefused as error:
        raise invalid(paths=str(error)) from None
    named = [plain_path(path) for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
    if not count or len(named) != count or not all(named):
        raise invalid(paths="Say the name of each file, in their order.")
    return named


def _named_uploads(actor: Actor, project: Project, body: dict[str, Any]) -> list[FileUpload]:
    """The uploads of `file_upload_ids`, in that order. Raises 404 when one is not the actor's to see."""
    ids = _id_values(body.get("file_upload_ids") or [])
    found = {
        upload.pk: upload for upload in FileUpload.objects.visible_to(actor).select_related("content").filter(project=project, pk__in=ids)
    }
    if missing := [pk for pk in ids if pk not in found]:
        raise Refused(f"There is no upload {missing[0]} in this project.", 404)
    return [found[pk] for pk in dict.fromkeys(ids)]


def _options_of(body: dict[str, Any]) -> Options:
    fields = body.get("preannotated_from_fields") or []
    if not isinstance(fields, list) or not all(isinstance(name, str) for name in fields):
        raise invalid(preannotated_from_fields="A list of data keys is required.")
    classes = body.get("classes") or {}
    if not isinstance(classes, dict) or not all(isinstance(label, str) for label in classes.values()):
        raise invalid(classes='An object like {"class of the file": "label"} is required; "" leaves a class out.')
    texts = {name: body.get(name) or "" for name in ("format", "control", "model_version")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise invalid(**{name: "A text is required."})
    return Options(
        preannotated_from_fields=tuple(fields),
        files_as_tasks_list=boolean(body.get("files_as_tasks_list"), "files_as_tasks_list", True) is not False,
        return_task_ids=boolean(body.get("return_task_ids"), "return_task_ids", False) is True,
        elsewhere=boolean(body.get("elsewhere"), "elsewhere", False) is True,
        leave_out=boolean(body.get("leave_out"), "leave_out", False) is True,
        as_predictions=boolean(body.get("as_predictions"), "as_predictions", False) is True,
        classes=classes,
        **texts,
    )


def _id_values(value: Any) -> list[int]:
    if isinstance(value, str):
        value = [part for part in value.strip("[] ").split(",") if part.strip()]
    if not isinstance(value, list):
        raise invalid(file_upload_ids="A list of ids is required.")
    return [integer(item.strip() if isinstance(item, str) else item, "file_upload_ids", least=1) or 0 for item in value]
