"""What the statistics answer."""

from __future__ import annotations

from core.openapi.describe import BOOLEAN, INTEGER, NUMBER, OBJECT, TEXT, Operation, array, describe, mapping, null, obj

SCORES = array(array(null(NUMBER)))
AGREEMENT = obj(agreement=mapping(null(NUMBER)))
IDS = {"ids": TEXT}

describe(
    "stats-total-agreement",
    GET=Operation(
        "How far annotations agree",
        obj(total_agreement={"anyOf": [null(NUMBER), mapping(NUMBER)]}),
        query={"per_label": BOOLEAN},
    ),
)
describe(
    "stats-matrix",
    GET=Operation(
        "Person against person",
        obj(users=array(OBJECT), IAA=SCORES, common_tasks=array(array(INTEGER)), std=null(NUMBER)),
        query={"task": INTEGER},
    ),
)
describe("task-agreement-matrix", GET=Operation("Person against person, of one task", obj(users=array(OBJECT), matrix=SCORES)))
describe("stats-agreement-annotators", GET=Operation("Everybody's agreement with the others", AGREEMENT, query=IDS))
describe("stats-agreement-annotator", GET=Operation("One person's agreement", obj(Agreement_per_annotator=null(NUMBER))))
describe("stats-truth-annotators", GET=Operation("Everybody's agreement with the ground truth", AGREEMENT, query=IDS))
describe("stats-truth-annotator", GET=Operation("One person's agreement with the ground truth", obj(agreement=null(NUMBER))))
describe("stats-prediction-annotators", GET=Operation("Everybody's agreement with the predictions", AGREEMENT, query=IDS))
describe(
    "stats-prediction-annotator",
    GET=Operation("One person's agreement with the predictions", obj(average_prediction_agreement_per_user=null(NUMBER))),
)
describe("stats-version-annotators", GET=Operation("A model's agreement with everybody", obj(agreement=null(NUMBER))))
describe("stats-version-truth", GET=Operation("A model's agreement with the ground truth", obj(agreement=null(NUMBER))))
describe(
    "stats-finished", GET=Operation("What is done", obj(id=null(INTEGER), finished=INTEGER, progress=INTEGER), query={"user_pk": INTEGER})
)
describe("stats-lead-time", GET=Operation("Seconds per annotator", obj(lead_time_stats=array(OBJECT))))
describe("stats-annotators", GET=Operation("Numbers of every annotator", array(OBJECT)))
describe("stats-label-structure", GET=Operation("Which labels are counted", obj(dimensions=array(OBJECT))))
describe(
    "stats-label-counts",
    GET=Operation("How often each label was given", obj(results=array(OBJECT), totals=OBJECT), query={"offset": INTEGER, "limit": INTEGER}),
)
