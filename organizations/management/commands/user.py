from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from organizations.queries import actor_of_user
from users.models import User
from users.operations.api_tokens import legacy_token


class Command(BaseCommand):
    help = "Show an account, its role and its legacy API token, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="the account's e-mail address")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(email=username.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account {username}.")
        actor = actor_of_user(user)
        shown = {
            "id": user.pk,
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "is_active": user.is_active,
            "organization": actor.organization_id,
            "role": actor.role,
            "token": legacy_token(user),
        }
        self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
