"""A folder of the server's own disk, below `LOCAL_FILES_DOCUMENT_ROOT`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.kinds import BLOB_URLS, DELETE, ON_GONE, REGEX, Field, Kind
from io_storages.localfiles.connector import LocalFiles

KIND = Kind(
    "localfiles",
    "Local files",
    (
        Field("path", _("Folder on the server"), required=True),
        REGEX,
        BLOB_URLS,
        Field("recursive_scan", _("Also in folders below"), "boolean", True, directions=("source",)),
        ON_GONE,
        DELETE,
    ),
    LocalFiles,
)
