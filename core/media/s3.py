from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from botocore.config import Config
from storages.backends.s3 import S3Storage

PIECE = 256 << 10


class S3Media(S3Storage):
    """Objects are private and replaced when they are written again; servers that are not Amazon's are asked by path."""

    def __init__(self, **options: Any) -> None:
        ours = options.get("endpoint_url")
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if ours else "auto"},
            connect_timeout=5,
            read_timeout=30,
            retries={"total_max_attempts": 4, "mode": "standard"},
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        super().__init__(file_overwrite=True, default_acl=None, client_config=config, **options)

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """Bytes `first`…`last` of a file. Raises FileNotFoundError."""
        from botocore.exceptions import ClientError

        try:
            found = self.bucket.Object(self._normalize_name(name)).get(Range=f"bytes={first}-{last}")
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from None
            raise
        with closing(found["Body"]) as body:
            yield from body.iter_chunks(PIECE)
