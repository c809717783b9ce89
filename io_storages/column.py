"""The object that a task came from, as a column of the data page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from data_manager.columns import Column, plain

VALUE = "(SELECT o.key FROM io_storages_storagelink o WHERE o.task_id = t.id ORDER BY o.id LIMIT 1)"
STORAGE_FILENAME = Column(
    "storage_filename", _("Storage file"), "String", plain(VALUE), _("The object in the storage that the task came from."), shown=False
)
