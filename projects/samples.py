"""Sample data at the addresses that Label Studio's sample tasks name: a time series and a dialogue, made for the columns asked for."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse

from core.errors import invalid
from core.requests import json_response

ROWS = 100
MOST_COLUMNS = 100
LONGEST_NAME = 200
SEPARATORS = {"comma": ",", "tab": "\t", "space": " ", "dot": ".", "": ","}
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
DIALOGUE = (
    ("Alice", "Hi! Did the parcel arrive?"),
    ("Bob", "It did, this morning. Thank you."),
    ("Alice", "And is everything in it?"),
    ("Bob", "One cup is broken, the rest is fine."),
    ("Alice", "I am sorry. We will send another one."),
)


def time_series(request: HttpRequest) -> HttpResponse:
    """CSV with the columns `time` and `values` (`a,b`); `sep` parts them, `tf` is the form of the times. Without a header if all names are numbers."""
    query = request.GET
    name = query.get("sep") or ""
    separator = SEPARATORS.get(name, name)
    if len(separator) != 1 or separator in '\r\n"\0':
        raise invalid(sep="Use one character, or comma, tab or space.")
    time = query.get("time") or "time"
    values = [part for part in (query.get("values") or "value").split(",") if part]
    columns = [time, *values]
    if len(columns) > MOST_COLUMNS or any(len(column) > LONGEST_NAME for column in columns):
        raise invalid(values=f"At most {MOST_COLUMNS} columns.")
    lines = []
    if not all(column.isdigit() for column in columns):
        lines.append(separator.join(columns))
    form = query.get("tf") or ""
    for row in range(ROWS):
        moment = _time(form, row) if time in query.get("time", "") or time == "time" else str(row)
        lines.append(separator.join([moment, *(f"{math.sin(row / 8 + number) + number:.4f}" for number in range(len(values)))]))
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="time-series.csv"'},
    )


def _time(form: str, row: int) -> str:
    """A moment in the given strftime form; without one, the number of seconds."""
    moment = FIRST + timedelta(hours=row)
    if not form or form.lower() == "none":
        return str(row)
    if len(form) > LONGEST_NAME or "\0" in form:
        raise invalid(tf="Write the form of the times like %Y-%m-%d %H:%M:%S.")
    try:
        return moment.strftime(form)
    except (ValueError, UnicodeEncodeError):
        raise invalid(tf="Write the form of the times like %Y-%m-%d %H:%M:%S.") from None


def paragraphs(request: HttpRequest) -> HttpResponse:
    """A dialogue; `nameKey` and `textKey` name the fields."""
    who, what = request.GET.get("nameKey") or "author", request.GET.get("textKey") or "text"
    return json_response([{who: author, what: text} for author, text in DIALOGUE])
