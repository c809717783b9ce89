"""The wire format of organizations and their people: what goes out, field by field, and what may come in."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.actor import Actor
from core.errors import invalid
from core.permissions import ACTIONS, ROLE_NAMES, Role
from organizations.models import Invitation, Membership, Organization
from organizations.queries import Contributions
from users.models import User
from users.serializers import ProfileSerializer, deleted_user_json, user_json

# How the SDK's types name roles.
ROLE_CODES = {Role.OWNER: "OW", Role.ADMINISTRATOR: "AD", Role.MANAGER: "MA", Role.REVIEWER: "RE", Role.ANNOTATOR: "AN"}
_BY_CODE = {code: role for role, code in ROLE_CODES.items()}


def role_of(value: Any) -> Role:
    """A role by its name or the SDK's code. Raises 400 for anything else."""
    text = str(value)
    if text.upper() in _BY_CODE:
        return _BY_CODE[text.upper()]
    if text.lower() in list(Role):
        return Role(text.lower())
    raise invalid(role=f"Use one of {', '.join(Role)}.")


def organization_meta(organization: Organization | None) -> dict[str, Any] | None:
    """What a person's `active_organization…` says."""
    if organization is None:
        return None
    owner = organization.created_by
    return {"id": organization.pk, "title": organization.title, "email": owner.email if owner else ""}


def member_user_json(row: Membership, organization: Organization | None) -> dict[str, Any]:
    """The person of a membership; who was removed is "Deleted User"."""
    if row.removed_at is not None or not row.user.is_active:
        return deleted_user_json(row.user)
    return user_json(row.user, organization=organization_meta(organization) if row.is_active else None)


def me_json(actor: Actor, user: User, organization: Organization | None) -> dict[str, Any]:
    """`whoami`: oneself, with what one may do."""
    membership = {"organization_id": actor.organization_id, "role": ROLE_CODES[actor.role], "active": True} if actor.role else None
    return {
        **user_json(user, organization=organization_meta(organization)),
        "role": actor.role,
        "role_name": str(ROLE_NAMES[actor.role]) if actor.role else None,
        "organization_membership": membership,
        "org_membership": [membership] if membership else [],
        "permissions": [action for action in ACTIONS if actor.may(action)],
    }


def organization_json(organization: Organization) -> dict[str, Any]:
    return {
        "id": organization.pk,
        "title": organization.title,
        "contact_info": organization.contact_info,
        "created_at": organization.created_at,
    }


def organization_detail_json(organization: Organization, token: str | None, users: list[int]) -> dict[str, Any]:
    """`token` is the invite link's, for those who may see it."""
    return {
        **organization_json(organization),
        "token": token,
        "updated_at": organization.updated_at,
        "created_by": organization.created_by_id,
        "users": users,
    }


def membership_json(row: Membership, organization: Organization, did: Contributions | None) -> dict[str, Any]:
    """A row of the list of members. What they made and labelled is null unless it was asked for."""
    created = did.created.get(row.user_id, []) if did else None
    contributed = did.contributed.get(row.user_id, []) if did else None
    return {
        "id": row.pk,
        "organization": row.organization_id,
        "role": ROLE_CODES[Role(row.role)] if row.removed_at is None else "DI",
        "user": {**member_user_json(row, organization), "created_projects": created, "contributed_to_projects": contributed},
        "created_projects": created,
        "contributed_to_projects": contributed,
    }


def member_json(row: Membership, did: Contributions, annotations: int) -> dict[str, Any]:
    contributed = did.contributed.get(row.user_id, [])
    return {
        "user": row.user_id,
        "organization": row.organization_id,
        "role": ROLE_CODES[Role(row.role)],
        "contributed_projects_count": len(contributed),
        "annotations_count": annotations,
        "created_at": row.created_at,
        "created_projects": did.created.get(row.user_id, []),
        "contributed_to_projects": contributed,
    }


def invitation_json(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "email": row.email,
        "role": row.role,
        "created_by": row.created_by_id,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "uses": row.uses,
    }


def token_policy_json(organization: Organization) -> dict[str, Any]:
    return {
        "api_tokens_enabled": organization.api_tokens_enabled,
        "legacy_api_tokens_enabled": organization.legacy_api_tokens_enabled,
        "api_token_ttl_days": organization.api_token_ttl_days,
    }


def session_policy_json(organization: Organization) -> dict[str, Any]:
    return {
        "max_session_age": organization.max_session_age,
        "max_time_between_activity": organization.max_time_between_activity,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
    }


class NewPersonSerializer(ProfileSerializer):
    """The username is required, as in Label Studio; the e-mail address may stand in it."""

    username = serializers.CharField(max_length=256)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    password = serializers.CharField(required=False, allow_null=True, default=None, trim_whitespace=False)
    role = serializers.CharField(required=False, allow_null=True, default=None)


class OrganizationSerializer(serializers.Serializer[Organization]):
    title = serializers.CharField(max_length=1000, required=False)
    contact_info = serializers.EmailField(max_length=254, required=False, allow_null=True, allow_blank=True)


class TokenPolicySerializer(serializers.Serializer[Organization]):
    api_tokens_enabled = serializers.BooleanField(required=False)
    legacy_api_tokens_enabled = serializers.BooleanField(required=False)
    api_token_ttl_days = serializers.IntegerField(min_value=1, max_value=73_000, required=False)


class SessionPolicySerializer(serializers.Serializer[Organization]):
    """Minutes; at most a year."""

    max_session_age = serializers.IntegerField(min_value=1, max_value=366 * 24 * 60, required=False)
    max_time_between_activity = serializers.IntegerField(min_value=1, max_value=366 * 24 * 60, required=False)


class InvitationSerializer(serializers.Serializer[Invitation]):
    email = serializers.CharField(max_length=254, required=False, allow_blank=True, default="")
    role = serializers.CharField()
    days = serializers.IntegerField(min_value=1, max_value=90, required=False, default=7)
