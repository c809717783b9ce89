"""How the text of an environment variable becomes a value. Each function raises ValueError with the end of a sentence: "must be …"."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})
FALSE = frozenset({"0", "false", "no", "off", "n", "f"})


def text(value: str) -> str:
    return value


def boolean(value: str) -> bool:
    word = value.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError("must be true or false")


def integer(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most`."""

    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return parse


def seconds(least: float, most: float) -> Callable[[str], float]:
    """A number of seconds, also a fraction, from `least` to `most`."""

    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not least <= number <= most:
            raise ValueError(f"must be a number of seconds from {least:g} to {most:g}")
        return number

    return parse


def choice(*words: str, **aliases: str) -> Callable[[str], str]:
    """One of `words`, in any case; `aliases` are other spellings of them."""

    def parse(value: str) -> str:
        word = value.strip()
        known = {**{name.lower(): name for name in words}, **aliases}
        if word.lower() not in known:
            raise ValueError(f"must be one of {', '.join(words)}")
        return known[word.lower()]

    return parse


def words(value: str) -> tuple[str, ...]:
    """Separated by commas or blanks."""
    return tuple(part for part in re.split(r"[,\s]+", value) if part)


def path(value: str) -> Path:
    try:
        return Path(value).expanduser().absolute()
    except RuntimeError:
        raise ValueError("must be a path, and ~ there names no home directory") from None


def public_url(value: str) -> str:
    """`https://host[:port][/path]`, without a slash at the end."""
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be the address that people type, beginning with http:// or https://")
    if parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address without user name, ? and #")
    return value.strip().rstrip("/")


def origins(value: str) -> tuple[str, ...]:
    """`https://a.example, https://*.b.example`: scheme and host, no path."""
    found = words(value)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
            raise ValueError(f"must be a list of addresses like https://example.org, and {origin!r} is none")
    return tuple(origin.rstrip("/") for origin in found)


def networks(value: str) -> tuple[str, ...]:
    found = words(value)
    for network in found:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ValueError(f"must be a list of networks like 10.0.0.0/8, and {network!r} is none") from None
    return found


def email(value: str) -> str:
    address = value.strip()
    if not is_email(address):
        raise ValueError("must be an e-mail address")
    return address


def is_email(value: str) -> bool:
    return re.fullmatch(r"[^@\s]+@[^@\s]+", value.strip()) is not None


def name_and_password(value: str) -> str:
    """`user:password`, as HTTP Basic authentication sends it."""
    name, _colon, password = value.partition(":")
    if not name or not password:
        raise ValueError("must be a user name and a password with a colon between")
    return value


def same_site(value: str) -> Literal["Lax", "Strict", "None"]:
    return choice("Lax", "Strict", "None")(value)  # type: ignore[return-value]
