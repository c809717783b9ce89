"""Google Cloud Storage, by google-cloud-storage."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.gcs.connector import GCS
from io_storages.kinds import COMMON, Field, Kind

KIND = Kind(
    "gcs",
    "Google Cloud Storage",
    (
        Field("bucket", _("Bucket"), required=True, pattern=r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]"),
        *COMMON,
        Field("google_application_credentials", _("Service account key (JSON)"), secret=True),
        Field("google_project_id", _("Google project")),
        Field("gcs_endpoint", _("Address of the server"), help=_("Only for servers that are not Google's.")),
    ),
    GCS,
)
