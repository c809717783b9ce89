"""What a new config would break in annotations that exist already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labeling.problems import Problem, closest, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labeling.config import Config, Control


@dataclass(frozen=True, slots=True)
class ChangeProblem:
    """One thing that a new config would break. `count` is the number of result rows concerned.

    `strict`: only a strict validation reports it (a label is gone; its regions stay and show as unknown).
    """

    message: str
    count: int
    from_name: str
    label: str | None = None
    strict: bool = False

    def as_problem(self) -> Problem:
        """The same as a `Problem` of the config as a whole."""
        return Problem(self.message, severity="warning" if self.strict else "error")


def config_change_problems(
    old: Config | None,
    new: Config,
    used: Iterable[tuple[str, str, str, int]],
    labels_used: Mapping[str, Mapping[str, int]],
    *,
    strict: bool = True,
) -> list[ChangeProblem]:
    """What `new` would break.

    `used` holds (from_name, to_name, type, count) of existing rows, `labels_used` per from_name how often each label occurs, both of
    the project's annotations and drafts. `old` only serves to word messages and may be None. With `strict=False` labels that
    are gone are not reported. Text answers never stand in the way.
    """
    problems: list[ChangeProblem] = []
    gone: set[str] = set()
    for from_name, to_name, row_type, count in used:
        if count <= 0 or row_type == "textarea":
            continue
        reason = _why_lost(old, new, from_name, to_name, row_type)
        if reason:
            gone.add(from_name)
            problems.append(ChangeProblem(f"{_answers(count)} would no longer fit: {reason}", count, from_name))
    for from_name, labels in labels_used.items():
        control = new.find_control(from_name)
        if control is None:
            total = sum(labels.values())
            if from_name not in gone and total > 0 and _had_labels(old, from_name):
                problems.append(
                    ChangeProblem(
                        f'{_answers(total)} with labels of "{from_name}" would be left without them: the new config does not have it.',
                        total,
                        from_name,
                    )
                )
            continue
        if strict and from_name not in gone:
            problems += _lost_labels(control, labels)
    return problems


def _had_labels(old: Config | None, from_name: str) -> bool:
    control = old.find_control(from_name) if old is not None else None
    return old is None or control is None or control.spec.label_tag is not None


def _why_lost(old: Config | None, new: Config, from_name: str, to_name: str, row_type: str) -> str:
    control = new.find_control(from_name)
    speaking_object = new.find_object(from_name)
    if control is None and speaking_object is None:
        former = old.find_control(from_name) if old is not None else None
        what = f"<{former.tag}> " if former else ""
        match = closest(from_name, new.controls)
        hint = f' Did you rename it to "{match}"?' if match else ""
        return f'the new config has no {what}"{from_name}".{hint}'
    spec = control.spec if control is not None else speaking_object.spec if speaking_object is not None else None
    types = {result.type for result in spec.results} if spec else set()
    if row_type not in types:
        return f'"{from_name}" yielded "{row_type}" and would yield {listed(sorted(types)) or "nothing"}.'
    to_names = to_name.split(",") if control is not None else []
    if control is not None and not (control.spec.own_object and to_name == from_name):
        lost = [name for name in to_names if not _is_about(control, new, name)]
        if lost:
            return f'"{from_name}" was about "{lost[0]}" and would be about {listed(control.to_name) or "nothing"}.'
    return ""


def _is_about(control: Control, new: Config, to_name: str) -> bool:
    return to_name in control.to_name or (control.regex is not None and new.find_object(to_name) is not None)


def _lost_labels(control: Control, labels: Mapping[str, int]) -> list[ChangeProblem]:
    if control.dynamic or not control.spec.label_tag:
        return []
    return [
        ChangeProblem(
            f'{_answers(count)} with the label "{label}" of "{control.name}" would be left without it: the new config does not have it.',
            count,
            control.name,
            label,
            strict=True,
        )
        for label, count in labels.items()
        if count > 0 and label not in control.known_labels
    ]


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"
