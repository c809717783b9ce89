"""What a dataset's columns are, as far as labeling cares: read from the features that `datasets` leaves in a Parquet file, else from its types."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

MEDIA = ("image", "audio", "video")


@dataclass(frozen=True)
class Column:
    """`kind`: image, audio, video, text, class, tags (a class per token), tokens, boxes, messages, number, other. `names` are the classes."""

    name: str
    kind: str
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as part of a labeling configuration."""
        key = re.sub(r"\W+", "_", self.name).strip("_") or "column"
        return f"_{key}" if key[0].isdigit() else key

    @property
    def leaves(self) -> list[str]:
        """What is read of it: of a medium only its path, since the medium itself stays on the Hub."""
        return [f"{self.name}.path"] if self.kind in MEDIA else [self.name]


def columns_of(schema: Any) -> list[Column]:
    """The columns of a Parquet file's Arrow schema."""
    features: dict[str, Any] = {}
    try:
        features = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))["info"]["features"]
    except (KeyError, ValueError, TypeError):
        features = {}
    return [_of_feature(field.name, features[field.name]) if field.name in features else _of_type(field) for field in schema]


def _of_feature(name: str, feature: Any) -> Column:
    inner = _inner(feature)
    if inner is None:
        kind = str(feature.get("_type", ""))
        if kind in ("Image", "Audio", "Video"):
            return Column(name, kind.lower())
        if kind == "ClassLabel":
            return Column(name, "class", tuple(map(str, feature.get("names") or ())))
        if kind == "Value":
            return Column(name, _of_dtype(str(feature.get("dtype", ""))))
        return Column(name, "other")
    if inner.get("_type") == "ClassLabel":
        return Column(name, "tags", tuple(map(str, inner.get("names") or ())))
    if inner.get("_type") == "Value":
        return Column(name, "tokens" if _of_dtype(str(inner.get("dtype", ""))) == "text" else "other")
    if {"role", "content"} <= inner.keys() or {"from", "value"} <= inner.keys():
        return Column(name, "messages")
    if "bbox" in inner:
        category = _inner(inner.get("category")) or inner.get("category") or inner.get("label") or {}
        return Column(name, "boxes", tuple(map(str, category.get("names") or ())))
    return Column(name, "other")


def _inner(feature: Any) -> dict[str, Any] | None:
    """What a list is a list of; None when it is none."""
    if isinstance(feature, list):
        return feature[0] if feature and isinstance(feature[0], dict) else {}
    if isinstance(feature, dict) and feature.get("_type") in ("Sequence", "LargeList", "List"):
        inner = feature.get("feature")
        return inner if isinstance(inner, dict) else {}
    return None


def _of_dtype(dtype: str) -> str:
    if dtype in ("string", "large_string"):
        return "text"
    return "number" if re.match(r"u?int|float|bool|double", dtype) else "other"


def _of_type(field: Any) -> Column:
    import pyarrow.types as types

    kind = field.type
    if types.is_string(kind) or types.is_large_string(kind):
        return Column(field.name, "text")
    if types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind):
        return Column(field.name, "number")
    if types.is_struct(kind) and {"bytes", "path"} <= {inner.name for inner in kind}:
        return Column(field.name, "image")
    if types.is_list(kind) or types.is_large_list(kind):
        if types.is_string(kind.value_type):
            return Column(field.name, "tokens")
        if types.is_struct(kind.value_type) and {"role", "content"} <= {inner.name for inner in kind.value_type}:
            return Column(field.name, "messages")
    return Column(field.name, "other")
