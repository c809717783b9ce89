"""One zip of a project: set-up with its former versions, people by e-mail address, uploaded files, and a line of JSON for each task with all that was
answered, also formerly. `writing.py` makes it, `reading.py` makes a project of it, here or on another server.

    manifest.json   format, version, when it was made, the project's settings, how much there is of each kind
    people.jsonl    everybody who did something: their number in this bundle, e-mail address, name, whether they are a member of the project
    set-ups.jsonl   former labeling set-ups
    files.jsonl     uploads: address, name, size, SHA-256
    media/<sha256>  their bytes, each once
    tasks.jsonl     tasks with annotations (and what they were before), predictions and drafts
"""

FORMAT = 1
MANIFEST, PEOPLE, SET_UPS, FILES, TASKS, MEDIA = "manifest.json", "people.jsonl", "set-ups.jsonl", "files.jsonl", "tasks.jsonl", "media/"
# What of a project's own columns goes along; the rest is counted anew, or belongs to the server that it is on.
SETTINGS = (
    "title", "description", "color", "members_only", "label_config", "expert_instruction", "show_instruction", "show_skip_button",
    "enable_empty_annotation", "show_annotation_history", "reveal_preannotations_interactively", "maximum_annotations",
    "overlap_cohort_percentage", "show_overlap_first", "sampling", "skip_queue", "show_ground_truth_first", "show_collab_predictions",
    "evaluate_predictions_automatically", "min_annotations_to_start_training",
)  # fmt: skip
