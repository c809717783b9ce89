"""What people do to storages: connect, change, remove, synchronize."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.database import compiled_regex
from core.errors import Refused, forbidden, invalid
from core.events.record import record
from core.jobs.models import Job
from core.jobs.operations import enqueue
from core.permissions import Role
from core.rawjson import json_text, read_json
from core.requests import boolean, integer
from core.secrets import SecretUnreadable, encrypt
from io_storages import server_bucket
from io_storages.connector import StorageError
from io_storages.kinds import Field, Kind, kinds
from io_storages.models import SECRETS_PURPOSE, Connection, ObjectChange, Storage
from io_storages.queries import forget_sources
from io_storages.targets import note_all
from projects.models import Project

PLAIN = ("title", "description", "synchronizable")
SERVER = "server"
BUSY = (Storage.Status.QUEUED, Storage.Status.IN_PROGRESS)


def create_storage(actor: Actor, direction: str, kind: Kind, said: dict[str, Any]) -> Storage:
    """Connect a storage to a project; it is asked whether it is there first. Raises 400 with what is wrong, 404 for a foreign project."""
    project = _project(actor, said)
    storage = Storage(project=project, direction=direction, kind=kind.name, created_by_id=actor.user_id)
    connect(actor, storage, said)
    apply(storage, kind, said)
    check(storage, kind)
    forget_sources()
    with transaction.atomic():
        storage.save(force_insert=True)
        record("storage.created", actor, project=project.pk, ids=[storage.pk], kind_of=kind.name)
        if direction == Storage.Direction.TARGET and settings.SYNC_ON_TARGET_STORAGE_CREATION:
            note_all(storage)
    return storage


def update_storage(actor: Actor, storage: Storage, kind: Kind, said: dict[str, Any]) -> Storage:
    """Change settings; secrets that are not given stay. Raises 400, and 403 for another folder of the server's bucket."""
    before = storage.own_values().get("prefix") if storage.of_server else None
    if storage.of_server and said.get("prefix", before) != before and not server_bucket.is_offered_to(actor):
        raise forbidden(_("Another folder of the server's own bucket is chosen by an administrator."))
    apply(storage, kind, said, partial=True)
    check(storage, kind)
    forget_sources()
    with transaction.atomic():
        storage.failures, storage.paused_until = 0, None
        storage.save()
        record("storage.updated", actor, project=storage.project_id, ids=[storage.pk])
    return storage


def delete_storage(actor: Actor, storage: Storage) -> None:
    """Disconnect a storage. Tasks and objects stay."""
    forget_sources()
    with transaction.atomic():
        record("storage.deleted", actor, project=storage.project_id, ids=[storage.pk])
        storage.delete()


def validate_storage(actor: Actor, direction: str, kind: Kind, said: dict[str, Any]) -> None:
    """What creating would find out, without storing anything. With `id` the secrets of that storage are used where none are given."""
    known = integer(said.get("id"), "id")
    storage = Storage.objects.visible_to(actor).filter(pk=known, kind=kind.name, direction=direction).first() if known else None
    if storage is None:
        storage = Storage(project=_project(actor, said), direction=direction, kind=kind.name)
        connect(actor, storage, said)
        apply(storage, kind, said)
    else:
        apply(storage, kind, said, partial=True)
    check(storage, kind)


def connect(actor: Actor, storage: Storage, said: dict[str, Any]) -> None:
    """Take place and keys from a ready-made connection: the organization's with the id `connection`, or `"server"` for the bucket of the environment.

    Raises 400 for one that there is not for this person, or of another kind.
    """
    wanted = said.get("connection")
    if wanted in (None, ""):
        return
    if wanted == SERVER:
        storage.of_server = server_bucket.kind() == storage.kind and server_bucket.is_offered_to(actor)
        found = storage.of_server
    else:
        pk = integer(wanted, "connection", least=1) or 0
        storage.connection = Connection.objects.visible_to(actor).filter(pk=pk, kind=storage.kind).first()
        found = storage.connection is not None
    if not found:
        raise invalid(connection=_("There is no such connection of this kind for you."))


