"""`make budgets`: prints every figure of time and memory. A module of this folder that has `measure()`, yielding Figures, takes part.

python benchmarks/budgets.py                    all
python benchmarks/budgets.py memory_and_start   one module
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))


def main(wanted: list[str]) -> int:
    """Exit code 1 when a budget was not kept. Figures depend on the machine: nothing else fails because of them."""
    over = 0
    for path in sorted(HERE.glob("*.py")):
        if path.stem in ("__init__", "budgets", "figure") or (wanted and path.stem not in wanted):
            continue
        measure = getattr(import_module(f"benchmarks.{path.stem}"), "measure", None)
        if measure is None:
            continue
        print(f"\n{path.stem.replace('_', ' ')}")
        for figure in measure():
            print(f"  {figure}", flush=True)
            over += not figure.kept
    print(f"\n{'every budget was kept' if not over else f'{over} over budget'}")
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
