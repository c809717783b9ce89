"""How many people answer a task: a project's `maximum_annotations` for the share of its tasks named by `overlap_cohort_percentage`, one for the rest."""

from __future__ import annotations


def new_overlap(inner_id: int, maximum: int, percentage: int) -> int:
    """The overlap of a task that is added: every so often one gets the maximum, so that the share is right (to within one task) at any time."""
    if maximum == 1 or percentage >= 100:
        return maximum
    return maximum if inner_id * percentage // 100 > (inner_id - 1) * percentage // 100 else 1
