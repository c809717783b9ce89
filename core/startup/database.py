"""Is the database there? When it is not: whose fault, in one sentence."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path
from typing import Any

from core.startup import StartError

SECONDS = 5


def check_database(description: dict[str, Any]) -> None:
    """Open a connection as described in settings.DATABASES. Raises StartError that names the cause and the variable."""
    if description["ENGINE"].endswith("sqlite3"):
        _check_sqlite(Path(description["NAME"]))
    else:
        _check_postgresql(description)


def _check_sqlite(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file)
        try:
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise StartError(f"DATABASE_NAME: the database file {file} cannot be opened ({error}).") from None
    if "htx_user" in tables:
        raise StartError(
            f"DATABASE_NAME: {file} is a database of Label Studio, which Labelspace does not change: export its projects there and import them here."
        )


def _check_postgresql(description: dict[str, Any]) -> None:
    import psycopg2

    host, port = description["HOST"], int(description["PORT"])
    if not host.startswith("/"):
        _check_socket(host, port)
    try:
        psycopg2.connect(
            host=host,
            port=port,
            dbname=description["NAME"],
            user=description["USER"],
            password=description["PASSWORD"] or None,
            **{"connect_timeout": SECONDS, **description.get("OPTIONS", {})},
        ).close()
    except psycopg2.Error as error:
        raise StartError(_cause(str(error), description)) from None


def _check_socket(host: str, port: int) -> None:
    where = f"PostgreSQL at {host}:{port} (POSTGRE_HOST, POSTGRE_PORT)"
    try:
        socket.create_connection((host, port), timeout=SECONDS).close()
    except socket.gaierror:
        raise StartError(f"POSTGRE_HOST: no machine is known by the name {host!r}.") from None
    except ConnectionRefusedError:
        raise StartError(f"{where} refuses the connection: nothing listens there; is the database server running?") from None
    except TimeoutError:
        raise StartError(f"{where} does not answer within {SECONDS} seconds; does a firewall stand between?") from None
    except OSError as error:
        raise StartError(f"{where} cannot be reached: {error.strerror or error}.") from None


def _cause(message: str, description: dict[str, Any]) -> str:
    user, name = description["USER"], description["NAME"]
    lower = message.lower()
    if "password authentication failed" in lower or "no password supplied" in lower or "authentication failed" in lower:
        return f"PostgreSQL refuses the login of {user!r}: check POSTGRE_USER and POSTGRE_PASSWORD."
    if "role" in lower and "does not exist" in lower:
        return f"PostgreSQL has no user {user!r}: check POSTGRE_USER."
    if "database" in lower and "does not exist" in lower:
        return f"PostgreSQL has no database {name!r}: make it there, or check POSTGRE_NAME."
    if "pg_hba.conf" in lower:
        return f"PostgreSQL does not let {user!r} into {name!r} from this machine: add a line to its pg_hba.conf, or use sslmode=require in DATABASE_URL."
    if "too many" in lower:
        return "PostgreSQL has no free connection: raise its max_connections or lower WEB_CONCURRENCY and WEB_THREADS."
    first = next((line.strip() for line in reversed(message.splitlines()) if line.strip()), "no reason given")
    return f"PostgreSQL cannot be used: {first.removeprefix('FATAL: ').strip().rstrip('.')}."
