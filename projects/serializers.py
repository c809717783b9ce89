"""What clients may write to a project. Unknown and read-only fields are ignored, as Label Studio's clients expect."""

from __future__ import annotations

import re
from typing import Any

import nh3
from django.utils.translation import gettext as _
from rest_framework import serializers

from core.rawjson import json_text
from projects.models import Project

TITLE_LENGTH = (3, 50)
COLOR = re.compile(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")


class JSONObjectField(serializers.JSONField):
    """A JSON object, kept as text in a `RawJSONField`."""

    def to_internal_value(self, data: Any) -> Any:
        if data is None:
            return "{}"
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Expected an object."))
        return json_text(data)


class ProjectSerializer(serializers.Serializer[Project]):
    """Field by field what a manager may set; the rest of a project is the operations' business."""

    title = serializers.CharField(
        min_length=TITLE_LENGTH[0],
        max_length=TITLE_LENGTH[1],
        allow_blank=True,
        required=False,
    )
    description = serializers.CharField(allow_blank=True, allow_null=True, required=False, max_length=100_000)
    label_config = serializers.CharField(allow_blank=True, required=False, max_length=1 << 20, trim_whitespace=False)
    expert_instruction = serializers.CharField(allow_blank=True, allow_null=True, required=False, max_length=1 << 20)
    show_instruction = serializers.BooleanField(required=False)
    show_skip_button = serializers.BooleanField(required=False)
    enable_empty_annotation = serializers.BooleanField(required=False)
    show_annotation_history = serializers.BooleanField(required=False)
    reveal_preannotations_interactively = serializers.BooleanField(required=False)
    color = serializers.CharField(allow_null=True, required=False, max_length=16)
    is_published = serializers.BooleanField(required=False)
    is_draft = serializers.BooleanField(required=False)
    members_only = serializers.BooleanField(required=False)
    maximum_annotations = serializers.IntegerField(min_value=1, max_value=10_000, required=False)
    overlap_cohort_percentage = serializers.IntegerField(min_value=0, max_value=100, required=False)
    show_overlap_first = serializers.BooleanField(required=False)
    sampling = serializers.ChoiceField(choices=Project.Sampling.choices, allow_null=True, required=False)
    skip_queue = serializers.ChoiceField(choices=Project.SkipQueue.choices, allow_null=True, required=False)
    show_ground_truth_first = serializers.BooleanField(required=False)
    annotator_evaluation_enabled = serializers.BooleanField(required=False)
    model_version = serializers.CharField(allow_blank=True, allow_null=True, required=False, max_length=1_000)
    show_collab_predictions = serializers.BooleanField(required=False)
    evaluate_predictions_automatically = serializers.BooleanField(required=False)
    min_annotations_to_start_training = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
    start_training_on_annotation_update = serializers.BooleanField(required=False)
    control_weights = JSONObjectField(required=False, allow_null=True)
    pinned_at = serializers.DateTimeField(allow_null=True, required=False)
    archived_at = serializers.DateTimeField(allow_null=True, required=False)

    def validate_expert_instruction(self, value: str | None) -> str:
        # No attributes of our own: what was written comes back. A link opens in this window, so that it needs no rel.
        return nh3.clean(value or "", link_rel=None)

    def validate_description(self, value: str | None) -> str:
        return value or ""

    def validate_color(self, value: str | None) -> str:
        if not value:
            return "#FFFFFF"
        if not COLOR.fullmatch(value):
            raise serializers.ValidationError(_("Write the colour like #5B4FE9."))
        return value

    def validate_sampling(self, value: str | None) -> str:
        return value or Project.Sampling.SEQUENTIAL

    def validate_skip_queue(self, value: str | None) -> str:
        return value or Project.SkipQueue.REQUEUE_FOR_OTHERS

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (start := attrs.pop("start_training_on_annotation_update", None)) is not None:
            attrs["min_annotations_to_start_training"] = int(start)
        if attrs.get("show_collab_predictions") is False:
            attrs["model_version"] = ""
        return attrs
