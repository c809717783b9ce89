"""The labeling-config language: parse, validate, sample. The README beside this file defines it; this is the whole public API."""

from labeling.changes import ChangeProblem, config_change_problems
from labeling.config import Config, Control, ObjectTag, parse, tree_json
from labeling.gallery import MEDIA_FOLDER, Template, gallery, search, template_named
from labeling.parsed_config import data_types, to_parsed_label_config
from labeling.predictions import PredictionError, normalize_prediction_result
from labeling.problems import ConfigError, Problem
from labeling.results import ResultProblem, labels_of, validate_result
from labeling.sample import sample_task
from labeling.tag_table import TAGS_FOLDER, AttributeSpec, ResultSpec, TagSpec, tag_table
from labeling.task_data import validate_task_data
from labeling.tree import Node
from labeling.variables import interpolate

__all__ = [
    "MEDIA_FOLDER",
    "TAGS_FOLDER",
    "AttributeSpec",
    "ChangeProblem",
    "Config",
    "ConfigError",
    "Control",
    "Node",
    "ObjectTag",
    "PredictionError",
    "Problem",
    "ResultProblem",
    "ResultSpec",
    "TagSpec",
    "Template",
    "config_change_problems",
    "data_types",
    "gallery",
    "interpolate",
    "labels_of",
    "normalize_prediction_result",
    "parse",
    "sample_task",
    "search",
    "tag_table",
    "template_named",
    "to_parsed_label_config",
    "tree_json",
    "validate_result",
    "validate_task_data",
]
