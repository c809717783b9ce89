"""Who may do what: one table, action × role. Every route names one of these actions for each of its methods.

The owners' page shows this table; `tests/core/test_permission_walk.py` walks every route with every role against it.
"""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """A person's role in an organization. Also what is stored in `Membership.role`."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"


ROLE_NAMES = {
    Role.OWNER: _("Owner"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.MANAGER: _("Manager"),
    Role.REVIEWER: _("Reviewer"),
    Role.ANNOTATOR: _("Annotator"),
}

OWNERS = frozenset({Role.OWNER})
ADMINISTRATORS = OWNERS | {Role.ADMINISTRATOR}
MANAGERS = ADMINISTRATORS | {Role.MANAGER}
REVIEWERS = MANAGERS | {Role.REVIEWER}
EVERYONE = REVIEWERS | {Role.ANNOTATOR}

# Two actions are not a matter of roles.
PUBLIC = "public"  # anybody, signed in or not
SIGNED_IN = "signed_in"  # any account, also one without an organization: its own things

# action: (what it says on the owners' page, roles)
ACTIONS: dict[str, tuple[object, frozenset[Role]]] = {
    "organization.view": (_("See the organization and its people"), EVERYONE),
    "organization.change": (
        _("Change the organization's name and policies"),
        ADMINISTRATORS,
    ),
    "organization.audit": (
        _("Read the audit log and the permission table"),
        ADMINISTRATORS,
    ),
    "organization.usage": (_("See what is counted on this server"), OWNERS),
    "space.manage": (_("See what is right about this server, and manage its Space"), OWNERS),
    "people.invite": (_("Invite people, see and reset invite links"), ADMINISTRATORS),
    "people.change": (_("Change other people's profiles and roles"), ADMINISTRATORS),
    "people.remove": (_("Remove people from the organization"), ADMINISTRATORS),
    "tokens.policy": (
        _("Set which kinds of API tokens and sessions are allowed"),
        ADMINISTRATORS,
    ),
    "projects.view": (_("See projects"), EVERYONE),
    "projects.create": (_("Create projects"), MANAGERS),
    "projects.change": (
        _("Change a project's settings, labeling set-up and members"),
        MANAGERS,
    ),
    "projects.delete": (_("Delete projects"), MANAGERS),
    "tasks.list": (_("Browse all tasks of a project"), REVIEWERS),
    "views.change": (_("Make, change and delete views of the data page"), REVIEWERS),
    "tasks.view": (_("Open a task"), EVERYONE),
    "tasks.create": (_("Add and import tasks"), MANAGERS),
    "tasks.change": (_("Change tasks"), MANAGERS),
    "tasks.delete": (_("Delete tasks"), MANAGERS),
    "annotations.create": (
        _("Label: get the next task, submit, skip, save drafts"),
        EVERYONE,
    ),
    "annotations.change": (_("Change and delete one's own annotations"), EVERYONE),
    "annotations.change_others": (
        _("See, change and delete other people's annotations"),
        REVIEWERS,
    ),
    "annotations.create_for_others": (
        _("Create annotations in another person's name"),
        MANAGERS,
    ),
    "predictions.view": (_("See predictions"), EVERYONE),
    "predictions.change": (_("Create, change and delete predictions"), MANAGERS),
    "files.view": (_("Open uploaded files that tasks show"), EVERYONE),
    "files.change": (_("Upload and delete files"), MANAGERS),
    "exports.create": (_("Export"), REVIEWERS),
    "storages.view": (_("See a project's storages and what they have read and written"), MANAGERS),
    "storages.change": (_("Connect, change, synchronize and remove storages"), MANAGERS),
    "storages.connect": (_("Connect storages for all projects, and keep their keys"), ADMINISTRATORS),
    "webhooks.view": (_("See webhooks and what they have sent"), MANAGERS),
    "webhooks.change": (_("Make, change and delete webhooks, and send again"), MANAGERS),
    "comments.view": (_("Read comments"), EVERYONE),
    "comments.create": (_("Write comments, answer and resolve them"), EVERYONE),
    "quality.view": (_("See agreement and the numbers of annotators"), REVIEWERS),
    "labels.view": (_("See the labels that people added to taxonomies"), EVERYONE),
    "labels.create": (_("Add labels to a project's taxonomies"), EVERYONE),
    "labels.change": (_("Change, rename and remove added labels"), MANAGERS),
    "models.view": (_("See connected models and their state"), MANAGERS),
    "models.change": (_("Connect, change, train and disconnect models, and ask them for predictions"), MANAGERS),
    "training.view": (_("See trainings on demand"), MANAGERS),
    "training.change": (_("Ask for trainings on demand, which may cost money, and cancel them"), OWNERS),
    "jobs.view": (_("See background jobs"), MANAGERS),
    "jobs.change": (_("Cancel and retry background jobs"), MANAGERS),
}

# What the token of a connected model may do in its one project: read, and write predictions by these methods.
MODEL_READS = frozenset(
    {"projects.view", "tasks.list", "tasks.view", "predictions.view", "files.view", "exports.create", "annotations.change_others"}
)
MODEL_WRITES = {"predictions.change": frozenset({"POST", "PATCH", "PUT"})}


def allowed(role: Role | str | None, action: str) -> bool:
    """Whether a role may do an action. Raises KeyError for an action that is not in the table."""
    return role in ACTIONS[action][1]
