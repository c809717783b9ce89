"""What people and jobs do to tasks, annotations, drafts, predictions and leases: one file for each kind of thing."""

from tasks.operations.bulk import add_tasks
from tasks.operations.delete import delete_annotation, delete_annotations, delete_tasks
from tasks.operations.leases import lease_next, release_lease, renew_lease
from tasks.operations.submit import submit_annotation
from tasks.operations.update import update_annotation
from tasks.operations.versions import restore_version

__all__ = [
    "add_tasks",
    "delete_annotation",
    "delete_annotations",
    "delete_tasks",
    "lease_next",
    "release_lease",
    "renew_lease",
    "restore_version",
    "submit_annotation",
    "update_annotation",
]
