"""Data sets and buckets of the Hugging Face Hub."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.hub.connector import HubFiles
from io_storages.kinds import BLOB_URLS, DELETE, ON_GONE, PREFIX, REGEX, Field, Kind

KIND = Kind(
    "hub",
    "Hugging Face Hub",
    (
        Field("repo", _("Data set or bucket"), required=True, help=_("Like anna/pictures."), pattern=r"[\w.-]{1,96}/[\w.-]{1,96}"),
        Field("repo_kind", _("Which of the two"), default="dataset", pattern="dataset|bucket", help=_("dataset or bucket")),
        Field("revision", _("Branch or tag"), default="main", pattern=r"[\w./-]{0,200}", help=_("Of a data set.")),
        PREFIX,
        REGEX,
        BLOB_URLS,
        Field("recursive_scan", _("Also in folders below"), "boolean", True, directions=("source",)),
        ON_GONE,
        DELETE,
        Field("token", _("Access token"), secret=True, help=_("For what is private, and for writing.")),
        Field("hub_endpoint", _("Address of the server"), help=_("Only for servers that are not huggingface.co.")),
    ),
    HubFiles,
)