def apply(storage: Storage, kind: Kind, said: dict[str, Any], *, partial: bool = False) -> None:
    """Put what was said into a storage's columns. Raises 400 for values that cannot be. An empty secret leaves the stored one."""
    for name in PLAIN:
        if name in said:
            value = (
                boolean(said[name], name, True) if name == "synchronizable" else str(said[name] or "")[: 256 if name == "title" else 20_000]
            )
            setattr(storage, name, value)
    try:
        values = storage.own_values() if partial else {}
    except SecretUnreadable:
        values = {}
    errors: dict[str, Any] = {}
    fields = kind.fields_of(storage.direction, connected=storage.connected)
    _take(fields, said, values, errors, partial=partial)
    if storage.of_server and (why := server_bucket.refusal(values.get("prefix"))):
        errors["prefix"] = [why]
    if errors:
        raise invalid(**errors)
    storage.fields, storage.secrets = _stored(fields, values)


def _take(fields: Sequence[Field], said: dict[str, Any], values: dict[str, Any], errors: dict[str, Any], *, partial: bool) -> None:
    """Put what was said of these fields into `values`, and what is wrong with it into `errors`."""
    for field in fields:
        if field.name in said and not (field.secret and partial and said[field.name] in (None, "")):
            try:
                values[field.name] = _value(field, said[field.name])
            except Refused as refused:
                errors |= refused.fields or {field.name: [str(refused)]}
        elif field.name not in values:
            values[field.name] = field.default
        if field.required and not values.get(field.name):
            errors[field.name] = [_("This field is required.")]


def _stored(fields: Sequence[Field], values: dict[str, Any]) -> tuple[str, str]:
    """The columns `fields` and `secrets`."""
    hidden = {field.name: values[field.name] for field in fields if field.secret and values.get(field.name)}
    plain = json_text({field.name: values[field.name] for field in fields if not field.secret})
    return plain, encrypt(json_text(hidden), SECRETS_PURPOSE) if hidden else ""


def _value(field: Field, said: Any) -> Any:
    if field.type == "boolean":
        return boolean(said, field.name, bool(field.default))
    if field.type == "integer":
        return integer(said, field.name, field.default, least=0, most=10_000_000)
    value = "" if said is None else said if isinstance(said, str) else json_text(said) if isinstance(said, dict | list) else str(said)
    value = value.strip()
    if len(value) > 20_000 or "\0" in value:
        raise invalid(**{field.name: _("This value is too long.")})
    if value and field.pattern and not re.fullmatch(field.pattern, value):
        raise invalid(**{field.name: _("“%(value)s” cannot be right here.") % {"value": value[:100]}})
    if field.name == "regex_filter" and value:
        import re2

        try:
            compiled_regex(value)
        except re2.error as error:
            raise invalid(regex_filter=_("This is not a regular expression that can be used: %(reason)s") % {"reason": error}) from None
    return value or None if not field.required else value


def check(storage: Storage, kind: Kind) -> None:
    """Ask the storage whether it is there. Raises 400 with its sentence."""
    try:
        kind.connect(storage.values()).check(write=storage.direction == Storage.Direction.TARGET)
    except StorageError as error:
        raise invalid(non_field_errors=str(error)) from None


def make_connection(actor: Actor, kind: Kind, said: dict[str, Any]) -> Connection:
    """Connect a storage once for all projects of the organization. Raises 400 with what is wrong."""
    row = Connection(organization_id=actor.organization_id or 0, kind=kind.name, created_by_id=actor.user_id)
    _say_connection(row, kind, said)
    with transaction.atomic():
        row.save(force_insert=True)
        record("connection.created", actor, ids=[row.pk], kind_of=kind.name)
    return row


def change_connection(actor: Actor, row: Connection, said: dict[str, Any]) -> Connection:
    """Secrets that are not given stay. Raises 400."""
    _say_connection(row, kind_of(row), said, partial=True)
    forget_sources()
    with transaction.atomic():
        row.save()
        Storage.objects.filter(connection=row).update(failures=0, paused_until=None)
        record("connection.updated", actor, ids=[row.pk])
    return row


def delete_connection(actor: Actor, row: Connection) -> None:
    """Raises 409 while a storage of a project needs it."""
    with transaction.atomic():
        using = list(Storage.objects.filter(connection=row, project__deleted_at=None).values_list("project__title", flat=True)[:5])
        if using:
            raise Refused(_("Disconnect it first in the projects that use it: %(projects)s.") % {"projects": ", ".join(using)}, 409)
        Storage.objects.filter(connection=row).delete()  # of projects that are being deleted
        record("connection.deleted", actor, ids=[row.pk])
        row.delete()


