"""What every page's shell needs: who is here, where they may go, and what an owner should know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.actor import Actor
from core.authentication import authenticate
from core.environment import HUGGING_FACE
from durability import state
from organizations.queries import first_organization, sign_up_may_be_closed
from web.catalog import catalog
from web.root import at
from web.saved import Saved, saved

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
LATER_COOKIE = "storage-warning-later"


@dataclass(frozen=True)
class Place:
    """An entry of the rail."""

    name: str
    icon: str
    url: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell.actor` is None on pages for anybody; `shell.places` are those that the person's role may open."""
    return {"shell": Shell(request)}


class Shell:
    """Looked up as the template asks, so that a page without a rail costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def actor(self) -> Actor | None:
        return authenticate(self._request)

    @property
    def person(self) -> Any:
        actor = self.actor
        return actor.user if actor else None

    @property
    def catalog(self) -> dict[str, Any] | None:
        return catalog()

    @property
    def storage_is_ephemeral(self) -> bool:
        """Whether somebody who can do something about it should know that a restart loses everything."""
        actor = self.actor
        return (
            actor is not None
            and not settings.STORAGE_PERSISTENCE
            and state.read(settings.DATA_DIR) is None
            and actor.may("projects.create")
            and LATER_COOKIE not in self._request.COOKIES
        )

    @property
    def may_manage_space(self) -> bool:
        actor = self.actor
        return actor is not None and actor.may("space.manage")

    @property
    def outer(self) -> str:
        """The site whose page shows a Space in a frame, and keeps our address in its own."""
        return HUGGING_FACE if settings.ENVIRONMENT.on_space else ""

    @property
    def saved(self) -> Saved | None:
        """How far the copy off this machine is; None when none is kept, and for who is not signed in."""
        return saved() if self.actor else None

    @property
    def theme(self) -> str:
        """The colours that the person chose on this device; "" follows the system."""
        chosen = self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @property
    def places(self) -> list[Place]:
        actor = self.actor
        if actor is None:
            return []
        path = self._request.path
        every = [
            ("projects.view", _("Projects"), "folder", at("projects/")),
            ("annotations.create", _("My queue"), "inbox", at("queue/")),
            ("jobs.view", _("Jobs"), "activity", at("jobs/")),
            ("organization.view", _("Organization"), "users", at("organization")),
        ]
        if settings.MULTI_SESSION:
            every.append(("projects.view", _("Manage"), "link", at("manage/")))
        return [Place(name, icon, url, current=path.startswith(url)) for action, name, icon, url in every if actor.may(action)]

    @property
    def account(self) -> Place:
        url = at("user/account")
        return Place(_("Account"), "user", url, current=self._request.path.startswith(url))

    @property
    def may_create(self) -> bool:
        actor = self.actor
        return actor is not None and actor.may("projects.create")

    @property
    def sign_up_is_open(self) -> bool:
        """For who can close it: anybody could sign up, and first of all to the first organization."""
        actor = self.actor
        if actor is None or actor.organization_id is None or not actor.may("organization.change"):
            return False
        first = first_organization()
        return first is not None and first.pk == actor.organization_id and sign_up_may_be_closed(first)
