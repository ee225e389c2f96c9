"""Edits of a configuration that begin on a later day, and are planned only then.

A `last_day` is none: its change is scheduled, and in the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proration import monthly, rounded
from reconciler.engine.question import settings_on
from reconciler.model.desired import DesiredLine
from reconciler.model.plan import LineRef
from reconciler.model.settings import LineSettings, Mode
from reconciler.model.timeline import UNKNOWN

Value: TypeAlias = object
Moves: TypeAlias = Mapping[str, tuple[Value, Value]]
"""By the name of a setting, what it is before the day and from it on."""

_NAMES: Final = tuple(f.name for f in fields(LineSettings) if f.name != "origins")


@dataclass(frozen=True, slots=True)
class Beginning:
    """What begins on one line, as the new configuration has it."""

    line: LineRef
    day: date
    moves: Moves
    """Empty: what the old configuration lets begin that day does so no more."""
    monthly: Decimal
    """What another price comes to for the units of today."""
    mode: Mode = "propose"

    @property
    def names_a_price(self) -> bool:
        """One that waits for a merge: this one lets it be written when its day has come."""
        return self.mode == "propose" and "price" in self.moves


def beginnings(
    new: Iterable[LineWork], old: Iterable[LineWork], as_of: date, currency: str
) -> tuple[Beginning, ...]:
    """What begins after a day under the new configuration, and not or otherwise under the old."""
    before = {work.bound.key: work.bound.line for work in old}
    found = [
        one for work in new for one in _of_line(work, before.get(work.bound.key), as_of, currency)
    ]
    return tuple(sorted(found, key=lambda one: one.day))


def _of_line(
    work: LineWork, theirs: DesiredLine | None, as_of: date, currency: str
) -> Iterator[Beginning]:
    line = work.bound.line
    days = _days(line) | (_days(theirs) if theirs is not None else set())
    for day in sorted(day for day in days if day > as_of):
        moves = _moves(line, day)
        if moves != (_moves(theirs, day) if theirs is not None else {}):
            yield _beginning(work, day, moves, as_of, currency)


def _days(line: DesiredLine) -> set[date]:
    return {dated.day for dated in line.settings}


def _moves(line: DesiredLine, day: date) -> Moves:
    if line.last_day is not None and day > line.last_day:
        return {}
    before, after = settings_on(line, day - DAY), settings_on(line, day)
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in _NAMES)
    return {name: (one, other) for name, one, other in pairs if one != other}


def _beginning(work: LineWork, day: date, moves: Moves, as_of: date, currency: str) -> Beginning:
    """A price that is not configured is the line's own."""
    units, money = work.desired.timeline.at(as_of), Decimal(0)
    if "price" in moves:
        own = price_of(work)[0]
        before, after = (one if isinstance(one, Decimal) else own for one in moves["price"])
        moves = {**moves, "price": (before, after)}
        if units is not UNKNOWN:
            cycle = work.bound.contract.schedule.cycle
            money = rounded(monthly(units, after - before, cycle), currency)
    return Beginning(work.bound.ref, day, moves, money, work.bound.contract.desired.mode)
