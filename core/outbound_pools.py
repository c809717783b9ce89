"""The outbound guard for libraries that bring their own HTTP client: connections of their urllib3 pools go to checked addresses only.

`core/outbound.py` asks by itself; a cloud's SDK does not. Each of them ends in a urllib3 `PoolManager`: guarded here, a name is resolved once
when a connection is made, every address must be allowed, and the connection goes to the checked one, also after a redirect.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from core.errors import Refused
from core.outbound import MOST_ADDRESSES, checked_addresses


def guard_pools(manager: urllib3.PoolManager) -> urllib3.PoolManager:
    """Make every connection that this pool manager opens a checked one; returns the manager."""
    manager.pool_classes_by_scheme = {scheme: _guarded(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}
    return manager


def guarded_adapter() -> Any:
    """An adapter for `requests.Session.mount` whose connections are checked."""
    from requests.adapters import HTTPAdapter

    class GuardedAdapter(HTTPAdapter):
        def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
            super().init_poolmanager(*arguments, **options)
            guard_pools(self.poolmanager)

    return GuardedAdapter()


def guarded_session() -> Any:
    """A `requests.Session` whose connections are checked and which uses no proxy of the environment."""
    import requests

    session = requests.Session()
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, guarded_adapter())
    return session


class _Checked:
    """Mixed into a urllib3 connection class."""

    host: str
    port: int
    timeout: Any
    source_address: Any
    socket_options: Any

    def _new_conn(self) -> Any:
        try:
            addresses = checked_addresses(self.host, self.port)
        except Refused as refused:
            raise NewConnectionError(self, str(refused)) from None  # type: ignore[arg-type]
        failed: OSError | None = None
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return create_connection(
                    (address, self.port), self.timeout, source_address=self.source_address, socket_options=self.socket_options
                )
            except OSError as error:
                failed = error
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} does not answer") from failed
        raise NewConnectionError(self, f"{self.host} cannot be reached: {failed}") from failed  # type: ignore[arg-type]


@lru_cache(32)
def _guarded(pool: Any) -> Any:
    connection = type(f"Checked{pool.ConnectionCls.__name__}", (_Checked, pool.ConnectionCls), {})
    return type(f"Checked{pool.__name__}", (pool,), {"ConnectionCls": connection})
