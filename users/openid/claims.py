"""What an issuer says of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 255


@dataclass(frozen=True)
class Claims:
    """`subject` names the person at the issuer for ever. `email` is "" unless the issuer has verified it.

    `organizations` maps names, in lower case, to the person's role there ("" when it is not told). `is_creator`: they made this Space.
    """

    issuer: str
    subject: str
    username: str
    name: str
    email: str
    organizations: dict[str, str]
    is_creator: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def claims_of(issuer: str, said: Mapping[str, Any], *, is_hub: bool) -> Claims:
    """The claims of an id token and of the user-info address together; what has no sensible form is left out."""
    email = _text(said, "email").lower() if said.get("email_verified") is True else ""
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    subject = str(said["sub"])
    return Claims(
        issuer=issuer,
        subject=subject,
        username=_text(said, "preferred_username") or subject,
        name=_text(said, "name"),
        email=email if len(email) < LONGEST else "",
        organizations=_organizations(said.get("orgs")) if is_hub else _groups(said.get("groups")),
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value.replace("\0", "").strip()[:LONGEST] if isinstance(value, str) else ""


def _organizations(said: Any) -> dict[str, str]:
    """Hugging Face's: `roleInOrg` comes with the scope read-memberships only."""
    rows = [row for row in said if isinstance(row, dict)] if isinstance(said, list) else []
    return {name.lower(): _text(row, "roleInOrg") for row in rows if (name := _text(row, "preferred_username"))}


def _groups(said: Any) -> dict[str, str]:
    return {name.lower(): "" for name in said if isinstance(name, str)} if isinstance(said, list) else {}
