from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import checked_address
from core.outbound_pools import guard_pools
from core.rawjson import json_text
from io_storages.connector import Body, Connector, ObjectMissing, StorageError, Stored

PIECE = 256 << 10
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3(Connector):
    scheme = "s3"

    @property
    def root(self) -> str:
        return str(self.values["bucket"])

    @property
    def client(self) -> Any:
        if not hasattr(self, "_client"):
            self._client = self._connected()
        return self._client

    def _connected(self) -> Any:
        import boto3
        from botocore.config import Config

        values = self.values
        endpoint = str(values.get("s3_endpoint") or "").rstrip("/")
        if endpoint and not self.trusted:
            try:
                checked_address(endpoint)
            except Refused as refused:
                raise StorageError(str(refused)) from None
        credentials = {name: values.get(name) or None for name in ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")}
        if not credentials["aws_access_key_id"] and not self.lends:
            raise StorageError(_("Give an access key and a secret key (this server does not lend its own)."))
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=5,
            read_timeout=30,
            retries={"total_max_attempts": 3, "mode": "standard"},
            proxies={},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        client = boto3.session.Session(**credentials).client(
            "s3", region_name=values.get("region_name") or "us-east-1", endpoint_url=endpoint or None, config=config
        )
        if not self.trusted:
            guard_pools(client._endpoint.http_session._manager)
        return client

    def check(self, *, write: bool = False) -> None:
        with self._told():
            self.client.head_bucket(Bucket=self.root)
            if not write and self.prefix:
                found = self.client.list_objects_v2(Bucket=self.root, Prefix=self.prefix + "/", MaxKeys=1)
                if not found.get("KeyCount"):
                    raise StorageError(
                        _("%(address)s not found: no object in the bucket begins with this folder.")
                        % {"address": self.address(self.prefix)}
                    )

    def listing(self, *, recursive: bool, after: str = "") -> Iterator[Stored]:
        options: dict[str, Any] = {"Bucket": self.root}
        if self.prefix:
            options["Prefix"] = self.prefix + "/"
        if not recursive:
            options["Delimiter"] = "/"
        if after:
            options["StartAfter"] = after
        with self._told():
            for page in self.client.get_paginator("list_objects_v2").paginate(**options):
                for found in page.get("Contents", ()):
                    if not found["Key"].endswith("/"):
                        yield Stored(found["Key"], found["Size"], found["ETag"].strip('"'), found["LastModified"])

    def head(self, key: str) -> Stored:
        with self._told(key):
            found = self.client.head_object(Bucket=self.root, Key=key)
        return Stored(key, found["ContentLength"], found["ETag"].strip('"'), found["LastModified"])

    @contextmanager
    def open(self, key: str, first: int = 0, last: int | None = None) -> Iterator[Body]:
        options = {"Range": f"bytes={first}-{'' if last is None else last}"} if first or last is not None else {}
        with self._told(key):
            found = self.client.get_object(Bucket=self.root, Key=key, **options)
        total = int(found["ContentRange"].rpartition("/")[2]) if found.get("ContentRange") else found["ContentLength"]
        stored = Stored(key, total, found["ETag"].strip('"'), found["LastModified"])
        try:
            yield Body(stored, first, first + found["ContentLength"] - 1, self._pieces(found["Body"]))
        finally:
            found["Body"].close()

    def _pieces(self, body: Any) -> Iterator[bytes]:
        with self._told():
            yield from body.iter_chunks(PIECE)

    def put(self, key: str, data: bytes, content_type: str = "application/json") -> None:
        sealed = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms} if (kms := self.values.get("aws_sse_kms_key_id")) else {}
        with self._told():
            self.client.put_object(Bucket=self.root, Key=key, Body=data, ContentType=content_type, **sealed)

    def delete(self, key: str) -> None:
        with self._told():
            self.client.delete_object(Bucket=self.root, Key=key)

    def presign(self, key: str, seconds: int) -> str | None:
        with self._told():
            address: str = self.client.generate_presigned_url("get_object", Params={"Bucket": self.root, "Key": key}, ExpiresIn=seconds)
        return address

    def fix(self, action: str) -> str:
        arn = f"arn:aws:s3:::{self.root}"
        objects = f"{arn}/{self.prefix}/*" if self.prefix else f"{arn}/*"
        written = ["s3:PutObject", "s3:DeleteObject"] if self.values.get("can_delete_objects") else ["s3:PutObject"]
        actions, resource = {"list": (["s3:ListBucket"], arn), "read": (["s3:GetObject"], objects), "write": (written, objects)}[action]
        line = json_text({"Effect": "Allow", "Action": actions, "Resource": resource})
        return _("The user of these keys needs this line in its policy:") + f"\n{line}"

    def cors(self, origin: str) -> str:
        rule = {"AllowedOrigins": [origin], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["*"], "ExposeHeaders": ["Content-Range"]}
        return _("Or give the bucket this CORS rule:") + f"\n{json_text([rule])}"

    @contextmanager
    def _told(self, key: str = "") -> Iterator[None]:
        """Turn the library's errors into sentences."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in MISSING and key:
                raise ObjectMissing(_("There is no object %(key)s in the bucket.") % {"key": key}) from None
            raise StorageError(self._sentence(code, error)) from None
        except NoCredentialsError:
            raise StorageError(_("No credentials: give an access key and a secret key.")) from None
        except BotoCoreError as error:
            raise StorageError(_("The storage cannot be reached: %(reason)s") % {"reason": error}) from None

    def _sentence(self, code: str, error: Any) -> str:
        if code in ("404", "NoSuchBucket"):
            return _("Cannot find bucket %(bucket)s in S3") % {"bucket": self.root}
        if code in ("403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"):
            return _(
                "Access to bucket %(bucket)s was denied (%(code)s). Check the keys; their user needs s3:ListBucket and s3:GetObject on it."
            ) % {"bucket": self.root, "code": code}
        if code in ("301", "PermanentRedirect"):
            region = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("x-amz-bucket-region") or "?"
            return _("Bucket %(bucket)s lies in another region. Give its region: %(region)s") % {"bucket": self.root, "region": region}
        return _("S3 answered: %(reason)s") % {"reason": error.response.get("Error", {}).get("Message") or code}
