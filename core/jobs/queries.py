from __future__ import annotations

from django.db.models import QuerySet

from core.actor import Actor
from core.jobs.models import Job


def jobs_visible_to(actor: Actor) -> QuerySet[Job]:
    """The jobs of the actor's organization, newest first."""
    return Job.objects.filter(organization_id=actor.organization_id).exclude(organization_id=None).order_by("-pk")
