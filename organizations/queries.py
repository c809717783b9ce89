"""What reads organizations and their people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils import timezone

from core.actor import Actor
from core.errors import not_found
from core.permissions import Role
from core.secrets import SecretUnreadable, decrypt, digest
from organizations.models import AccessRequest, Invitation, Membership, MembershipQuerySet, Organization
from users.models import User

INVITE_PURPOSE = "invite link"


def actor_of_user(user: User, scheme: str = "session") -> Actor:
    """The actor that a person is in the organization they work in now."""
    row = Membership.objects.present().filter(user=user, is_active=True).values("organization_id", "role").first()
    return Actor(
        user_id=user.pk,
        email=user.email,
        organization_id=row["organization_id"] if row else None,
        role=Role(row["role"]) if row else None,
        scheme=scheme,
    )


def my_organization(actor: Actor) -> Organization:
    """Raises 404 for somebody who belongs to none."""
    found = Organization.objects.filter(pk=actor.organization_id).first() if actor.organization_id else None
    if found is None:
        raise not_found()
    return found


def organization_visible(actor: Actor, organization_id: int) -> Organization:
    """Raises the same 404 for an absent and for another organization."""
    if actor.organization_id != organization_id:
        raise not_found()
    return my_organization(actor)


def my_organizations(actor: Actor) -> list[Organization]:
    """Every organization the person belongs to, the one they work in first."""
    mine = (
        Membership.objects.present().filter(user_id=actor.user_id).order_by("-is_active", "organization_id").select_related("organization")
    )
    return [row.organization for row in mine]


def people(actor: Actor) -> MembershipQuerySet:
    """Memberships of the actor's organization with their users, removed ones too, in the order of names."""
    return Membership.objects.visible_to(actor).select_related("user").order_by("user__username", "user_id")


def member(actor: Actor, user_id: int) -> Membership:
    """A present member of the actor's organization. Raises 404."""
    found = people(actor).present().filter(user_id=user_id, user__is_active=True).first()
    if found is None:
        raise not_found()
    return found


def search_people(rows: MembershipQuerySet, text: str) -> MembershipQuerySet:
    for word in text.split():
        rows = rows.filter(
            Q(user__email__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__username__icontains=word)
        )
    return rows


def sign_up_is_open(organization: Organization | None) -> bool:
    """Whether somebody without an invitation may sign up. LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK wins when it is set.

    Where people sign in with Hugging Face, a Space belongs to its creator, and to no stranger who comes first.
    """
    if organization is None and settings.ENVIRONMENT.on_space and settings.ENVIRONMENT.oauth_client_id:
        return False
    if settings.DISABLE_SIGNUP_WITHOUT_LINK is not None:
        return not settings.DISABLE_SIGNUP_WITHOUT_LINK
    if organization is None:
        return True
    return organization.signup_open and not settings.ENVIRONMENT.on_space


def sign_up_may_be_closed(organization: Organization) -> bool:
    """Whether it is the organization's own choice that leaves sign-up open (and not the environment's)."""
    return settings.DISABLE_SIGNUP_WITHOUT_LINK is None and sign_up_is_open(organization)


def first_organization() -> Organization | None:
    """The one that people without an invitation join. One that waits for its first account is nobody's yet."""
    return (
        Organization.objects.filter(Exists(Membership.objects.filter(organization_id=OuterRef("pk"))), for_guest=False)
        .order_by("pk")
        .first()
    )


def waiting_people(actor: Actor) -> list[AccessRequest]:
    """Who waits for approval, the first to come first, at most 100."""
    return list(AccessRequest.objects.visible_to(actor).filter(refused_at=None).select_related("user").order_by("pk")[:100])


def access_request(actor: Actor, request_id: int) -> AccessRequest:
    """Somebody who knocked at the actor's organization. Raises 404."""
    found = AccessRequest.objects.visible_to(actor).select_related("user").filter(pk=request_id).first()
    if found is None:
        raise not_found()
    return found


def my_access_request(actor: Actor) -> AccessRequest | None:
    """Where somebody who belongs to no organization waits."""
    return AccessRequest.objects.filter(user_id=actor.user_id).select_related("organization").first()


