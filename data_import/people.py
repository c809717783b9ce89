"""Whose work imported annotations and drafts are: `completed_by` and `user` as clients and exports write them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.actor import Actor
from organizations.models import Membership
from organizations.operations.placeholders import DOMAIN, Elsewhere, ensure_placeholders

PROVISIONAL = 0  # whose id is not known before `settle`
UNKNOWN_PERSON = "Unknown annotator's email "


class People:
    """The members of the importer's organization, also former ones, by id and by e-mail: one statement for a whole import.

    elsewhere: the name of the place that the work comes from, when that is another server. Then numbers are that server's, and who is not found by
    e-mail is kept as a placeholder: `find` answers `PROVISIONAL` for them until `settle` has made them.
    """

    def __init__(self, actor: Actor, elsewhere: str = "") -> None:
        self.actor, self.me, self.elsewhere = actor, actor.user_id, elsewhere
        rows = Membership.objects.visible_to(actor).values_list("user_id", "user__email")
        self.by_id = {user_id for user_id, _email in rows}
        self.by_email = {email.lower(): user_id for user_id, email in rows}
        self.wanted: dict[str, Elsewhere] = {}

    def find(self, said: Any) -> int:
        """The user's id: nothing → the importer; a number → a member's id; text or `{email}` or `{id}` → that member.

        Raises ValueError with a sentence for anybody else.
        """
        if said is None:
            return self.me
        person = said if isinstance(said, dict) else {}
        if isinstance(said, dict):
            said = said.get("email") or said.get("id")
        if isinstance(said, str) and said.strip():
            found = self.by_email.get(said.strip().lower())
            if found is None and self.elsewhere:
                return self._placeholder(said.strip().lower(), person)
            if found is None:
                raise ValueError(f"{UNKNOWN_PERSON}{said}")
            return found
        if isinstance(said, int) and not isinstance(said, bool):
            if self.elsewhere:
                key = f"annotator-{said}.{self.elsewhere}@{DOMAIN}"
                return self.by_email.get(key) or self._placeholder(key, person, f"Annotator {said}")
            if said in self.by_id:
                return said
        raise ValueError(f"completed_by={said!r} is not the id or e-mail of a member of the organization")

    def _placeholder(self, key: str, person: dict[str, Any], name: str = "") -> int:
        try:
            validate_email(key)
        except ValidationError:
            raise ValueError(f"{UNKNOWN_PERSON}{key}") from None
        first, last = (value if isinstance(value, str) else "" for value in (person.get("first_name"), person.get("last_name")))
        self.wanted.setdefault(key, Elsewhere(key, first or name, last))
        return PROVISIONAL

    def settle(self) -> None:
        """Make the placeholders that were asked for; a part of the caller's transaction. From now on `find` knows them."""
        if self.wanted:
            self.by_email |= ensure_placeholders(self.actor, self.wanted.values())
            self.wanted.clear()
