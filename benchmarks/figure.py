"""One measured figure and the budget it is held against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; at most `budget` is asked for (None: only shown)."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def kept(self) -> bool:
        return self.budget is None or self.value <= self.budget

    def __str__(self) -> str:
        held = "" if self.budget is None else f"  of {self.budget:g}{'' if self.kept else '  OVER'}"
        return f"{self.name + ' ':.<58} {self.value:>9.2f} {self.unit}{held}"