def invite_token(organization: Organization) -> str | None:
    """The token of the organization's link; None when there is none yet, or SECRET_KEY was changed since."""
    if not organization.invite_token:
        return None
    try:
        return decrypt(organization.invite_token, INVITE_PURPOSE)
    except SecretUnreadable:
        return None


def invite_path(token: str) -> str:
    """Where an invitation leads, below the server's address."""
    return f"/user/signup/?token={token}"


@dataclass(frozen=True)
class Invited:
    """What an invitation's token opens. `invitation` is None for the organization's own link."""

    organization: Organization
    role: Role
    invitation: Invitation | None = None

    @property
    def email(self) -> str:
        return self.invitation.email if self.invitation else ""


def invited_by(token: str) -> Invited | None:
    """What a live token opens; None for a wrong, used, revoked or expired one."""
    if not token:
        return None
    found = digest(token)
    organization = Organization.objects.filter(invite_digest=found).first()
    if organization is not None:
        return Invited(organization, Role(organization.signup_role))
    invitation = live_invitations().select_related("organization").filter(token_digest=found).first()
    return Invited(invitation.organization, Role(invitation.role), invitation) if invitation else None


def live_invitations() -> Any:
    """Neither revoked nor expired, nor used up."""
    return Invitation.objects.filter(revoked_at=None, expires_at__gt=timezone.now()).filter(Q(email="") | Q(uses=0))


def invitations(actor: Actor) -> list[Invitation]:
    """The live invitations of the actor's organization, newest first."""
    return list(live_invitations().visible_to(actor).select_related("created_by").order_by("-pk")[:500])


def roles_that_may_be_given(actor: Actor) -> list[Role]:
    """Administrators make everybody but owners."""
    if actor.role == Role.OWNER:
        return list(Role)
    return [role for role in Role if role != Role.OWNER] if actor.may("people.change") else []


@dataclass(frozen=True)
class Contributions:
    """What people did, per user id: projects they made and projects they labelled in, as `{id, title}`."""

    created: dict[int, list[dict[str, Any]]]
    contributed: dict[int, list[dict[str, Any]]]


MOST_PROJECTS = 100


def contributions(organization_id: int, user_ids: Collection[int]) -> Contributions:
    """Two statements, however many people and annotations: for each pair of person and project the index is asked once."""
    user_model: Any = get_user_model()
    annotations = user_model._meta.get_field("annotations").related_model
    # One join, which the conditions and the columns below share.
    project = FilteredRelation("organization__projects", condition=Q(organization__projects__deleted_at=None))
    pairs = Membership.objects.filter(organization_id=organization_id, user_id__in=user_ids).annotate(project=project)
    columns = ("user_id", "project__id", "project__title")
    made = pairs.filter(project__created_by_id=F("user_id")).values_list(*columns)
    labelled = pairs.filter(
        Exists(annotations.objects.filter(project_id=OuterRef("project__id"), completed_by_id=OuterRef("user_id")))
    ).values_list(*columns)
    return Contributions(_by_user(made.order_by("user_id", "project__id")), _by_user(labelled.order_by("user_id", "project__id")))


def annotations_count(organization_id: int, user_id: int) -> int:
    """How many annotations a person made in the organization's projects."""
    user_model: Any = get_user_model()
    annotations = user_model._meta.get_field("annotations").related_model
    projects = Organization.objects.filter(pk=organization_id).values("projects__id")
    count: int = annotations.objects.filter(project_id__in=projects, completed_by_id=user_id).count()
    return count


def _by_user(rows: Any) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for user_id, project_id, title in rows:
        mine = found.setdefault(user_id, [])
        if project_id is not None and len(mine) < MOST_PROJECTS:
            mine.append({"id": project_id, "title": title})
    return found


def policy_times(organization: Organization | None) -> tuple[int, int]:
    """(seconds until everybody signs in again, seconds without a request after which a session ends)."""
    if organization is None:
        return settings.SESSION_COOKIE_AGE, settings.MAX_TIME_BETWEEN_ACTIVITY
    return organization.max_session_age * 60, organization.max_time_between_activity * 60