def kind_of(row: Connection) -> Kind:
    return next(kind for kind in kinds().values() if kind.name == row.kind)


def _say_connection(row: Connection, kind: Kind, said: dict[str, Any], *, partial: bool = False) -> None:
    if "title" in said or not partial:
        row.title = str(said.get("title") or "")[:256]
    try:
        values = row.values() if partial else {}
    except SecretUnreadable:
        values = {}
    errors: dict[str, Any] = {}
    _take(kind.connection_fields, said, values, errors, partial=partial)
    if errors:
        raise invalid(**errors)
    row.fields, row.secrets = _stored(kind.connection_fields, values)
    try:
        kind.connect(row.values()).check()
    except StorageError as error:
        raise invalid(non_field_errors=str(error)) from None


def open_notifications(actor: Actor, storage: Storage) -> str:
    """A new secret for the address that the storage's cloud tells of changes; the one before is closed. It is shown this once."""
    if storage.direction != Storage.Direction.SOURCE:
        raise invalid(non_field_errors=_("Only what tasks come from is told of changes."))
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Storage.objects.filter(pk=storage.pk).update(notified_digest=digest_of(secret))
        record("storage.notified", actor, project=storage.project_id, ids=[storage.pk], open=True)
    return secret


def close_notifications(actor: Actor, storage: Storage) -> None:
    with transaction.atomic():
        Storage.objects.filter(pk=storage.pk).update(notified_digest="")
        record("storage.notified", actor, project=storage.project_id, ids=[storage.pk], open=False)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def note_changes(storage: Storage, keys: Sequence[str]) -> None:
    """What the cloud has told of; a job looks at it at once, or when the one that is under way is done."""
    with transaction.atomic():
        ObjectChange.objects.bulk_create([ObjectChange(storage=storage, key=key) for key in keys])
    if storage.synchronizable and storage.status not in BUSY:
        start_sync(_owner_of(storage), storage, told=True)


def start_sync(actor: Actor, storage: Storage, *, dry: bool = False, told: bool = False) -> Job:
    """Read a source's new objects as tasks, in the background; of a target, write what it lacks. With `told` only those that the cloud has told of
    are looked at. Raises 400 when it may not be synchronized."""
    if not storage.synchronizable:
        raise invalid(non_field_errors=_("This storage is not synchronizable."))
    with transaction.atomic():
        job = enqueue(
            actor,
            "storage.sync",
            _("Synchronize %(title)s") % {"title": storage.title or f"{storage.kind} #{storage.pk}"},
            project=storage.project_id,
            parameters={"storage": storage.pk, "dry": dry, "told": told, "role": str(actor.role), "email": actor.email},
        )
        if not dry:
            Storage.objects.filter(pk=storage.pk).update(
                status=Storage.Status.QUEUED,
                last_sync_job=job.pk,
                traceback="",
                meta=json_text({"attempts": 1, "time_queued": timezone.now()}),
            )
    return job


def sync_due() -> bool:
    """A loop of the worker: synchronize sources that want it every so many minutes; never one that is still at it."""
    now = timezone.now()
    sources = Storage.objects.filter(direction=Storage.Direction.SOURCE, synchronizable=True, project__deleted_at=None).exclude(
        status__in=BUSY
    )
    told = set(ObjectChange.objects.filter(storage__in=sources.values("pk")).values_list("storage_id", flat=True).distinct())
    for storage in sources.select_related("project", "created_by").iterator():
        minutes = read_json(storage.fields).get("sync_every") or 0
        if minutes and (storage.last_sync or storage.created_at) + timedelta(minutes=minutes) <= now:
            start_sync(_owner_of(storage), storage)
        elif storage.pk in told:
            start_sync(_owner_of(storage), storage, told=True)
    return False


def _owner_of(storage: Storage) -> Actor:
    """For whom a storage works when nobody asks: who has connected it."""
    person = storage.created_by
    return Actor(person.pk if person else 0, person.email if person else "", storage.project.organization_id, Role.MANAGER, "job")


def _project(actor: Actor, said: dict[str, Any]) -> Project:
    project_id = integer(said.get("project"), "project")
    if project_id is None:
        raise invalid(project=_("This field is required."))
    project = Project.objects.visible_to(actor).filter(pk=project_id).first()
    if project is None:
        raise invalid(project=_('Invalid pk "%(id)s" - object does not exist.') % {"id": project_id})
    return project
