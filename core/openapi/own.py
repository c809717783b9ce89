"""What the core's own operations take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    OBJECT,
    TEXT,
    TIME,
    Operation,
    array,
    component,
    describe,
    null,
    obj,
    one_of,
)

STATUS = obj(status=TEXT)
VERSION = {
    **obj(**{"release": TEXT, "edition": one_of("Community"), "label-studio-os-package": OBJECT, "label-studio-os-backend": OBJECT}),
}
JOB = component(
    "Job",
    obj(
        id=ID,
        kind=TEXT,
        title=TEXT,
        project=null(INTEGER),
        created_by=null(INTEGER),
        status=one_of("waiting", "running", "done", "failed", "cancelled"),
        done=INTEGER,
        total=null(INTEGER),
        error=TEXT,
        result=ANYTHING,
        created_at=TIME,
        finished_at=null(TIME),
    ),
)

for name in ("health", "api-health"):
    describe(name, GET=Operation("Whether the server is alive", STATUS))
describe("ready", GET=Operation("Whether the server can work", obj(status=TEXT, reasons=array(TEXT)), answers={503: OBJECT}))
for name in ("version", "api-version"):
    describe(name, GET=Operation("The version, in Label Studio's shape", VERSION))
describe("metrics", GET=Operation("Empty", media="text/plain"))
describe("feature-flags", GET=Operation("There are none", obj(feature_flags=OBJECT)))
describe("usage", GET=Operation("Thrown away", status=204), POST=Operation("Thrown away", status=204))
describe("schema", GET=Operation("This description", media="*/*", query={"format": one_of("json", "yaml")}))
describe("schema-json", GET=Operation("This description as JSON", media="application/vnd.oai.openapi+json"))
describe("schema-yaml", GET=Operation("This description as YAML", media="application/yaml"))
for name in ("schema-swagger-json", "schema-swagger-yaml", "schema-api-swagger-json"):
    describe(name, GET=Operation("Leads to the description", status=302))
describe(
    "jobs",
    GET=Operation(
        "Background jobs, newest first",
        obj(results=array(JOB), next=null(INTEGER)),
        query={"project": INTEGER, "page": INTEGER, "page_size": INTEGER, "open": BOOLEAN},
    ),
)
describe("job", GET=Operation("One job", JOB))
describe("job-cancel", POST=Operation("Stop a job", JOB))
describe("job-retry", POST=Operation("Run a job again", JOB))
