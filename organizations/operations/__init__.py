"""What changes organizations: getting in (`joining`), people (`members`), links (`invitations`), rules (`policies`)."""

from organizations.operations.joining import ensure_first_user

__all__ = ["ensure_first_user"]
