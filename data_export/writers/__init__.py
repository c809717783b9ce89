"""Export formats. To add one: a file beside this one with a `Format`, and its name in `FORMATS`.

The order is the one that `export/formats` has, as clients know it; formats of our own come last.
"""

from __future__ import annotations

from data_export.formats import Format
from data_export.writers.asr_manifest import ASR_MANIFEST
from data_export.writers.brush import BRUSH_TO_NUMPY, BRUSH_TO_PNG
from data_export.writers.brush_coco import BRUSH_TO_COCO
from data_export.writers.coco import COCO, COCO_WITH_IMAGES
from data_export.writers.conll import CONLL2003
from data_export.writers.hf_dataset import HF_DATASET
from data_export.writers.json import JSON
from data_export.writers.json_min import JSON_MIN
from data_export.writers.jsonl import JSONL
from data_export.writers.parquet import PARQUET
from data_export.writers.spacy import SPACY
from data_export.writers.table import CSV, TSV
from data_export.writers.voc import VOC
from data_export.writers.yolo import YOLO, YOLO_OBB, YOLO_OBB_WITH_IMAGES, YOLO_WITH_IMAGES

FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        JSON, JSON_MIN, CSV, TSV, CONLL2003, COCO, COCO_WITH_IMAGES, VOC, YOLO, YOLO_WITH_IMAGES, YOLO_OBB, YOLO_OBB_WITH_IMAGES,
        BRUSH_TO_NUMPY, BRUSH_TO_PNG, ASR_MANIFEST, BRUSH_TO_COCO, JSONL, PARQUET, SPACY, HF_DATASET,
    )
}  # fmt: skip

__all__ = ["FORMATS"]
