"""Azure Blob Storage, by azure-storage-blob."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.azure.connector import Azure
from io_storages.kinds import COMMON, Field, Kind

KIND = Kind(
    "azure",
    "Microsoft Azure",
    (
        Field("container", _("Container"), required=True, pattern=r"[a-z0-9$][a-z0-9-]{1,62}"),
        *COMMON,
        Field("account_name", _("Account"), secret=True, pattern=r"[a-z0-9]{3,24}"),
        Field("account_key", _("Account key"), secret=True),
        Field("azure_endpoint", _("Address of the server"), help=_("Only for servers that are not Microsoft's.")),
    ),
    Azure,
)
