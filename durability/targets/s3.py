"""A bucket of Amazon S3, or of anything that speaks its protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from durability.targets.target import Target, TargetError

TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
AT_ONCE = 1000  # objects that one request removes


class S3(Target):
    """`options`: access_key, secret_key, region and endpoint, each may be ""; without keys, what the machine itself may do."""

    def __init__(self, bucket: str, prefix: str, **options: str) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.options = options
        self.name = f"s3://{bucket}/{self.prefix}".rstrip("/")

    @cached_property
    def client(self) -> Any:
        import boto3
        from botocore.config import Config

        endpoint = self.options.get("endpoint") or None
        return boto3.session.Session(
            aws_access_key_id=self.options.get("access_key") or None, aws_secret_access_key=self.options.get("secret_key") or None
        ).client(
            "s3",
            region_name=self.options.get("region") or "us-east-1",
            endpoint_url=endpoint,
            config=Config(
                s3={"addressing_style": "path" if endpoint else "auto"},
                connect_timeout=5,
                read_timeout=30,
                retries={"total_max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def names(self, prefix: str = "") -> dict[str, int]:
        with self._told():
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix + prefix)
            return {found["Key"].removeprefix(self.prefix): found["Size"] for page in pages for found in page.get("Contents", ())}

    def read(self, name: str) -> bytes:
        with self._told(name):
            content: bytes = self.client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()
            return content

    def write(self, add: Mapping[str, bytes | Path], remove: Collection[str] = ()) -> None:
        with self._told():
            for name, content in add.items():
                if isinstance(content, Path):
                    self.client.upload_file(str(content), self.bucket, self.prefix + name)
                else:
                    self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content)
            gone = [{"Key": self.prefix + name} for name in remove]
            for first in range(0, len(gone), AT_ONCE):
                self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": gone[first : first + AT_ONCE], "Quiet": True})

    def claim(self, name: str, content: bytes) -> bool:
        from botocore.exceptions import ClientError

        with self._told():
            try:
                self.client.put_object(Bucket=self.bucket, Key=self.prefix + name, Body=content, IfNoneMatch="*")
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in TAKEN:
                    return False
                raise
            return True

    def bring(self, name: str, file: Path) -> None:
        with self._told():
            self.client.download_file(self.bucket, self.prefix + name, str(file))

    @contextmanager
    def _told(self, name: str = "") -> Iterator[None]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if name and code in MISSING:
                raise KeyError(name) from None
            raise TargetError(
                f"The bucket {self.bucket} refuses ({code}): check its name and that the keys may read and write it."
            ) from None
        except (BotoCoreError, Boto3Error, OSError) as error:
            raise TargetError(f"The bucket {self.bucket} cannot be reached: {error}") from None
