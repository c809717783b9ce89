"""`labelspace demo`: projects with content, to look around in."""

from __future__ import annotations

import random
import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.actor import Actor
from core.errors import Refused
from core.permissions import Role
from organizations.models import Membership
from organizations.operations import ensure_first_user
from organizations.operations.invitations import organization_token
from organizations.operations.joining import sign_up
from organizations.queries import first_organization
from projects.operations import create_project, update_project
from tasks.operations.bulk import add_tasks
from users.models import User
from web.demo.projects import PROJECTS

# Colleagues who have labelled. Nobody can sign in as them: their passwords are thrown away.
COLLEAGUES = [("ben@demo.invalid", "Ben", "Okafor"), ("chiyo@demo.invalid", "Chiyo", "Mori"), ("dana@demo.invalid", "Dana", "Levi")]


class Command(BaseCommand):
    help = "Fill the organization with demonstration projects: texts and images of our own, with answers of several people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", help="who owns the projects; made when there is no such account (default: the organization's owner)")
        parser.add_argument("--password", help="the password of an account that is made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            actor = self._owner(options["email"], options["password"])
            people = [actor.user_id, *self._colleagues(actor)]
            chance = random.Random(7)
            for demo in PROJECTS:
                fields = {
                    "title": demo.title,
                    "description": demo.description,
                    "label_config": demo.label_config,
                    "expert_instruction": demo.instruction,
                    "show_instruction": bool(demo.instruction),
                    "maximum_annotations": demo.overlap,
                }
                project = create_project(actor, fields)
                added = add_tasks(actor, project, demo.tasks(people, chance))
                marks = {name: timezone.now() for name, on in (("pinned_at", demo.pinned), ("archived_at", demo.archived)) if on}
                if marks:
                    update_project(actor, project.pk, marks)
                self.stdout.write(f"{demo.title}: {len(added.task_ids)} tasks, {added.annotation_count} annotations")
        except Refused as refused:
            raise CommandError(str(refused.fields or refused.detail)) from None

    def _owner(self, email: str | None, password: str | None) -> Actor:
        if email:
            existing = User.objects.filter(email=email.strip().lower()).first()
            if existing is None and not password:
                raise CommandError(f"There is no account {email}. Give --password too, and it is made.")
            user = existing or ensure_first_user(email, password or "")
            membership = Membership.objects.present().filter(user=user, is_active=True).first()
        else:
            membership = Membership.objects.present().filter(organization=first_organization(), role=Role.OWNER).order_by("pk").first()
        if membership is None:
            raise CommandError("Nobody has signed up yet. Sign up first, or give --email and --password.")
        return Actor(membership.user_id, membership.user.email, membership.organization_id, Role(membership.role), "command")

    def _colleagues(self, actor: Actor) -> list[int]:
        found = {user.email: user.pk for user in User.objects.filter(email__in=[email for email, *_names in COLLEAGUES])}
        missing = [one for one in COLLEAGUES if one[0] not in found]
        if missing:
            token = organization_token(actor)
            for email, first, last in missing:
                found[email] = sign_up(email, secrets.token_urlsafe(24), token, first_name=first, last_name=last).pk
        return [found[email] for email, *_names in COLLEAGUES]
