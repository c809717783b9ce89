"""A mail to people whom a comment names. Only where a mail server is set and LABEL_STUDIO_HOST says what our address is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from comments.models import Comment
from core.actor import Actor
from core.jobs.operations import enqueue
from core.jobs.registry import JobKind, register
from core.jobs.run import JobRun

KIND = "comment.mail"


def enqueue_mail(actor: Actor, comment: Comment, people: list[int]) -> None:
    if people and settings.EMAIL_HOST and settings.PUBLIC_ORIGIN:
        enqueue(
            actor,
            KIND,
            _("Mail a comment"),
            project=comment.project_id,
            parameters={"comment": comment.pk, "people": people},
            total=len(people),
        )


def send(run: JobRun) -> dict[str, Any]:
    """One mail after the other; who has theirs is not written to again after a restart."""
    from django.core.mail import send_mail

    from users.models import User

    comment = Comment.objects.select_related("created_by", "project").filter(pk=run.parameters["comment"]).first()
    people: list[int] = run.parameters["people"]
    while comment is not None and run.done < len(people):
        user = User.objects.filter(pk=people[run.done], is_active=True).first()
        with run.step():
            run.done += 1
        if user is not None:
            author = comment.created_by.name if comment.created_by else ""
            send_mail(
                _("%(author)s mentions you in %(project)s") % {"author": author, "project": comment.project.title},
                f"{comment.text}\n\n{settings.PUBLIC_URL.rstrip('/')}/projects/{comment.project_id}/tasks/{comment.task_id}/\n",
                None,
                [user.email],
            )
    return {"sent": run.done}


def register_jobs() -> None:
    register(JobKind(KIND, send))
