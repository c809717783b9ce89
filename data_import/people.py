"""Whose work imported annotations and drafts are: `completed_by` and `user` as clients and exports write them."""

from __future__ import annotations

from typing import Any

from core.actor import Actor
from organizations.models import Membership


class People:
    """The members of the importer's organization, also former ones, by id and by e-mail: one statement for a whole import."""

    def __init__(self, actor: Actor) -> None:
        self.me = actor.user_id
        rows = Membership.objects.visible_to(actor).values_list("user_id", "user__email")
        self.by_id = {user_id for user_id, _email in rows}
        self.by_email = {email.lower(): user_id for user_id, email in rows}

    def find(self, said: Any) -> int:
        """The user's id: nothing → the importer; a number → a member's id; text or `{email}` or `{id}` → that member.

        Raises ValueError with a sentence for anybody else.
        """
        if said is None:
            return self.me
        if isinstance(said, dict):
            said = said.get("email") or said.get("id")
        if isinstance(said, str) and said.strip():
            found = self.by_email.get(said.strip().lower())
            if found is None:
                raise ValueError(f"Unknown annotator's email {said}")
            return found
        if isinstance(said, int) and not isinstance(said, bool) and said in self.by_id:
            return said
        raise ValueError(f"completed_by={said!r} is not the id or e-mail of a member of the organization")
