"""The secret key: from the environment, or made once and kept in the data directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from core.environment import Environment, check_key
from core.startup import StartError

FILE = "secret_key"


def prepare_data_directory(directory: Path) -> Path:
    """Make the data directory if it is not there. Raises StartError when it cannot be written to."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(f"LABEL_STUDIO_BASE_DATA_DIR: the data directory {directory} cannot be made ({error.strerror}).") from None
    if not os.access(directory, os.W_OK | os.X_OK):
        raise StartError(
            f"LABEL_STUDIO_BASE_DATA_DIR: the data directory {directory} is not writable{_for_whom()}; give it to that user, or name another."
        )
    return directory


def secret_key(environment: Environment) -> str:
    """The key of this installation. Made with 50 random bytes and mode 0600 at the first start; two starters get the same one."""
    if environment.secret_key:
        return environment.secret_key
    path = prepare_data_directory(environment.data_directory) / FILE
    if not path.exists():
        _make(path)
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StartError(f"The secret key in {path} cannot be read ({getattr(error, 'strerror', None) or 'not ASCII'}).") from None
    check_key(str(path), key)
    return key


def _for_whom() -> str:
    return f" for the user id {os.getuid()}" if sys.platform != "win32" else " for this user"


def _make(path: Path) -> None:
    import secrets  # brings OpenSSL, which the parent process needs at the first start only

    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except OSError:
        # Another starter was first, and its key counts; or this file system knows no hard links.
        if not path.exists():
            os.replace(draft, path)
            return
    os.unlink(draft)
