"""The headers that a webhook's owner may add to its requests: names are tokens of RFC 7230, values are printable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.errors import invalid

MOST = 10
NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,200}")
VALUE = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e]{0,3998}[\x21-\x7e])?)?")
# What the connection is made of, and what says that a request is ours.
RESERVED = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade", "expect", "accept-encoding"}
    | {"proxy-connection", "proxy-authorization", "content-encoding"}
)
OUR_PREFIX = "x-labelspace-"


def checked_headers(value: Any) -> dict[str, str]:
    """An object of at most ten headers, name to value. Raises 400 with what is wrong."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid(headers=_("Headers are an object: names and their values."))
    if len(value) > MOST:
        raise invalid(headers=_("At most %(most)s headers.") % {"most": MOST})
    seen: set[str] = set()
    for name, text in value.items():
        if not NAME.fullmatch(name):
            raise invalid(
                headers=_("A header's name is made of letters, digits and hyphens: %(name)s is not one.") % {"name": ascii(name[:100])}
            )
        if name.lower() in RESERVED or name.lower().startswith(OUR_PREFIX):
            raise invalid(headers=_("The header %(name)s is set by Labelspace; leave it out.") % {"name": name})
        if name.lower() in seen:
            raise invalid(headers=_("The header %(name)s is there twice.") % {"name": name})
        if not isinstance(text, str) or not VALUE.fullmatch(text):
            raise invalid(
                headers=_(
                    "The value of the header %(name)s is a text of printable ASCII characters, at most 4,000, without spaces around it."
                )
                % {"name": name}
            )
        seen.add(name.lower())
    return dict(value)


def request_headers(given: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Both together; what is given replaces ours of the same name, however it is written, except those that `checked_headers` refuses."""
    # The one that `fetch` sets by itself is written as it writes it, or it would be sent twice.
    named = {"User-Agent" if name.lower() == "user-agent" else name: value for name, value in given.items()}
    taken = {name.lower() for name in named}
    return {**{name: value for name, value in ours.items() if name.lower() not in taken}, **named}
