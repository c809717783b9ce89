"""One line per log record: readable, or a JSON object with JSON_LOG."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JSONLine(logging.Formatter):
    """`{"time", "level", "logger", "message", "trace"?}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def logging_settings(level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
            "json": {"()": "core.logs.JSONLine"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if as_json else "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django reports every 404 as a warning here; our own 5xx are reported by core.errors.
        "loggers": {"django.request": {"level": "ERROR" if level == "WARNING" else level}, "django.db.backends": {"level": "INFO"}},
    }
