"""The expressions of `add_data_field`: `range(n)`, `sample()`, `random(a, b)`, `choices([…], [weights])`, `replace("a", "b")`.

A name and JSON values: nothing is evaluated. The random ones depend on a seed and a task's place only, so that an interrupted job goes on alike.
"""

from __future__ import annotations

import random
import re
from array import array
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused, invalid
from core.rawjson import JSONRefused, read_json
from data_manager.actions.data_fields import ABSENT

Value = Callable[[dict[str, Any], int], Any]  # (the task's data, its place) -> the value
MOST = 10_000
_CALL = re.compile(r"\s*([a-z]+)\s*\((.*)\)\s*", re.DOTALL)


def wrong(sentence: str) -> Refused:
    return invalid(value=sentence)


def parse(text: str) -> tuple[str, list[Any]]:
    """(name, arguments) of an expression. Raises 400 with what can be written."""
    found = _CALL.fullmatch(text) if len(text) <= MOST else None
    if not found or found[1] not in EXPRESSIONS:
        raise wrong(_('Write one of: range(1), sample(), random(1, 10), choices(["a", "b"], [0.9, 0.1]), replace("old", "new").'))
    try:
        arguments = read_json(f"[{found[2]}]")
    except JSONRefused:
        raise wrong(_('The arguments of %(name)s are numbers, "texts" in double quotes, or [lists].') % {"name": found[1]}) from None
    EXPRESSIONS[found[1]](arguments, "x", 0, 0)  # says what is wrong with them
    return found[1], arguments


def value_of(name: str, arguments: list[Any], key: str, seed: int, size: int) -> Value:
    return EXPRESSIONS[name](arguments, key, seed, size)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _range(arguments: list[Any], _key: str, _seed: int, _size: int) -> Value:
    if len(arguments) != 1 or not isinstance(arguments[0], int) or isinstance(arguments[0], bool) or abs(arguments[0]) > 2**53:
        raise wrong(_("range(start) counts up from a whole number: range(1)."))
    return lambda _data, place: arguments[0] + place


def _sample(arguments: list[Any], _key: str, seed: int, size: int) -> Value:
    if arguments:
        raise wrong(_("sample() takes nothing: it numbers the tasks in random order."))
    numbers = array("q", range(size))
    random.Random(seed).shuffle(numbers)
    return lambda _data, place: numbers[place] if place < len(numbers) else place


def _random(arguments: list[Any], _key: str, seed: int, _size: int) -> Value:
    if (
        len(arguments) != 2
        or not all(_number(end) for end in arguments)
        or not arguments[0] <= arguments[1]
        or max(map(abs, arguments)) > 2**53
    ):
        raise wrong(_("random(least, most) takes two numbers: random(1, 10)."))
    low, high = arguments
    whole = isinstance(low, int) and isinstance(high, int)

    def value(_data: dict[str, Any], place: int) -> Any:
        chance = random.Random(f"{seed}:{place}")
        return chance.randint(low, high) if whole else chance.uniform(low, high)

    return value


def _choices(arguments: list[Any], _key: str, seed: int, _size: int) -> Value:
    weights = arguments[1] if len(arguments) == 2 else None
    fine = len(arguments) in (1, 2) and isinstance(arguments[0], list) and bool(arguments[0])
    if fine and weights is not None:
        fine = isinstance(weights, list) and len(weights) == len(arguments[0]) and all(_number(one) and 0 <= one < 1e12 for one in weights)
        fine = fine and sum(weights) > 0
    if not fine:
        raise wrong(
            _('choices([…], [weights]) takes a list of values, and as many weights if there are any: choices(["a", "b"], [0.9, 0.1]).')
        )
    return lambda _data, place: random.Random(f"{seed}:{place}").choices(arguments[0], weights)[0]


def _replace(arguments: list[Any], key: str, _seed: int, _size: int) -> Value:
    if len(arguments) != 2 or not all(isinstance(one, str) for one in arguments) or not arguments[0]:
        raise wrong(_('replace("old", "new") takes two texts.'))
    old, new = arguments
    return lambda data, _place: data[key].replace(old, new) if isinstance(data.get(key), str) else ABSENT


EXPRESSIONS: dict[str, Callable[[list[Any], str, int, int], Value]] = {
    "range": _range,
    "sample": _sample,
    "random": _random,
    "choices": _choices,
    "replace": _replace,
}
