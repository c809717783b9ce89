"""What clients may write to a webhook. Unknown and read-only fields are ignored, as Label Studio's clients expect."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from webhooks.actions import ACTIONS
from webhooks.models import Webhook


class WebhookSerializer(serializers.Serializer[Webhook]):
    """`project` counts only when a webhook is made; `headers` are judged by webhooks/headers.py, the address by core/outbound.py."""

    project = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    url = serializers.CharField(max_length=2048)
    send_payload = serializers.BooleanField(required=False)
    send_for_all_actions = serializers.BooleanField(required=False)
    headers = serializers.JSONField(required=False)
    is_active = serializers.BooleanField(required=False)
    actions = serializers.ListField(child=serializers.ChoiceField(choices=sorted(ACTIONS)), required=False, allow_empty=True)
    secret = serializers.CharField(required=False, allow_blank=True, allow_null=True, max_length=200)

    def validate_actions(self, value: list[str]) -> list[str]:
        return [name for name in ACTIONS if name in value]

    def validate_headers(self, value: Any) -> Any:
        return {} if value in (None, "") else value

    def validate_secret(self, value: str | None) -> str:
        return checked_secret(value)


def checked_secret(value: str | None) -> str:
    """A secret for signing as somebody gave it; "" asks for a random one. Raises `ValidationError`."""
    if value and (len(value) < 16 or not value.isascii() or not value.isprintable()):
        raise serializers.ValidationError(_("A secret has at least 16 printable ASCII characters; leave it empty to get a new one."))
    return value or ""
