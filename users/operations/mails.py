"""Mails about accounts. The link is made by the job that sends it, so that it is nowhere but in the mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from core.jobs.operations import enqueue
from core.jobs.registry import JobKind, register
from core.jobs.run import JobRun
from users.models import User
from users.operations.accounts import checked_email, make_password_link
from users.operations.attempts import begin_mail

KIND = "account.password_mail"


def ask_for_link(email: str) -> None:
    """Send a link for a new password, if there is such an account; nobody learns whether. Raises 429 when asked too often."""
    email = checked_email(email)
    begin_mail(email)
    # For an unknown address too, so that the answer takes as long.
    enqueue(None, KIND, _("Mail a password link"), parameters={"email": email})


def send_link(run: JobRun) -> dict[str, Any]:
    """Mails go out only where LABEL_STUDIO_HOST says what our address is: a link is never made from a request's headers."""
    from django.core.mail import send_mail

    user = User.objects.filter(email=run.parameters["email"], is_active=True).first()
    if user is None or not settings.PUBLIC_ORIGIN:
        return {"sent": False}
    link = settings.PUBLIC_ORIGIN + reverse("reset", kwargs={"token": make_password_link(None, user)})
    send_mail(
        _("A new password for Labelspace"),
        _("Open this link within 24 hours to choose a new password:\n\n%(link)s\n\nIf you did not ask for it, you can ignore this mail.\n")
        % {"link": link},
        None,
        [user.email],
    )
    return {"sent": True}


def register_jobs() -> None:
    register(JobKind(KIND, send_link))
