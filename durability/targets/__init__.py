"""Which target the environment names, and every kind of target by the beginning of its address."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from core.environment import Environment, SettingError
from durability.targets.target import Target, TargetError

__all__ = ["Target", "TargetError", "target_at", "target_of"]

FORMS = "a folder, s3://bucket/prefix, gs://bucket/prefix, az://container/prefix, hf://buckets/owner/name or hf://datasets/owner/name"


def target_of(environment: Environment) -> Target | None:
    """None when nothing is to be copied. Raises SettingError for an address that is none."""
    return target_at(environment.durable_address, environment) if environment.replicated else None


def target_at(address: str, environment: Environment) -> Target:
    parts = urlsplit(address)
    if len(parts.scheme) < 2:  # no scheme, or the letter of a drive
        from durability.targets.folder import Folder

        return Folder(Path(address).expanduser().absolute())
    where, prefix = parts.netloc, parts.path.strip("/")
    if parts.scheme == "s3" and where:
        from durability.targets.s3 import S3

        return S3(
            where,
            prefix,
            access_key=environment.storage_aws_access_key_id,
            secret_key=environment.storage_aws_secret_access_key,
            region=environment.storage_aws_region_name,
            endpoint=environment.storage_aws_endpoint_url,
        )
    if parts.scheme == "gs" and where:
        from durability.targets.gcs import GCS

        return GCS(
            where,
            prefix,
            credentials=environment.google_application_credentials,
            project=environment.storage_gcs_project_id,
            endpoint=environment.storage_gcs_endpoint,
        )
    if parts.scheme == "az" and where:
        from durability.targets.azure import Azure

        return Azure(
            where,
            prefix,
            account=environment.storage_azure_account_name,
            key=environment.storage_azure_account_key,
            endpoint=environment.storage_azure_endpoint,
        )
    if parts.scheme == "hf" and where in ("buckets", "datasets") and prefix.count("/") == 1:
        from durability.targets.hub import HubBucket, HubDataset

        return (HubBucket if where == "buckets" else HubDataset)(prefix, environment.hf_token, environment.hf_endpoint)
    raise SettingError(environment.sources.get("durable_target", "DURABLE_TARGET"), f"is {address!r} but must be {FORMS}")
