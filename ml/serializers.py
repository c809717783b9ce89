"""What clients may write to a connected model. Unknown and read-only fields are ignored, as Label Studio's clients expect."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from ml.models import MLBackend
from webhooks.serializers import checked_secret


class MLBackendSerializer(serializers.Serializer[MLBackend]):
    """`project` counts only when a model is connected; the address is judged by core/outbound.py, and by whether a model answers there."""

    project = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    url = serializers.CharField(max_length=2048)
    title = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=100_000)
    auth_method = serializers.ChoiceField(choices=MLBackend.AuthMethod.choices, required=False, allow_null=True)
    basic_auth_user = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)
    basic_auth_pass = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=1_000, trim_whitespace=False)
    extra_params = serializers.JSONField(required=False, allow_null=True)
    model_version = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=1_000)
    timeout = serializers.FloatField(required=False, allow_null=True, min_value=0.1, max_value=600)
    is_interactive = serializers.BooleanField(required=False)
    auto_update = serializers.BooleanField(required=False)
    secret = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)

    def validate_title(self, value: str | None) -> str:
        return value or "default"

    def validate_auth_method(self, value: str | None) -> str:
        return value or MLBackend.AuthMethod.NONE

    def validate_secret(self, value: str | None) -> str:
        return checked_secret(value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("description", "basic_auth_user", "model_version"):
            if name in attrs:
                attrs[name] = attrs[name] or ""
        return attrs
