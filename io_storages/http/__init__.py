"""Files that a web server lists: the index pages of Apache, nginx and others, or a JSON list of names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.http.connector import WebFiles
from io_storages.kinds import BLOB_URLS, ON_GONE, REGEX, SOURCE, Field, Kind

KIND = Kind(
    "http",
    "Web server",
    (
        Field("url", _("Address of the folder"), required=True, pattern=r"https?://\S{1,2000}", help=_("A page that lists files.")),
        REGEX,
        BLOB_URLS,
        Field("recursive_scan", _("Also in folders below"), "boolean", False, directions=SOURCE),
        ON_GONE,
        Field("username", _("User name")),
        Field("password", _("Password"), secret=True),
    ),
    WebFiles,
    directions=SOURCE,
)
