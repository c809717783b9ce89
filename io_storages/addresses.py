"""Addresses of objects in task data: from `s3://bucket/key` to an address that a browser can open, wherever they stand in the data."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.urls import reverse

from core.rawjson import json_text, read_json
from core.secrets import SecretUnreadable
from io_storages.connector import Connector
from io_storages.models import Storage
from io_storages.queries import sources_of

# A string that is an address as a whole may hold anything, and so may an attribute of HTML that is one (a srcset is a list of them, with its
# commas); inside of other text an address ends where HTML or prose ends it.
_SCHEME = r"(?:s3|gs|azure-blob|redis|hf|https?)://"
WHOLE = re.compile(rf"{_SCHEME}\S[^\r\n]*")
INSIDE = re.compile(rf"""(?<=="){_SCHEME}[^\s"][^"<>,\r\n]*(?=")|(?<=='){_SCHEME}[^\s'][^'<>,\r\n]*(?=')|{_SCHEME}[^\s"'<>()\\]+""")


def resolve_data(project_id: int, task_id: int, data: str) -> str:
    """The data with every address of one of the project's sources made into an address of ours."""
    try:
        connectors = [connector for _storage, connector in sources_of(project_id)]
    except SecretUnreadable:
        return data
    if not connectors:
        return data
    return json_text(_resolved(read_json(data), _Addresses(task_id, connectors)))


class _Addresses:
    def __init__(self, task_id: int, connectors: list[Connector]) -> None:
        self.base = reverse("task-resolve", kwargs={"task_id": task_id})
        if not self.base.endswith("/"):
            self.base += "/"
        self.connectors = connectors

    def of(self, address: str) -> str:
        if any(connector.key_of(address) is not None for connector in self.connectors):
            return f"{self.base}?fileuri={pack(address)}"
        return address


def _resolved(value: Any, addresses: _Addresses) -> Any:
    if isinstance(value, str):
        if "://" not in value:
            return value
        if WHOLE.fullmatch(value):
            return addresses.of(value)
        return INSIDE.sub(lambda match: addresses.of(match[0]), value)
    if isinstance(value, list):
        return [_resolved(item, addresses) for item in value]
    if isinstance(value, dict):
        return {key: _resolved(item, addresses) for key, item in value.items()}
    return value


def pack(address: str) -> str:
    """URL-safe base64, as Label Studio writes it."""
    return base64.urlsafe_b64encode(address.encode()).decode("ascii")


def unpack(text: str) -> str:
    """The reverse of `pack`; missing padding and plain base64 are taken too. Raises ValueError."""
    try:
        return base64.urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def source_with(project_id: int, address: str) -> tuple[Storage, Connector, str] | None:
    """(storage, its connector, key) of the project's source that holds an object; None when none does."""
    for storage, connector in sources_of(project_id):
        key = connector.key_of(address)
        if key is not None:
            return storage, connector, key
    return None
