"""The parsed config is what `label-studio-sdk` makes of the same XML, so that its users find what they know."""

from __future__ import annotations

import json

import pytest

import labeling

sdk = pytest.importorskip("label_studio_sdk._extensions.label_studio_tools.core.label_config")

TAG_CONFIGS = {
    f"{path.parent.name}: {case['name']}": case["config"]
    for path in sorted(labeling.TAGS_FOLDER.glob("*/vectors.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]
    # Left out: what it does not know (the body of a tag as its value, an interface of its own).
    if path.parent.name not in ("hypertext", "custominterface", "choice")
}
TEMPLATES = {template.id: template.config for template in labeling.gallery()}


@pytest.mark.parametrize("name", [*TAG_CONFIGS, *TEMPLATES])
def test_same_parsed_config(name: str) -> None:
    xml = TAG_CONFIGS.get(name) or TEMPLATES[name]
    ours = labeling.to_parsed_label_config(labeling.parse(xml))
    assert ours == sdk.parse_config(xml)
    assert list(ours) == list(sdk.parse_config(xml))
