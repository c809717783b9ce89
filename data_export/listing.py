"""`export/formats`: what clients are told of the formats. Scripts compare these answers as a whole, so they have Label Studio's words and links,
and name the formats that it has; `?all=true` adds our own. (Pages say the same in their reader's language: `Format.description`.)
"""

from __future__ import annotations

from typing import Any

from data_export.formats import Format
from data_export.writers import FORMATS
from projects.models import Project

GUIDE = "https://labelstud.io/guide/export.html#"

# description, place in the guide
KNOWN = {
    "JSON": (
        "List of items in raw JSON format stored in one JSON file. Use to export both the data and the annotations for a dataset. It's Label Studio Common Format",
        "JSON",
    ),
    "JSON_MIN": (
        'List of items where only "from_name", "to_name" values from the raw JSON format are exported. Use to export only the annotations for a dataset.',
        "JSON-MIN",
    ),
    "CSV": (
        'Results are stored as comma-separated values with the column names specified by the values of the "from_name" and "to_name" fields.',
        "CSV",
    ),
    "TSV": ('Results are stored in tab-separated tabular file with column names specified by "from_name" "to_name" values', "TSV"),
    "CONLL2003": ("Popular format used for the CoNLL-2003 named entity recognition challenge.", "CONLL2003"),
    "COCO": (
        "Popular machine learning format used by the COCO dataset for object detection and image segmentation tasks with polygons and rectangles.",
        "COCO",
    ),
    "COCO_WITH_IMAGES": ("COCO format with images downloaded.", "COCO"),
    "VOC": ("Popular XML format used for object detection and polygon image segmentation tasks.", "Pascal-VOC-XML"),
    "YOLO": (
        "Popular TXT format is created for each image file. Each txt file contains annotations for the corresponding image file, that is object class, object coordinates, height & width.",
        "YOLO",
    ),
    "YOLO_WITH_IMAGES": ("YOLO format with images downloaded.", "YOLO"),
    "YOLO_OBB": (
        "Popular TXT format is created for each image file. Each txt file contains annotations for the corresponding image file. The YOLO OBB format designates bounding boxes by their four corner points with coordinates normalized between 0 and 1, so it is possible to export rotated objects.",
        "YOLO",
    ),
    "YOLO_OBB_WITH_IMAGES": ("YOLOv8 OBB format with images downloaded.", "YOLO"),
    "BRUSH_TO_NUMPY": ("Export your brush labels as NumPy 2d arrays. Each label outputs as one image.", "Brush-labels-to-NumPy-amp-PNG"),
    "BRUSH_TO_PNG": ("Export your brush labels as PNG images. Each label outputs as one image.", "Brush-labels-to-NumPy-amp-PNG"),
    "ASR_MANIFEST": (
        "Export audio transcription labels for automatic speech recognition as the JSON manifest format expected by NVIDIA NeMo models.",
        "ASR-MANIFEST",
    ),
    "BRUSH_TO_COCO": (
        "Export your brush labels as COCO format for segmentation tasks. Converts RLE encoded masks to COCO polygons.",
        "COCO",
    ),
}
# Listed last by Label Studio; not written here, whatever the labeling set-up.
DOCLANG = {
    "name": "DOCLANG",
    "title": "DocLang (.dclx)",
    "description": "Package annotations from the Doclang Interface as DocLang OPC archives (document.xml + page image) for downstream Docling model training.",
    "link": "https://github.com/doclang-project/doclang/blob/main/spec.md#doclang-archive-format",
    "tags": ["document", "doclang"],
    "disabled": True,
}


def listing(project: Project, *, own: bool) -> list[dict[str, Any]]:
    """The formats that fit the project first; with those that only Labelspace has when `own`."""
    rows = [_row(format, project) for format in FORMATS.values() if own or format.name in KNOWN]
    return [*sorted(rows, key=lambda row: row.get("disabled", False)), DOCLANG]


def _row(format: Format, project: Project) -> dict[str, Any]:
    description, anchor = KNOWN.get(format.name, (str(format.description), ""))
    row: dict[str, Any] = {
        "name": format.name,
        "title": format.title,
        "description": description,
        "link": GUIDE + anchor if anchor else f"/docs/export/#{format.name.lower()}",
    }
    if format.tags:
        row["tags"] = list(format.tags)
    if not format.fits(project):
        row["disabled"] = True
    return row
