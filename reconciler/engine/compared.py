"""What a policy test expects, against what came out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reconciler.engine.periods import DAY
from reconciler.engine.trial import Outcome
from reconciler.model.timeline import Units

Moves = tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """None, or nothing by day or month: not looked at."""

    units: int | None = None
    days: Sequence[tuple[date, date, int]] = ()
    """First and last day, both inclusive, and units on each of them."""
    changes: Moves | None = None
    scheduled: Moves | None = None
    monthly: Decimal | None = None
    prorated: Decimal | None = None
    billed: Mapping[date, Decimal] = field(default_factory=dict)
    """By the first day of the month."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """One thing that came out otherwise."""

    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.what}: expected {self.expected}, found {self.found}"


def compare(expected: Expected, outcome: Outcome) -> tuple[Unlike, ...]:
    """Everything that differs; empty where the test passes."""
    return tuple(_differences(expected, outcome))


def _differences(expected: Expected, outcome: Outcome) -> Iterator[Unlike]:
    now = outcome.units.at(outcome.as_of)
    if expected.units is not None and expected.units != now:
        yield Unlike(f"units on {outcome.as_of}", str(expected.units), _units(now))
    for first, last, units in expected.days:
        yield from _days(first, last, units, outcome)
    for what, wanted, found in (
        ("changes", expected.changes, outcome.changes),
        ("scheduled", expected.scheduled, outcome.scheduled),
    ):
        if wanted is not None and wanted != found:
            yield Unlike(what, _moves(wanted), _moves(found))
    for what, amount, money in (
        ("money per month", expected.monthly, outcome.monthly),
        ("money prorated", expected.prorated, outcome.prorated),
        *((f"billed in {m:%Y-%m}", a, outcome.billed.get(m)) for m, a in expected.billed.items()),
    ):
        if amount is not None and amount != money:
            yield Unlike(what, f"{amount:f}", "unknown" if money is None else f"{money:f}")


def _days(first: date, last: date, units: int, outcome: Outcome) -> Iterator[Unlike]:
    """One entry per run of days with the same wrong units."""
    day = first
    while day <= last:
        found, start = outcome.units.at(day), day
        while day <= last and outcome.units.at(day) == found:
            day += DAY
        if found != units:
            end = day - DAY
            when = f"{start}" if start == end else f"{start}..{end}"
            yield Unlike(f"units on {when}", str(units), _units(found))


def _moves(moves: Moves) -> str:
    return ", ".join(f"{units} from {day}" for day, units in moves) or "none"


def _units(units: Units) -> str:
    return "unknown" if units is None else str(units)
