"""The account that LABEL_STUDIO_USERNAME and LABEL_STUDIO_PASSWORD ask for."""

from __future__ import annotations

from core.environment import Environment
from core.startup import StartError


def ensure_first_user(environment: Environment) -> None:
    """Make the account, or give it its password again. Raises StartError when the password is refused."""
    if not environment.username:
        return
    from django.utils.module_loading import import_string

    from core.errors import Refused

    # By name: organizations/ stands above core/ in the house.
    ensure = import_string("organizations.operations.ensure_first_user")
    try:
        ensure(environment.username, environment.password, environment.user_token or None)
    except Refused as error:
        field = "password" if "password" in (error.fields or {}) else "username"
        raise StartError(f"{environment.said(field)}: {error.sentence}") from None
