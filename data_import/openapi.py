"""What the import operations take and answer."""

from __future__ import annotations

from core.openapi.describe import (
    ANYTHING,
    BOOLEAN,
    ID,
    INTEGER,
    NOTHING,
    NUMBER,
    OBJECT,
    TEXT,
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
)

DATA = {"anyOf": [array(OBJECT), OBJECT]}
IMPORTED = component(
    "Imported", obj(task_count=null(INTEGER), annotation_count=null(INTEGER), prediction_count=null(INTEGER), duration=NUMBER)
)
FILE = component("FileUpload", obj(id=ID, file=TEXT, size=null(INTEGER)))
IMPORT_QUERY = {"commit_to_project": BOOLEAN, "return_task_ids": BOOLEAN, "preannotated_from_fields": TEXT}

for name in ("import", "import-bulk"):
    describe(name, POST=Operation("Import tasks", IMPORTED, status=201, body=DATA, query=IMPORT_QUERY, upload=True))
describe(
    "import-predictions",
    POST=Operation(
        "Import predictions for tasks that are there",
        obj(created=INTEGER),
        status=201,
        body=array(must("task", "result", task=INTEGER, result=ANYTHING, score=null(NUMBER), model_version=TEXT)),
    ),
)
describe(
    "reimport",
    POST=Operation(
        "Import files anew",
        OBJECT,
        status=201,
        answers={200: OBJECT},
        body=may(file_upload_ids=array(INTEGER), files_as_tasks_list=BOOLEAN),
    ),
)
describe(
    "file-uploads",
    GET=Operation("One's uploads", array(FILE), query={"all": BOOLEAN, "ids": TEXT}),
    DELETE=Operation("Delete uploads", obj(deleted=INTEGER), body=may(file_upload_ids=array(INTEGER))),
)
describe(
    "file-upload",
    GET=Operation("An upload", FILE),
    PATCH=Operation("Change an upload", FILE, body=OBJECT),
    PUT=Operation("Change an upload", FILE, body=OBJECT),
    DELETE=NOTHING,
)
describe("uploaded-file", GET=Operation("An uploaded file", media="*/*", answers={206: None, 304: None}))
describe(
    "storage-data", GET=Operation("An uploaded file by its path", media="*/*", answers={206: None, 304: None}, query={"filepath": TEXT})
)
describe("avatar", GET=Operation("A person's picture", media="*/*", answers={206: None, 304: None}))
describe(
    "tus",
    POST=Operation("Begin an upload in pieces (tus 1.0.0)", status=201),
)
describe(
    "tus-upload",
    PATCH=Operation("The next piece of an upload", status=204),
    DELETE=Operation("Give an upload up", status=204),
)
CHOICES = {
    "file_upload_ids": array(INTEGER), "files_as_tasks_list": BOOLEAN, "preannotated_from_fields": array(TEXT), "return_task_ids": BOOLEAN,
    "leave_out": BOOLEAN, "elsewhere": BOOLEAN, "format": TEXT, "classes": mapping(TEXT), "control": TEXT, "as_predictions": BOOLEAN, "model_version": TEXT,
}  # fmt: skip
IMPORT = component(
    "Import", obj(id=ID, project=ID, status=TEXT, error=null(TEXT), job=null(INTEGER), refused=INTEGER, task_count=null(INTEGER))
)
describe("imports", POST=Operation("Import uploads in the background", IMPORT, status=201, body=must("file_upload_ids", **CHOICES)))
describe("import-preview", POST=Operation("What an import of uploads would make", OBJECT, body=must("file_upload_ids", **CHOICES)))
describe("one-import", GET=Operation("How far an import is", IMPORT))
describe("import-refused", GET=Operation("The rows that an import did not take", media="*/*", query={"format": one_of("csv", "json")}))
for name in ("uploads", "upload-preview"):
    describe(name, POST=Operation("Uploading before importing", ANYTHING, status=201, answers={200: ANYTHING}, body=DATA, upload=True))
