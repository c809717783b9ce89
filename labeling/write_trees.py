"""`python -m labeling.write_trees` writes `vectors/template_trees.json` anew: the tree of each template, which TypeScript must make too."""

from __future__ import annotations

import json
from pathlib import Path

from labeling.config import parse, tree_json
from labeling.gallery import gallery

TREES_FILE = Path(__file__).parent / "vectors" / "template_trees.json"


def template_trees() -> str:
    """The content of the file: an object from template id to tree, one template per line."""
    lines = [f"  {json.dumps(t.id)}: {json.dumps(tree_json(parse(t.config)), ensure_ascii=False)}" for t in gallery()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TREES_FILE.write_text(template_trees(), encoding="utf-8")
