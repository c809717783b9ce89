"""What clouds send when objects come, change and go: one shape of all their notifications.

S3 (from SNS, EventBridge or a server such as MinIO), Google Cloud Storage (Pub/Sub push) and Azure Blob Storage (Event Grid).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, unquote_plus, urlsplit

from core.errors import Refused
from core.outbound import fetch
from core.rawjson import JSONRefused, read_json

SNS_HOST = re.compile(r"sns\.[a-z0-9-]{1,32}\.amazonaws\.com(\.cn)?")
AZURE_SUBJECT = re.compile(r"/blobServices/default/containers/([^/]+)/blobs/(.+)", re.DOTALL)
AZURE_CHECK = "Microsoft.EventGrid.SubscriptionValidationEvent"


@dataclass(frozen=True)
class Change:
    """An object of the bucket (or container) `bucket` is there with new content, or `gone`."""

    bucket: str
    key: str
    gone: bool


def handshake(body: Any) -> dict[str, str] | None:
    """The answer to a cloud that first asks whether its notifications are wanted; None for notifications. Raises `Refused` (400)."""
    if isinstance(body, dict) and body.get("Type") == "SubscriptionConfirmation":
        _confirm(str(body.get("SubscribeURL") or ""))
        return {}
    for event in body if isinstance(body, list) else ():
        if isinstance(event, dict) and event.get("eventType") == AZURE_CHECK:
            return {"validationResponse": str(_dict(event.get("data")).get("validationCode") or "")}
    return None


def _confirm(address: str) -> None:
    """Only Amazon's own service is asked, whatever the message says."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not SNS_HOST.fullmatch(parts.hostname or ""):
        raise Refused("This is not an address of Amazon SNS.", 400)
    with fetch(address, timeout=10, max_bytes=1 << 20) as answer:
        if answer.status >= 400:
            raise Refused(f"Amazon SNS answers {answer.status} to the confirmation.", 400)


def changes(body: Any) -> Iterator[Change]:
    """The changes that a notification tells of; what is of another kind is left out."""
    if isinstance(body, list):
        for event in body:
            yield from _of_azure(_dict(event))
        return
    body = _dict(body)
    if body.get("Type") == "Notification":  # SNS around it
        yield from changes(_json(body.get("Message")))
    elif isinstance(body.get("Records"), list):
        for record in body["Records"]:
            yield from _of_s3(_dict(record))
    elif body.get("source") == "aws.s3":
        yield from _of_event_bridge(body)
    elif isinstance(body.get("message"), dict):
        yield from _of_pub_sub(body["message"])
    elif isinstance(body.get("subject"), str):
        yield from _of_azure(body)


def _of_s3(record: dict[str, Any]) -> Iterator[Change]:
    kind, told = str(record.get("eventName") or "").removeprefix("s3:"), _dict(record.get("s3"))
    key = unquote_plus(str(_dict(told.get("object")).get("key") or ""))
    yield from _change(_dict(told.get("bucket")).get("name"), key, kind, ("ObjectCreated",), ("ObjectRemoved", "LifecycleExpiration"))


def _of_event_bridge(body: dict[str, Any]) -> Iterator[Change]:
    told = _dict(body.get("detail"))
    key = str(_dict(told.get("object")).get("key") or "")
    yield from _change(
        _dict(told.get("bucket")).get("name"), key, str(body.get("detail-type") or ""), ("Object Created",), ("Object Deleted",)
    )


def _of_pub_sub(message: dict[str, Any]) -> Iterator[Change]:
    said = _dict(message.get("attributes"))
    if not said.get("objectId"):
        try:
            data = _dict(_json(base64.b64decode(str(message.get("data") or ""))))
        except (binascii.Error, ValueError):
            return
        said = {"bucketId": data.get("bucket"), "objectId": data.get("name"), "eventType": said.get("eventType")}
    # A new version of an object comes with OBJECT_DELETE of the one before, which names what came instead.
    if said.get("overwrittenByGeneration"):
        return
    yield from _change(
        said.get("bucketId"),
        str(said.get("objectId") or ""),
        str(said.get("eventType") or ""),
        ("OBJECT_FINALIZE",),
        ("OBJECT_DELETE", "OBJECT_ARCHIVE"),
    )


def _of_azure(event: dict[str, Any]) -> Iterator[Change]:
    found = AZURE_SUBJECT.fullmatch(str(event.get("subject") or ""))
    if found:
        kind = str(event.get("eventType") or event.get("type") or "")
        created = ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobRenamed")
        yield from _change(found[1], unquote(found[2]) if "%" in found[2] else found[2], kind, created, ("Microsoft.Storage.BlobDeleted",))


def _change(bucket: Any, key: str, kind: str, created: tuple[str, ...], gone: tuple[str, ...]) -> Iterator[Change]:
    if bucket and key and kind.startswith((*created, *gone)):
        yield Change(str(bucket), key, kind.startswith(gone))


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _json(text: Any) -> Any:
    try:
        return read_json(text if isinstance(text, bytes) else str(text or ""))
    except JSONRefused:
        return None
