"""The test of a storage that goes the whole way: reach it, list it, load one object the way a browser would; what fails says what to change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from core.outbound import fetch
from core.secrets import SecretUnreadable
from io_storages.connector import Connector, StorageError
from io_storages.key_filter import key_filter
from io_storages.models import Storage
from io_storages.queries import connector_of

HEAD = 1_024
SECONDS = 120
PROBE = "labelspace-connection-test.txt"
LOOKED_AT = 10_000  # objects among which one is looked for that the filters take


@dataclass(frozen=True)
class Step:
    """`said` is what was found; `fix` what to change, as it is to be pasted, "" when there is nothing."""

    name: str
    ok: bool
    said: str
    fix: str = ""


class _Failed(Exception):
    def __init__(self, said: str, fix: str = "") -> None:
        self.said, self.fix = said, fix


def test_connection(storage: Storage, origin: str) -> dict[str, Any]:
    """`{"ok": …, "steps": [{"name", "ok", "said", "fix"}, …]}`, up to the first step that fails. `origin` is where browsers load this server from."""
    try:
        connector = connector_of(storage)
    except SecretUnreadable as error:
        return {"ok": False, "steps": [asdict(Step(_("Read the keys"), False, str(error)))]}
    writes = storage.direction == Storage.Direction.TARGET
    found: list[str] = []
    plan: list[tuple[str, str, Callable[[], str]]] = [(_("Reach the storage"), "list", lambda: _reach(connector, write=writes))]
    if writes:
        plan.append((_("Write an object"), "write", lambda: _write(connector)))
    else:
        plan.append((_("Find an object"), "list", lambda: _find(connector, found)))
        plan.append((_("Load it as a browser would"), "read", lambda: _load(connector, found[0], origin) if found else ""))
    steps: list[Step] = []
    for name, action, perform in plan:
        try:
            steps.append(Step(name, True, perform()))
        except StorageError as error:
            steps.append(Step(name, False, str(error), connector.fix(action)))
            break
        except _Failed as failed:
            steps.append(Step(name, False, failed.said, failed.fix))
            break
    return {"ok": all(step.ok for step in steps), "steps": [asdict(step) for step in steps]}


def _reach(connector: Connector, *, write: bool) -> str:
    connector.check(write=write)
    return connector.address(connector.prefix)


def _find(connector: Connector, found: list[str]) -> str:
    takes = key_filter(connector.values)
    for number, stored in enumerate(connector.listing(recursive=bool(connector.values.get("recursive_scan", True)))):
        if takes(stored.key):
            found.append(stored.key)
            return stored.key
        if number == LOOKED_AT:
            break
    raise _Failed(
        _("There is no object that this storage would read."),
        _("Look at the folder and the filters, and switch on “Also in folders below” when objects lie deeper."),
    )


def _load(connector: Connector, key: str, origin: str) -> str:
    where = connector.presign(key, SECONDS) if connector.values.get("presign") else None
    if where is None:
        with connector.open(key, 0, HEAD - 1) as body:
            size = sum(len(piece) for piece in body.pieces)
        return _("%(size)s bytes came through this server: browsers need no CORS.") % {"size": size}
    return _directly(connector, where, origin)


def _directly(connector: Connector, where: str, origin: str) -> str:
    """As a browser on our page asks the storage itself."""
    try:
        with fetch(where, headers={"Origin": origin, "Range": f"bytes=0-{HEAD - 1}"}, timeout=10) as answer:
            if answer.status >= 400:
                raise _Failed(_("The storage answers %(status)s to a browser.") % {"status": answer.status}, connector.fix("read"))
            allowed = answer.headers.get("access-control-allow-origin", "")
    except Refused as refused:
        raise _Failed(str(refused), _through_us()) from None
    if allowed not in ("*", origin):
        raise _Failed(
            _("Browsers load it, but pages of %(origin)s may not look into it (CORS): sounds, time series and masks stay empty.")
            % {"origin": origin},
            _through_us() + "\n" + connector.cors(origin),
        )
    return _("Browsers load it from the storage itself.")


def _through_us() -> str:
    return _("Switch off “Browsers load from the storage”: then no CORS is needed.")


def _write(connector: Connector) -> str:
    key = f"{connector.prefix}/{PROBE}" if connector.prefix else PROBE
    connector.put(key, b"This object may be deleted.\n", "text/plain")
    if connector.values.get("can_delete_objects"):
        connector.delete(key)
        return _("Written and deleted: %(key)s") % {"key": key}
    return _("Written: %(key)s. It may be deleted.") % {"key": key}
