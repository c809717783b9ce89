"""Guests of a multi-session server: an account, an organization and a project for each new browser, and a link to let others into one project.

An organization of one's own keeps guests apart with the same rules as everybody else; who follows a link becomes a reviewer there, and sees that
project only.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import credentials_changed
from core.errors import Refused, not_found
from core.events.record import record
from core.permissions import Role
from core.secrets import SecretUnreadable, decrypt, digest, encrypt, new_token
from organizations.models import Membership, Organization
from organizations.queries import actor_of_user
from projects.models import Project, ProjectMember, ShareLink
from projects.operations import create_project
from users.models import Session, User
from users.operations import accounts

DOMAIN = "guest.invalid"  # a name that no mail server ever has
MOST_PER_HOUR = 60  # guests of one address: a crawler must not fill the disk
PURPOSE = "share link"


def make_guest(address: str) -> User:
    """A guest with a project. `address` is where the browser calls from. Raises 429 when too many came from there within an hour."""
    recent = Session.objects.filter(address=address, created_at__gt=timezone.now() - timedelta(hours=1), user__email__endswith=f"@{DOMAIN}")
    if recent.count() >= MOST_PER_HOUR:
        raise Refused(_("Too many guests came from your address. Try again in an hour, or sign in with an account."), 429)
    name = secrets.token_hex(4)
    user = accounts.new_account(f"guest-{name}{secrets.token_hex(8)}@{DOMAIN}", None, first_name=_("Guest"), last_name=name)
    with transaction.atomic():
        accounts.store_account(user)
        organization = Organization.objects.create(title=user.name, created_by=user, for_guest=True, signup_open=False)
        Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
        actor = actor_of_user(user)
        record("member.joined", actor, ids=[user.pk], role=Role.OWNER, by="guest")
        create_project(actor, {"title": _("My project")})
    return user


def share(actor: Actor, project_id: int) -> str:
    """The token of the project's link; it is made when there is none. Raises 404 for a project that is not the actor's to share."""
    with transaction.atomic():
        project = _own(actor, project_id)
        token = token_of(project) or new_token()
        made = {"token": encrypt(token, PURPOSE), "token_digest": digest(token)}
        _link, new = ShareLink.objects.update_or_create(project=project, defaults=made)
        if new:
            record("project.shared", actor, project=project.pk, ids=[project.pk])
    return token


def stop_sharing(actor: Actor, project_id: int) -> None:
    """The link opens nothing any more, and who came by it is out. Raises 404 for a project that is not the actor's to share."""
    with transaction.atomic():
        project = _own(actor, project_id)
        ShareLink.objects.filter(project=project).delete()
        ProjectMember.objects.filter(project=project).exclude(user_id=actor.user_id).delete()
        record("project.sharing_stopped", actor, project=project.pk, ids=[project.pk])
        credentials_changed()


def token_of(project: Project) -> str | None:
    """The token of a project's link; None when it is not shared, or SECRET_KEY was changed since."""
    link = ShareLink.objects.filter(project=project).first()
    try:
        return decrypt(link.token, PURPOSE) if link else None
    except SecretUnreadable:
        return None


def shared_by(token: str) -> Project:
    """The project that a link opens. Raises 404 for a link that opens nothing."""
    link = ShareLink.objects.select_related("project").filter(token_digest=digest(token), project__deleted_at=None).first()
    if link is None:
        raise not_found(_("This link is not valid any more. Ask for a new one."))
    return link.project


def accept_share(actor: Actor, token: str) -> Project:
    """Come into a shared project, and work there now. Raises 404 for a link that opens nothing."""
    with transaction.atomic():
        project = shared_by(token)
        mine = Membership.objects.select_for_update().filter(user_id=actor.user_id)
        mine.filter(is_active=True).update(is_active=False)
        present = mine.filter(organization_id=project.organization_id, removed_at=None).update(is_active=True)
        if not present:
            Membership.objects.update_or_create(
                organization_id=project.organization_id,
                user_id=actor.user_id,
                defaults={"role": Role.REVIEWER, "is_active": True, "removed_at": None},
            )
        _member, new = ProjectMember.objects.get_or_create(project=project, user_id=actor.user_id)
        if new:
            record("project.member_added", actor, organization=project.organization_id, project=project.pk, ids=[actor.user_id], by="link")
        credentials_changed()
    return project


def _own(actor: Actor, project_id: int) -> Project:
    """A project of the guest's own organization, locked."""
    rows = (
        Project.objects.visible_to(actor).filter(pk=project_id, organization__for_guest=True)
        if actor.may("projects.change")
        else Project.objects.none()
    )
    project = Project.objects.select_for_update().filter(pk__in=rows.values("pk")).first()
    if project is None:
        raise not_found()
    return project
