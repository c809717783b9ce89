from __future__ import annotations

from django.conf import settings
from django.db import models

from core.actor import Actor
from core.permissions import Role


class Organization(models.Model):
    """A group of people with projects of their own."""

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=1000)
    contact_info = models.EmailField(max_length=254, blank=True, null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> MembershipQuerySet:
        return self.filter(organization_id=actor.organization_id)


class Membership(models.Model):
    """A person's place and role in an organization; `removed_at` keeps the name of who left on their work."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    is_active = models.BooleanField(default=True)  # the organization the person works in now, when there are several
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="membership_once")]
