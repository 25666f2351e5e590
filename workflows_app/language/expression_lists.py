"""The functions of expressions that look through lists and objects.  Pays before it builds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cmp_to_key
from typing import Any

from workflows_app.language import expression_bounds as bounds
from workflows_app.language import expression_values as values
from workflows_app.language.expression_bounds import Meter
from workflows_app.language.expression_texts import to_double


def size(meter: Meter, value: Any) -> int:
    return len(value)


def contains(meter: Meter, whole: Any, part: Any) -> bool:
    if isinstance(whole, str):
        if not isinstance(part, str):
            raise values.wrong_type(f"a string can contain a string, not {values.kind(part)}")
        return part in whole
    return values.contains(part, whole, meter)


def cut(meter: Meter, whole: Any, start: int, end: int | None = None) -> Any:
    end = len(whole) if end is None else end
    if start < 0 or end < start:
        raise values.failed(f"slice({start}, {end}) needs 0 <= start <= end")
    made = whole[start:end]
    meter.spend(1 + len(made) // 8)
    return made


def _numbers(meter: Meter, items: list[Any], name: str) -> list[Any]:
    meter.spend(len(items))
    wrong = next((i for i in items if values.kind(i) not in ("int", "double")), None)
    if wrong is not None:
        raise values.wrong_type(f"{name}() adds numbers, got {values.kind(wrong)}")
    return items


def total(meter: Meter, items: list[Any]) -> int | float:
    numbers = _numbers(meter, items, "sum")
    if all(isinstance(number, int) for number in numbers):
        return values.in_64_bits(sum(numbers))
    return math.fsum(to_double(meter, number) for number in numbers)


def average(meter: Meter, items: list[Any]) -> float:
    if not items:
        raise values.failed("avg() of an empty list is not defined")
    return to_double(
        meter, math.fsum(to_double(meter, n) for n in _numbers(meter, items, "avg"))
    ) / (len(items))


def order(meter: Meter, items: list[Any]) -> list[Any]:
    def by(left: Any, right: Any) -> int:
        if values.compare("<", left, right, meter):
            return -1
        return 1 if values.compare(">", left, right, meter) else 0

    meter.produce_list(len(items))
    return sorted(items, key=cmp_to_key(by))


def least(meter: Meter, items: list[Any]) -> Any:
    return _extreme(meter, items, "<")


def greatest(meter: Meter, items: list[Any]) -> Any:
    return _extreme(meter, items, ">")


def _extreme(meter: Meter, items: list[Any], operator: str) -> Any:
    found = first(meter, items)
    for item in items:
        found = item if values.compare(operator, item, found, meter) else found
    return found


def unique(meter: Meter, items: list[Any]) -> list[Any]:
    seen: set[tuple[str, Any]] = set()
    made: list[Any] = []
    others: list[Any] = []
    for item in items:
        name = values.kind(item)
        meter.spend(1 + (len(item) // bounds.BYTES_PER_UNIT if name == "string" else 0))
        if name in ("list", "map"):
            if any(values.equal(item, other, meter) for other in others):
                continue
            others.append(item)
        else:
            mark = ("number" if name in ("int", "double") else name, item)
            if mark in seen:
                continue
            seen.add(mark)
        made.append(item)
    return made


def reverse(meter: Meter, items: list[Any]) -> list[Any]:
    meter.produce_list(len(items))
    return items[::-1]


def flatten(meter: Meter, items: list[Any]) -> list[Any]:
    made: list[Any] = []
    for item in items:
        meter.produce_list(len(item) if isinstance(item, list) else 1)
        made.extend(item if isinstance(item, list) else [item])
    return made


def first(meter: Meter, items: list[Any]) -> Any:
    if not items:
        raise values.failed("an empty list has no items; ask size() first")
    return items[0]


def last(meter: Meter, items: list[Any]) -> Any:
    return first(meter, items) if not items else items[-1]


def keys_of(meter: Meter, whole: Mapping[str, Any]) -> list[str]:
    meter.produce_list(8 * len(whole))
    return list(whole)


def values_of(meter: Meter, whole: Mapping[str, Any]) -> list[Any]:
    meter.produce_list(8 * len(whole))
    return [whole[key] for key in whole]
