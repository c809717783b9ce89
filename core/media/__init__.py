"""The server's own store of media: what people upload, their pictures, exports. A folder, or the bucket that the environment names (`STORAGE_TYPE`).

Each cloud's class is that of django-storages with `pieces`, which reads a range of a file. They are loaded when the first file is asked for.
"""

from __future__ import annotations

from typing import Any

from core.environment import Environment

FOLDER = "django.core.files.storage.FileSystemStorage"


def storages(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's `STORAGES`."""
    return {
        "default": _default(environment),
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _default(environment: Environment) -> dict[str, Any]:
    match environment.storage_type:
        case "s3":
            return {
                "BACKEND": "core.media.s3.S3Media",
                "OPTIONS": {
                    "access_key": environment.storage_aws_access_key_id or None,
                    "secret_key": environment.storage_aws_secret_access_key or None,
                    "bucket_name": environment.storage_aws_bucket_name,
                    "region_name": environment.storage_aws_region_name or None,
                    "endpoint_url": environment.storage_aws_endpoint_url or None,
                    "location": environment.storage_aws_folder.strip("/"),
                },
            }
        case "gcs":
            return {
                "BACKEND": "core.media.gcs.GCSMedia",
                "OPTIONS": {
                    "bucket_name": environment.storage_gcs_bucket_name,
                    "project_id": environment.storage_gcs_project_id or None,
                    "endpoint": environment.storage_gcs_endpoint,
                    "location": environment.storage_gcs_folder.strip("/"),
                },
            }
        case "azure":
            return {
                "BACKEND": "core.media.azure.AzureMedia",
                "OPTIONS": {
                    "account_name": environment.storage_azure_account_name,
                    "account_key": environment.storage_azure_account_key,
                    "azure_container": environment.storage_azure_container_name,
                    "endpoint": environment.storage_azure_endpoint,
                    "location": environment.storage_azure_folder.strip("/"),
                },
            }
        case "hub":
            return {
                "BACKEND": "core.media.hub.HubMedia",
                "OPTIONS": {
                    "bucket": environment.storage_hub_bucket,
                    "token": environment.hf_token,
                    "endpoint": environment.hf_endpoint,
                    "location": environment.storage_hub_folder.strip("/"),
                },
            }
    return {"BACKEND": FOLDER}
