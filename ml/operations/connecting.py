"""Connecting a model to a project, changing and disconnecting it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import Refused, invalid, not_found
from core.events.record import record
from core.outbound import checked_address
from core.rawjson import json_text
from core.secrets import encrypt, new_token
from ml import wire
from ml.models import PASSWORD_PURPOSE, MLBackend, MLToken
from ml.operations.checking import CHECK_EVERY, note_version
from ml.queries import get_backend
from ml.tokens import new_model_token, token_of
from projects.models import Project
from projects.operations import update_project
from webhooks.models import Webhook
from webhooks.operations import create_webhook, update_webhook

# A change to one of these asks the model anew before it is kept.
CONNECTION = frozenset({"url", "auth_method", "basic_auth_user", "basic_auth_pass", "extra_params", "auto_update", "model_version"})


def connect(actor: Actor, fields: dict[str, Any], hostname: str) -> MLBackend:
    """Connect a model (`MLBackendSerializer`'s fields) that answers at its address; `hostname` is where it finds us.

    It becomes the project's choice of what annotators are shown when there is none yet. Raises 400 for an unknown project, an address that must
    not be asked, and a server that does not answer as a model.
    """
    project = _project(actor, fields.pop("project", None))
    secret = fields.pop("secret", "") or new_token()
    backend = MLBackend(project=project, created_by_id=actor.user_id, hostname=settings.PUBLIC_URL or hostname)
    _set(backend, fields)
    token, text = new_model_token(project, actor.user_id)
    try:
        said = _introduce(backend, text, secret)
    except Refused:
        token.delete()
        raise
    backend.model_version = (backend.auto_update and said) or fields.get("model_version") or ""
    now = timezone.now()
    backend.checked_at, backend.next_check_at = now, now + CHECK_EVERY
    backend.trained_at_count = project.total_annotations_number
    with transaction.atomic():
        backend.save(force_insert=True)
        MLToken.objects.filter(pk=token.pk).update(backend=backend)
        project.refresh_from_db(fields=["model_version", "live_model", "show_collab_predictions"])
        if not project.chosen_version and project.show_collab_predictions:
            update_project(actor, project.pk, {"model_version": backend.title})
        make_webhook(actor, backend, secret)  # hears of what comes after
        record("model.connected", actor, project=project.pk, ids=[backend.pk], title=backend.title)
    return backend


def update_backend(actor: Actor, backend_id: int, fields: dict[str, Any]) -> MLBackend:
    """Change a model; the project stays. A change of how it is reached is kept only when it answers. Renaming follows in the project's choice.

    Raises 404, and 400 as `connect`.
    """
    secret = fields.get("secret")
    fields = {name: value for name, value in fields.items() if name not in ("project", "secret")}
    backend = get_backend(actor, backend_id)
    if secret is not None:
        update_webhook(actor, make_webhook(actor, backend, secret).pk, {"secret": secret})
        backend.refresh_from_db(fields=["webhook"])
    changed = _set(backend, fields)
    if changed & CONNECTION:
        said = _introduce(backend, token_of(backend))
        backend.model_version = (backend.auto_update and said) or backend.model_version
        backend.state, backend.error_message, backend.checked_at = MLBackend.State.CONNECTED, "", timezone.now()
        changed |= {"model_version", "state", "error_message", "checked_at"}
    if not changed:
        return backend
    with transaction.atomic():
        former = MLBackend.objects.select_for_update().filter(pk=backend.pk).first()
        if former is None:
            raise not_found()
        if backend.state != former.state:
            backend.state_since = timezone.now()
            changed |= {"state_since"}
        backend.save(update_fields=[*changed, "updated_at"])
        if backend.title != former.title:
            Project.objects.filter(pk=backend.project_id, live_model=former.title).update(live_model=backend.title)
        if backend.model_version != former.model_version:
            note_version(backend, backend.model_version)
        if backend.url != former.url and backend.webhook_id is not None:
            update_webhook(actor, backend.webhook_id, {"url": wire.address(backend, "webhook")})
        record("model.updated", actor, project=backend.project_id, ids=[backend.pk], fields=sorted(changed & set(fields)))
    return backend


def disconnect(actor: Actor, backend_id: int) -> None:
    """Disconnect a model: its token dies with it, its predictions stay. When it was the project's choice, nothing is shown from then on."""
    with transaction.atomic():
        backend = get_backend(actor, backend_id)
        project = Project.objects.select_for_update().get(pk=backend.project_id)
        if project.live_model == backend.title and not project.ml_backends.filter(title=backend.title).exclude(pk=backend.pk).exists():
            update_project(actor, project.pk, {"model_version": ""})
        record("model.disconnected", actor, project=backend.project_id, ids=[backend.pk], title=backend.title)
        webhook_id = backend.webhook_id
        backend.delete()
        if webhook_id is not None:
            Webhook.objects.filter(pk=webhook_id).delete()


def make_webhook(actor: Actor, backend: MLBackend, secret: str = "") -> Webhook:
    """The webhook by which the model hears of everything in its project; the one it has, if it has one. A new one gets this secret, or a random one."""
    if backend.webhook is not None:
        return backend.webhook
    backend.webhook = create_webhook(actor, {"url": wire.address(backend, "webhook"), "project": backend.project_id, "secret": secret})
    backend.save(update_fields=["webhook"])
    return backend.webhook


def _introduce(backend: MLBackend, token: str, secret: str | None = None) -> str:
    """Ask for a sign of life and set the model up; returns its version. Raises 400 with what is wrong."""
    try:
        wire.check_health(backend, secret=secret)
        return wire.set_up(backend, token, secret=secret)
    except wire.ModelTrouble as trouble:
        raise invalid(url=_("The model could not be connected: %(trouble)s") % {"trouble": trouble}) from None


def _set(backend: MLBackend, fields: dict[str, Any]) -> set[str]:
    """Put checked fields into the (unsaved) row; returns the names of the columns that changed."""
    values = dict(fields)
    if "url" in values:
        values["url"] = values["url"].strip()
        if values["url"] != backend.url:
            try:
                checked_address(values["url"])
            except Refused as error:
                raise invalid(url=str(error)) from None
    if "extra_params" in values:
        values["extra_params"] = None if values["extra_params"] is None else json_text(values["extra_params"])
    password = values.pop("basic_auth_pass", None)
    changed = {name for name, value in values.items() if getattr(backend, name) != value}
    for name in changed:
        setattr(backend, name, values[name])
    if password:
        backend.basic_auth_pass = encrypt(password, PASSWORD_PURPOSE)
        changed.add("basic_auth_pass")
    if backend.auth_method == MLBackend.AuthMethod.NONE and (backend.basic_auth_user or backend.basic_auth_pass):
        backend.basic_auth_user = backend.basic_auth_pass = ""
        changed |= {"basic_auth_user", "basic_auth_pass"}
    if backend.auth_method == MLBackend.AuthMethod.BASIC and not (backend.basic_auth_user and backend.basic_auth_pass):
        raise invalid(basic_auth_user=_("Basic authentication needs a user name and a password."))
    if backend.pk and "url" in changed and backend.basic_auth_pass and "basic_auth_pass" not in changed:
        # Whoever may change the address could send the stored password to a server of their own.
        raise invalid(basic_auth_pass=_("Give the password again for the new address."))
    return changed


def _project(actor: Actor, project_id: int | None) -> Project:
    if project_id is None:
        raise invalid(project=_("This field is required."))
    project = Project.objects.visible_to(actor).filter(pk=project_id).first()
    if project is None:
        raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": project_id})
    return project
