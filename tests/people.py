"""People for tests: somebody with a role in an organization, with a signed-in client."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from core.actor import Actor
from core.permissions import Role
from organizations.models import Membership, Organization

_numbers = itertools.count(1)


class JSONClient(Client):
    """Django's test client that speaks JSON: `post(path, {...})` sends and `.json()` reads it."""

    def generic(self, method: str, path: str, data: Any = "", content_type: str = "application/json", **extra: Any) -> Any:
        return super().generic(method, path, data, content_type, **extra)

    def send(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        import orjson

        return self.generic(method, path, b"" if body is None else orjson.dumps(body), **extra)


@dataclass
class Person:
    user: Any
    organization: Organization
    actor: Actor
    client: JSONClient

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, query)

    def post(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.send("POST", path, body, **extra)

    def patch(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.send("PATCH", path, body, **extra)

    def put(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.send("PUT", path, body, **extra)

    def delete(self, path: str, body: Any = None, **extra: Any) -> Any:
        return self.client.send("DELETE", path, body, **extra)


def somebody(role: Role | str = Role.OWNER, organization: Organization | None = None) -> Person:
    """A new person; without an organization they get a new one of their own."""
    number = next(_numbers)
    user = get_user_model()(email=f"person{number}@example.com", first_name="Person", last_name=str(number))
    user.set_unusable_password()
    user.save()
    organization = organization or Organization.objects.create(title=f"Organization {number}", created_by=user)
    Membership.objects.create(organization=organization, user=user, role=Role(role))
    client = JSONClient()
    client.force_login(user)
    return Person(user, organization, Actor(user_id=user.pk, email=user.email, organization_id=organization.pk, role=Role(role)), client)
