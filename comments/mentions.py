"""Who is named in a comment: `@ann@example.com`."""

from __future__ import annotations

import re

from comments.models import Comment
from core.actor import Actor
from core.permissions import Role
from organizations.models import Membership
from projects.models import Project

NAMED = re.compile(r"(?:^|(?<=[\s(,;:]))@([^\s@(),;:<>\"]{1,64}@[^\s@(),;:<>\"]{1,190})")
MOST = 50


def people_named(actor: Actor, comment: Comment) -> list[int]:
    """The ids of the people whom the text names by their address and who may see the project."""
    addresses = {address.lower().rstrip(".!?") for address in NAMED.findall(comment.text)[:MOST]}
    if not addresses:
        return []
    members = Membership.objects.visible_to(actor).present().filter(user__email__in=addresses).select_related("user")
    return [row.user_id for row in members if _sees(row, comment.project_id)]


def _sees(row: Membership, project_id: int) -> bool:
    who = Actor(user_id=row.user_id, email=row.user.email, organization_id=row.organization_id, role=Role(row.role))
    return Project.objects.visible_to(who).filter(pk=project_id).exists()
