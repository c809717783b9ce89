"""Model servers that the command line or an old project names: connected where they answer, said where they do not."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused
from ml.models import MLBackend
from ml.operations.connecting import connect
from ml.serializers import MLBackendSerializer
from projects.models import Project


def connect_model_servers(actor: Actor, project: Project, urls: Iterable[str]) -> list[str]:
    """Connect those that the project does not have yet. Returns a sentence for each that could not be: it does not keep the server from starting."""
    troubles = []
    for url in urls:
        if MLBackend.objects.filter(project=project, url=url).exists():
            continue
        if not actor.user_id:  # a project that waits for its first owner
            troubles.append(_("%(url)s can be connected once there is an account.") % {"url": url})
            continue
        written = MLBackendSerializer(data={"project": project.pk, "url": url, "title": url[:200]})
        try:
            if written.is_valid():
                connect(actor, dict(written.validated_data), f"http://localhost:{settings.ENVIRONMENT.listening_port}")
            else:
                troubles.append(f"{url}: {'; '.join(str(one) for said in written.errors.values() for one in said)}")
        except Refused as refused:
            said = [str(one) for value in (refused.fields or {}).values() for one in (value if isinstance(value, list) else [value])]
            troubles.append(f"{url}: {' '.join(said) or refused.sentence}")
    return troubles
