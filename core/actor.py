"""Who acts: the signed-in person in the organization they work in. Every operation and every scoped query takes one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.permissions import MODEL_READS, MODEL_WRITES, Role, allowed

if TYPE_CHECKING:
    from users.models import User


@dataclass(frozen=True)
class Actor:
    """A user with the role of their active membership.

    `organization_id` and `role` are None for somebody who belongs to no organization (removed, or waiting for approval).
    `scheme` says how they signed in: session, token, bearer, model.
    `project_id` is set for a model's token, which sees that one project and may do only what MODEL_READS and MODEL_WRITES say.
    """

    user_id: int
    email: str
    organization_id: int | None
    role: Role | None
    scheme: str = "session"
    session_key: str = ""
    project_id: int | None = None

    def may(self, action: str) -> bool:
        if self.project_id is not None and action not in MODEL_READS and action not in MODEL_WRITES:
            return False
        return allowed(self.role, action)

    def may_request(self, action: str, method: str) -> bool:
        """As `may`, for a request: a model changes nothing but what MODEL_WRITES says."""
        if (
            self.project_id is not None
            and method not in MODEL_WRITES.get(action, frozenset())
            and not (method in ("GET", "HEAD", "OPTIONS") and action in MODEL_READS)
        ):
            return False
        return self.may(action)

    @cached_property
    def user(self) -> User:
        from django.contrib.auth import get_user_model

        model: Any = get_user_model()
        return model.objects.get(pk=self.user_id)
