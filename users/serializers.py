"""The wire format of accounts: what goes out, field by field, and what may come in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from users.models import ApiToken, User

LONGEST_TOKEN_DAYS = 73_000


def user_json(user: User, *, organization: dict[str, Any] | None = None) -> dict[str, Any]:
    """A person as Label Studio's API shows one. `organization` is `{id, title, email}` of the one they work in."""
    return {
        "id": user.pk,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "username": user.username,
        "email": user.email,
        "last_activity": user.last_activity,
        "custom_hotkeys": user.custom_hotkeys,
        "avatar": avatar_url(user),
        "initials": user.initials,
        "phone": user.phone,
        "active_organization": organization["id"] if organization else None,
        "active_organization_meta": {"title": organization["title"], "email": organization["email"]}
        if organization
        else {"title": "", "email": ""},
        "allow_newsletters": user.allow_newsletters,
        "date_joined": user.date_joined,
    }


def deleted_user_json(user: User) -> dict[str, Any]:
    """Somebody who was removed: their number stays on their work, the rest is not shown."""
    return {
        **user_json(user),
        "first_name": "Deleted",
        "last_name": "User",
        "username": "Deleted",
        "email": "Deleted",
        "initials": "DU",
        "phone": "",
        "avatar": None,
        "custom_hotkeys": {},
        "allow_newsletters": None,
    }


def avatar_url(user: User) -> str | None:
    return reverse("avatar", kwargs={"name": user.avatar}) if user.avatar else None


def token_json(row: ApiToken, text: str) -> dict[str, Any]:
    """A personal token; `text` is all of it just after it was made, else without its signature."""
    return {
        "id": row.pk,
        "token": text,
        "name": row.name,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }


class ProfileSerializer(serializers.Serializer[User]):
    """What may be written of a person. The address is not among them: it is how they sign in."""

    username = serializers.CharField(max_length=256, required=False, allow_blank=True)
    first_name = serializers.CharField(max_length=256, required=False, allow_blank=True)
    last_name = serializers.CharField(max_length=256, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=256, required=False, allow_blank=True)
    allow_newsletters = serializers.BooleanField(required=False, allow_null=True)
    custom_hotkeys = serializers.JSONField(required=False)


class TokenSerializer(serializers.Serializer[ApiToken]):
    name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    expires_in_days = serializers.IntegerField(min_value=1, max_value=LONGEST_TOKEN_DAYS, required=False, allow_null=True, default=None)


def validated(serializer: type[serializers.Serializer[Any]], body: dict[str, Any]) -> dict[str, Any]:
    """The known fields of a body, checked. Raises 400 with a sentence per field."""
    checked = serializer(data=body)
    checked.is_valid(raise_exception=True)
    fields: dict[str, Any] = checked.validated_data
    return fields
