from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.actor import Actor
from core.permissions import Role

ROLES = [(role.value, role.value) for role in Role]


class Organization(models.Model):
    """A group of people with projects of their own, and the rules by which they get in."""

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=1000)
    contact_info = models.EmailField(max_length=254, blank=True, null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Who signs up without an invitation, or by the organization's link, gets this role.
    signup_role = models.CharField(max_length=16, choices=ROLES, default=Role.MANAGER)
    signup_open = models.BooleanField(default=True)
    # The organization's link, for any number of people: encrypted because it is shown again, and its digest to find it by.
    invite_token = models.TextField(blank=True, default="")
    invite_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)

    # Made for a guest of a multi-session server: nobody joins it by signing up, and its projects are for their members only.
    for_guest = models.BooleanField(default=False)

    # Tokens and sessions. Sessions in minutes, tokens in days, as Label Studio's API has them.
    api_tokens_enabled = models.BooleanField(default=True)
    legacy_api_tokens_enabled = models.BooleanField(default=False)
    api_token_ttl_days = models.PositiveIntegerField(default=73_000)
    max_session_age = models.PositiveIntegerField(default=14 * 24 * 60)
    max_time_between_activity = models.PositiveIntegerField(default=3 * 24 * 60)

    def __str__(self) -> str:
        return self.title


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> MembershipQuerySet:
        return self.filter(organization_id=actor.organization_id)

    def present(self) -> MembershipQuerySet:
        """Without those who were removed."""
        return self.filter(removed_at=None)


class Membership(models.Model):
    """A person's place and role in an organization; `removed_at` keeps the name of who left on their work."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=ROLES)
    is_active = models.BooleanField(default=True)  # the organization the person works in now, when there are several
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "user"], name="membership_once"),
            models.UniqueConstraint(fields=["user"], condition=Q(is_active=True, removed_at=None), name="membership_one_active"),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, actor: Actor) -> InvitationQuerySet:
        return self.filter(organization_id=actor.organization_id)


class Invitation(models.Model):
    """A link into an organization with a role of its own. With an e-mail address it is for that person, once. Only its digest is kept."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    token_digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True, default="")
    role = models.CharField(max_length=16, choices=ROLES)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0)

    objects = InvitationQuerySet.as_manager()


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, actor: Actor) -> AccessRequestQuerySet:
        return self.filter(organization_id=actor.organization_id)


class AccessRequest(models.Model):
    """Somebody with an account elsewhere who knocks: an administrator lets them in or not. `refused_at` keeps who was refused from asking again."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="access_requests", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_requests")
    created_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="access_request_once")]
