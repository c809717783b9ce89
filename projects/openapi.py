"""What the operations on projects take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    OBJECT,
    PAGING,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    mapping,
    may,
    must,
    null,
    obj,
    one_of,
    page,
    ref,
)
from projects.render import COUNTERS
from projects.serializers import ProjectSerializer

PERSON = ref("UserSimple")
COUNTS = {name: null(INTEGER) for name in COUNTERS}
PROJECT = component(
    "Project",
    obj(
        id=ID,
        title=TEXT,
        description=TEXT,
        label_config=TEXT,
        expert_instruction=TEXT,
        show_instruction=BOOLEAN,
        show_skip_button=BOOLEAN,
        enable_empty_annotation=BOOLEAN,
        show_annotation_history=BOOLEAN,
        organization=ID,
        color=TEXT,
        maximum_annotations=INTEGER,
        is_published=BOOLEAN,
        model_version=null(TEXT),
        is_draft=BOOLEAN,
        created_by=null(PERSON),
        created_at=TIME,
        updated_at=TIME,
        min_annotations_to_start_training=INTEGER,
        start_training_on_annotation_update=BOOLEAN,
        show_collab_predictions=BOOLEAN,
        **COUNTS,
        sampling=one_of("Sequential sampling", "Uniform sampling", "Uncertainty sampling"),
        show_ground_truth_first=BOOLEAN,
        annotator_evaluation_enabled=BOOLEAN,
        show_overlap_first=BOOLEAN,
        overlap_cohort_percentage=INTEGER,
        task_data_login=null(TEXT),
        task_data_password=null(TEXT),
        control_weights=OBJECT,
        parsed_label_config=OBJECT,
        evaluate_predictions_automatically=BOOLEAN,
        config_has_control_tags=BOOLEAN,
        skip_queue=one_of("REQUEUE_FOR_ME", "REQUEUE_FOR_OTHERS", "IGNORE_SKIPPED"),
        reveal_preannotations_interactively=BOOLEAN,
        pinned_at=null(TIME),
        archived_at=null(TIME),
        members_only=BOOLEAN,
        queue_total=INTEGER,
        queue_done=INTEGER,
        config_suitable_for_bulk_annotation=BOOLEAN,
        state={"type": "null"},
    ),
)
# `include=` leaves out what is not named.
PART = component("ProjectPart", {"type": "object", "properties": {"id": ID, "title": TEXT}})
LIST_QUERY = {
    **PAGING,
    "ids": TEXT,
    "title": TEXT,
    "ordering": TEXT,
    "filter": one_of("all", "pinned_only", "exclude_pinned", "archived"),
    "include": TEXT,
}
CONFIG = must("label_config", label_config=TEXT)
ROLE = component("ProjectRole", obj(id=ID, project=ID, user=ID, role=TEXT, role_source=TEXT))
SOME_PEOPLE = may(all=BOOLEAN, included=array(INTEGER), excluded=array(INTEGER), roles=array(must("user_id", user_id=INTEGER, role=TEXT)))

describe(
    "projects",
    GET=Operation("A page of projects", page(PART), query=LIST_QUERY),
    POST=Operation("Make a project", PROJECT, status=201, body=ProjectSerializer),
)
describe("project-counts", GET=Operation("Numbers of projects", page(obj(id=ID, **COUNTS)), query=LIST_QUERY))
describe(
    "projects-validate",
    POST=Operation("Whether a labeling set-up is right", status=204, body=CONFIG, answers={400: mapping(ANYTHING)}),
)
describe("templates", GET=Operation("The template gallery", obj(templates=array(OBJECT), groups=array(TEXT)), query={"search": TEXT}))
describe(
    "project",
    GET=Operation("A project", {"anyOf": [PROJECT, PART]}, query={"include": TEXT}),
    PATCH=Operation("Change a project", {"anyOf": [PROJECT, PART]}, body=ProjectSerializer, query={"include": TEXT}),
    PUT=Operation("Change a project", {"anyOf": [PROJECT, PART]}, body=ProjectSerializer, query={"include": TEXT}),
    DELETE=NOTHING,
)
describe(
    "project-validate",
    POST=Operation(
        "Whether a new labeling set-up fits what has been labelled",
        obj(config_essential_data_has_changed=null(BOOLEAN), losses=array(TEXT)),
        body=CONFIG,
    ),
)
describe(
    "project-summary",
    GET=Operation(
        "What the project's tasks and annotations hold",
        obj(
            project=ID,
            created_at=TIME,
            all_data_columns=mapping(INTEGER),
            common_data_columns=array(TEXT),
            created_annotations=mapping(INTEGER),
            created_labels=mapping(mapping(INTEGER)),
            created_labels_drafts=mapping(mapping(INTEGER)),
        ),
    ),
)
describe(
    "project-sample-task",
    POST=Operation(
        "A task that the labeling set-up can show",
        obj(sample_task=OBJECT),
        body=may(label_config=TEXT, include_annotation_and_prediction=BOOLEAN),
    ),
)
describe("project-annotators", GET=Operation("Who has annotated", array(PERSON)))
describe(
    "project-members",
    GET=Operation("Members by name", array(PERSON)),
    POST=Operation("Add a member", obj(id=ID, user=ID, project=ID), status=201, body=must("user", user=INTEGER)),
    DELETE=Operation("Remove a member", status=204, query={"user": INTEGER}, body=may(user=INTEGER)),
)
describe(
    "project-members-bulk",
    POST=Operation(
        "Add members", obj(assignments=INTEGER, skipped_user_ids=array(INTEGER)), body=SOME_PEOPLE, query={"search": TEXT, "role": TEXT}
    ),
    DELETE=Operation(
        "Remove members",
        obj(unassignments=INTEGER),
        query={"all": BOOLEAN, "included": TEXT, "excluded": TEXT, "search": TEXT, "role": TEXT},
    ),
)
describe(
    "project-members-page",
    GET=Operation(
        "A page of the people who see the project",
        page({"allOf": [ref("User"), obj(implicit_member=BOOLEAN, project_role=TEXT)]}),
        query={**PAGING, "implicit": BOOLEAN, "search": TEXT, "role": TEXT, "ids": TEXT},
    ),
)
describe(
    "project-roles",
    GET=Operation("Members of projects with their roles", array(ROLE), query={"ids": TEXT}),
    POST=Operation(
        "Add a member who has this role", ROLE, status=201, body=must("project", "user", "role", project=INTEGER, user=INTEGER, role=TEXT)
    ),
)
describe("project-role", DELETE=NOTHING)
describe("project-roles-of", GET=Operation("The project's members with their roles", array(ROLE)))
describe(
    "project-config-versions",
    GET=Operation("Former labeling set-ups", array(obj(version=INTEGER, label_config=TEXT, created_at=TIME, created_by=null(ID)))),
)
describe("project-config-restore", POST=Operation("Take a former labeling set-up back", PROJECT))
describe(
    "sample-time-series",
    GET=Operation("A sample time series", media="text/csv", query={"time": TEXT, "values": TEXT, "sep": TEXT, "tf": TEXT}),
)
describe("sample-paragraphs", GET=Operation("A sample dialogue", array(mapping(TEXT)), query={"nameKey": TEXT, "textKey": TEXT}))
