"""Who acts: the signed-in person in the organization they work in. Every operation and every scoped query takes one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.permissions import Role, allowed

if TYPE_CHECKING:
    from users.models import User


@dataclass(frozen=True)
class Actor:
    """A user with the role of their active membership.

    `organization_id` and `role` are None for somebody who belongs to no organization (removed, or waiting for approval).
    `scheme` says how they signed in: session, token, bearer.
    """

    user_id: int
    email: str
    organization_id: int | None
    role: Role | None
    scheme: str = "session"
    session_key: str = ""

    def may(self, action: str) -> bool:
        return allowed(self.role, action)

    @cached_property
    def user(self) -> User:
        from django.contrib.auth import get_user_model

        model: Any = get_user_model()
        return model.objects.get(pk=self.user_id)
