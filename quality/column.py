"""The data page's column of agreement: how far the people who answered a task agree, in percent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from data_manager.columns import Column, plain

VALUE = "(SELECT ROUND(AVG(q.score) * 10000) / 100.0 FROM quality_pair q WHERE q.task_id = t.id)"  # two places, the same on both databases
AGREEMENT = Column(
    "agreement",
    _("Agreement, %"),
    "Number",
    plain(VALUE),
    _("How far the annotations of different people agree: 0 to 100, empty while fewer than two have answered."),
    shown=False,
)
