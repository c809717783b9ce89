"""Amazon S3 and servers that speak its protocol (MinIO, Ceph, R2 …), by boto3."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from io_storages.kinds import COMMON, Field, Kind
from io_storages.s3.connector import S3

KIND = Kind(
    "s3",
    "AWS S3",
    (
        Field("bucket", _("Bucket"), required=True, pattern=r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}"),
        *COMMON,
        Field("region_name", _("Region"), help=_("Like eu-central-1."), pattern=r"[a-z0-9-]{0,32}"),
        Field("s3_endpoint", _("Address of the server"), help=_("Only for servers that are not Amazon's, like https://minio.example.org")),
        Field("aws_access_key_id", _("Access key"), secret=True),
        Field("aws_secret_access_key", _("Secret key"), secret=True),
        Field("aws_session_token", _("Session token"), secret=True),
        Field("aws_sse_kms_key_id", _("KMS key"), help=_("What written objects are encrypted with.")),
    ),
    S3,
)
