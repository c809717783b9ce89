"""The bucket that the environment names (`STORAGE_TYPE`), as a storage of projects: its keys are the server's and are neither typed nor shown.

The server keeps its own files there too. A project's folder must lie beside them, so that nobody reads other people's uploads through it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.actor import Actor
from core.environment import Environment
from core.permissions import ADMINISTRATORS

# Set in no form: a server that the operator has named may be an inner one, and may be asked with what the machine gives.
TRUSTED = "trusted"
# What the server writes where its bucket has no folder for it: media, pictures of people, exports, copies of the database.
OWN = ("content", "avatars", "upload", "export", "database", "state")
SCHEMES = {"s3": "s3://", "gcs": "gs://", "azure": "az://", "hub": "hf://buckets/"}


def kind() -> str:
    """The kind of the server's bucket, "" when it has none."""
    environment: Environment = settings.ENVIRONMENT
    return environment.storage_type if name() else ""


def name() -> str:
    environment: Environment = settings.ENVIRONMENT
    return {
        "s3": environment.storage_aws_bucket_name,
        "gcs": environment.storage_gcs_bucket_name,
        "azure": environment.storage_azure_container_name,
        "hub": environment.storage_hub_bucket,
    }.get(environment.storage_type, "")


def values() -> dict[str, Any]:
    """Where it is and its keys, as the fields of its kind. Empty when the environment names no bucket (any more)."""
    environment: Environment = settings.ENVIRONMENT
    found: dict[str, dict[str, Any]] = {
        "s3": {
            "bucket": environment.storage_aws_bucket_name,
            "region_name": environment.storage_aws_region_name,
            "s3_endpoint": environment.storage_aws_endpoint_url,
            "aws_access_key_id": environment.storage_aws_access_key_id,
            "aws_secret_access_key": environment.storage_aws_secret_access_key,
        },
        "gcs": {
            "bucket": environment.storage_gcs_bucket_name,
            "google_project_id": environment.storage_gcs_project_id,
            "gcs_endpoint": environment.storage_gcs_endpoint,
        },
        "azure": {
            "container": environment.storage_azure_container_name,
            "account_name": environment.storage_azure_account_name,
            "account_key": environment.storage_azure_account_key,
            "azure_endpoint": environment.storage_azure_endpoint,
        },
        "hub": {
            "repo": environment.storage_hub_bucket,
            "repo_kind": "bucket",
            "token": environment.hf_token,
            "hub_endpoint": environment.hf_endpoint,
        },
    }
    return {**found[kind()], TRUSTED: True} if kind() else {}


def own_folders() -> tuple[str, ...]:
    """Folders of the bucket that the server keeps its own files in; "" when that is all of it."""
    environment: Environment = settings.ENVIRONMENT
    folder = {
        "s3": environment.storage_aws_folder,
        "gcs": environment.storage_gcs_folder,
        "azure": environment.storage_azure_folder,
        "hub": environment.storage_hub_folder,
    }.get(kind(), "")
    found = (folder.strip("/"),) if folder.strip("/") else OWN
    bucket = f"{SCHEMES.get(kind(), '')}{name()}"
    if environment.durable_address == bucket or environment.durable_address.startswith(bucket + "/"):
        found = (*found, environment.durable_address.removeprefix(bucket).strip("/"))
    return found


def is_offered_to(actor: Actor) -> bool:
    """Whether this person may connect it: administrators of the server's first organization, or whoever may make storages when the operator lends
    the server's keys anyway (`STORAGE_AMBIENT_CREDENTIALS`)."""
    if not kind() or "" in own_folders():
        return False
    if settings.STORAGE_AMBIENT_CREDENTIALS:
        return True
    from organizations.models import Organization

    first = Organization.objects.filter(for_guest=False).order_by("pk").values_list("pk", flat=True).first()
    return actor.role in ADMINISTRATORS and actor.organization_id == first


def refusal(prefix: Any) -> str:
    """Why a project may not have this folder of the bucket; "" when it may."""
    folder = str(prefix or "").strip("/")
    if not folder:
        return _("Give a folder: the bucket also holds this server's own files.")
    if any(f"{folder}/".startswith(f"{own}/") or f"{own}/".startswith(f"{folder}/") for own in own_folders()):
        return _("The server keeps its own files in this folder. Give another one.")
    return ""
