"""What the export operations take and answer."""

from __future__ import annotations

from core.openapi.describe import BOOLEAN, TEXT, Operation, array, describe, obj

describe("export-formats", GET=Operation("Formats, those that fit first", array(obj(name=TEXT, title=TEXT, description=TEXT))))
describe(
    "export",
    GET=Operation(
        "Export, as a file",
        media="*/*",
        query={
            "exportType": TEXT,
            "download_all_tasks": BOOLEAN,
            "download_resources": BOOLEAN,
            "interpolate_key_frames": BOOLEAN,
            "ids": TEXT,
        },
    ),
)
