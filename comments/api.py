"""`/api/comments…` and `/api/notifications`: thin views; see comments/urls.py for who may call what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from comments import operations, queries
from comments.serializers import comment_fields, comment_json, notification_json
from core.errors import invalid
from core.requests import boolean, dict_body, id_list, integer, json_response
from core.routing import actor_of
from tasks.answers import id_numbers

MOST = 10_000
MOST_NOTIFICATIONS = 200
BODY_LIMIT = 1 << 20


def comments(request: HttpRequest) -> HttpResponse:
    """A plain list, narrowed by `annotation`, `draft`, `task`, `projects`, `annotators`; POST writes one."""
    actor = actor_of(request)
    if request.method == "POST":
        fields = comment_fields(dict_body(request, limit=BODY_LIMIT))
        if "text" not in fields:
            raise invalid(text="This field is required.")
        return json_response(comment_json(operations.create_comment(actor, fields), expand=_expand(request)), 201)
    found = list(queries.list_comments(actor, _filters(request))[: MOST + 1])
    if len(found) > MOST:
        raise invalid(non_field_errors=f"There are more than {MOST:,} comments: narrow the list, or export it.")
    return json_response([comment_json(row, expand=_expand(request)) for row in found])


def comment(request: HttpRequest, comment_id: int) -> HttpResponse:
    actor = actor_of(request)
    if request.method == "DELETE":
        operations.delete_comment(actor, comment_id)
        return HttpResponse(status=204)
    found = queries.get_comment(actor, comment_id)
    if request.method in ("PATCH", "PUT"):
        found = operations.update_comment(actor, comment_id, comment_fields(dict_body(request, limit=BODY_LIMIT)))
    return json_response(comment_json(found, expand=_expand(request)))


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The comments as CSV; times in the zone `tz` (UTC unless named)."""
    rows = queries.list_comments(actor_of(request), _filters(request))
    zone = _zone(request.GET.get("tz") or "UTC")

    def lines() -> Iterator[bytes]:
        line = io.StringIO()
        writer = csv.writer(line)
        writer.writerow(("id", "project", "task", "annotation", "author", "created_at", "text", "resolved_at"))
        for row in rows.iterator(chunk_size=1_000):
            email = row.created_by.email if row.created_by else ""
            resolved = row.resolved_at.astimezone(zone).isoformat() if row.resolved_at else ""
            text = f"'{row.text}" if row.text[:1] in ("=", "+", "-", "@") else row.text  # a spreadsheet must not run it
            writer.writerow(
                (row.pk, row.project_id, row.task_id, row.annotation_id, email, row.created_at.astimezone(zone).isoformat(), text, resolved)
            )
            if line.tell() > 1 << 16:
                yield line.getvalue().encode()
                line.seek(0)
                line.truncate()
        yield line.getvalue().encode()

    return StreamingHttpResponse(
        lines(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="comments.csv"'}
    )


def notifications(request: HttpRequest) -> HttpResponse:
    """What one is told, newest first (`?unread=true` narrows). POST `{"ids": […]}` marks as read, without ids everything."""
    actor = actor_of(request)
    if request.method == "POST":
        body = dict_body(request, limit=BODY_LIMIT)
        which = id_numbers(body["ids"], "ids", most=MOST_NOTIFICATIONS) if body.get("ids") is not None else None
        return json_response({"read": operations.read_notifications(actor, which)})
    unread = bool(boolean(request.GET.get("unread"), "unread", False))
    return json_response([notification_json(row) for row in queries.notifications(actor, unread=unread, most=MOST_NOTIFICATIONS)])


def _filters(request: HttpRequest) -> queries.Filters:
    query = request.GET
    return queries.Filters(
        **{name: integer(query.get(name), name) for name in ("annotation", "draft", "task", "parent")},
        projects=id_list(request, "projects"),
        annotators=id_list(request, "annotators"),
        resolved=boolean(query.get("is_resolved"), "is_resolved"),
        ordering=query.get("ordering") or "",
    )


def _expand(request: HttpRequest) -> bool:
    return bool(boolean(request.GET.get("expand_created_by"), "expand_created_by", False))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise invalid(tz='Name a time zone such as "Europe/Berlin".') from None
