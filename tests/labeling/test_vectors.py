"""The vectors that this interpreter and the editor's share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import labeling
from labeling.write_trees import TREES_FILE, template_trees

VECTORS = Path(labeling.__file__).parent / "vectors"


def vectors(name: str) -> list[Any]:
    """The vectors of one file as pytest parameters, named."""
    cases = json.loads((VECTORS / name).read_text(encoding="utf-8"))["vectors"]
    return [pytest.param(case, id=case.get("name") or case.get("template")) for case in cases]


def tag_vectors() -> list[Any]:
    cases = []
    for path in sorted(labeling.TAGS_FOLDER.glob("*/vectors.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["vectors"]:
            cases.append(pytest.param(case, id=f"{path.parent.name}: {case['name']}"))
    return cases


@pytest.mark.parametrize("case", vectors("trees.json"))
def test_tree(case: dict[str, Any]) -> None:
    tree = labeling.tree_json(labeling.parse(case["config"]))
    # Compared as text: the order of keys counts too.
    assert json.dumps(tree) == json.dumps(case["tree"])


@pytest.mark.parametrize("case", vectors("refused.json"))
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(labeling.ConfigError) as caught:
        labeling.parse(case["config"])
    errors = [problem for problem in caught.value.problems if problem.severity == "error"]
    assert [{"message": p.message, "line": p.line, "column": p.column, "suggestion": p.suggestion} for p in errors] == case["problems"]


@pytest.mark.parametrize("case", vectors("interpolation.json"))
def test_interpolation(case: dict[str, Any]) -> None:
    assert labeling.interpolate(case["template"], case["data"]) == case["value"]


@pytest.mark.parametrize("case", vectors("task_data.json"))
def test_task_data(case: dict[str, Any]) -> None:
    assert labeling.validate_task_data(labeling.parse(case["config"]), case["data"]) == case["problems"]


@pytest.mark.parametrize("case", vectors("results.json"))
def test_results(case: dict[str, Any]) -> None:
    problems = labeling.validate_result(labeling.parse(case["config"]), case["result"])
    assert [{"path": p.path, "message": p.message, "severity": p.severity} for p in problems] == case["problems"]


@pytest.mark.parametrize("case", tag_vectors())
def test_rows_of_a_tag(case: dict[str, Any]) -> None:
    config = labeling.parse(case["config"])
    assert config.warnings == []
    assert labeling.validate_task_data(config, case["data"]) == []
    assert labeling.validate_result(config, case["result"]) == []
    text = config.objects.get("text") or config.objects.get("t")
    for row in case["result"]:
        value = row.get("value", {})
        if "text" in value and isinstance(value.get("start"), int) and text is not None and text.tag == "Text":
            shown = labeling.interpolate(text.value, case["data"])
            assert shown[value["start"] : value["end"]] == value["text"], "offsets are code points"


def test_trees_of_the_gallery_are_up_to_date() -> None:
    assert TREES_FILE.read_text(encoding="utf-8") == template_trees(), "run python -m labeling.write_trees"
