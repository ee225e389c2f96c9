"""The readings of one metric of one organization in one month, as compact text and back."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from reconciler.ledger.texts import compact, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value: TypeAlias = tuple[str, str]
"""Quantity text, and the fingerprint of the names counted (empty without names)."""

Answer: TypeAlias = dict[str, Value]
"""One day's complete answer by dimension; a dimension that is not there counts 0."""

Month: TypeAlias = dict[int, Answer]
"""Complete answers by day of the month; a day that is not there is unknown."""

NOTHING: Value = ("0", "")


def fingerprint(names: Iterable[str]) -> str:
    """A short name for a set of names; empty for no names."""
    joined = "\0".join(sorted(names))
    return hashlib.sha256(joined.encode()).hexdigest()[:16] if joined else ""


def without_nothing(answer: Mapping[str, Value]) -> Answer:
    """The same answer without dimensions that count 0."""
    return {dimension: value for dimension, value in answer.items() if value != NOTHING}


def encode(month: Month) -> tuple[str, str]:
    """Quantities text and names text. Equal months give equal text."""
    days = sorted(month)
    covered = _runs(days)
    quantities = compact([covered, _spans(month, days, 0, "0")])
    names = _spans(month, days, 1, "")
    return quantities, compact(names) if names else ""


def decode(quantities: str, names: str) -> Month:
    """The inverse of `encode`."""
    covered, spans = parse(quantities)
    prints: dict[str, list[Any]] = parse(names) if names else {}
    month: Month = {day: {} for first, last in _pairs(covered) for day in range(first, last + 1)}
    for dimension, flat in spans.items():
        for first, last, quantity in _triples(flat):
            for day in range(first, last + 1):
                month[day][dimension] = (quantity, "")
    for dimension, flat in prints.items():
        for first, last, print_ in _triples(flat):
            for day in range(first, last + 1):
                quantity = month[day].get(dimension, NOTHING)[0]
                month[day][dimension] = (quantity, print_)
    return month


def month_of(day: date) -> str:
    """The month as the ledger names it: ``2026-11``."""
    return day.isoformat()[:7]


def _runs(days: list[int]) -> list[int]:
    flat: list[int] = []
    for day in days:
        if flat and flat[-1] == day - 1:
            flat[-1] = day
        else:
            flat += (day, day)
    return flat


def _spans(month: Month, days: list[int], part: int, nothing: str) -> dict[str, list[Any]]:
    spans: dict[str, list[Any]] = {}
    for day in days:
        for dimension, value in month[day].items():
            if value[part] == nothing:
                continue
            flat = spans.setdefault(dimension, [])
            if flat and flat[-2] == day - 1 and flat[-1] == value[part]:
                flat[-2] = day
            else:
                flat += (day, day, value[part])
    return spans


def _pairs(flat: list[int]) -> Iterable[tuple[int, int]]:
    return zip(flat[::2], flat[1::2], strict=True)


def _triples(flat: list[Any]) -> Iterable[tuple[int, int, str]]:
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)
