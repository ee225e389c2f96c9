"""One period's bill from a quantity, a price and dated changes: the plan's own arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.periods import Cycle, Period
from reconciler.engine.proration import (
    NOMINAL_DAYS,
    DayCount,
    RoundingMode,
    amount,
    days_billed,
    rounded,
)


class CaseError(ValueError):
    """The case makes no sense; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """From ``day`` on, ``units`` in all."""

    day: date
    units: Decimal


@dataclass(frozen=True, slots=True)
class Case:
    """``period`` may be a part (segment) of its whole anchored period; its end is exclusive."""

    period: Period
    unit_price: Decimal
    units: Decimal
    changes: Sequence[Change] = ()
    day_count: DayCount = "actual"
    rounding: RoundingMode = "half-up"
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change's part of the bill: ``units`` more or fewer for ``days`` of ``of``."""

    day: date
    units: Decimal
    days: int
    of: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bill:
    """``total`` is the sum of ``base`` and the adjustments, and never below zero."""

    base: Decimal
    adjustments: tuple[Adjustment, ...]

    @property
    def total(self) -> Decimal:
        """What the period comes to."""
        return sum((part.amount for part in self.adjustments), self.base)


def bill(case: Case) -> Bill:
    """Each line is exact until its one rounding. A credit never exceeds what was billed so far.

    Of several changes on a day the last one counts; one dated at or after the end belongs to the
    next period. Raises CaseError.
    """
    _check(case)
    period = case.period
    base = _money(case, case.units, *_days(case, period.first))
    billed, units = base, case.units
    adjustments: list[Adjustment] = []
    for day, wanted in _by_day(case).items():
        if wanted == units:
            continue
        days, of = _days(case, day)
        money = max(_money(case, wanted - units, days, of), -billed)
        adjustments.append(Adjustment(day, wanted - units, days, of, money))
        billed, units = billed + money, wanted
    return Bill(base, tuple(adjustments))


def _by_day(case: Case) -> dict[date, Decimal]:
    """Units by day, in order of day; what comes before the segment counts from its start."""
    days: dict[date, Decimal] = {}
    for change in sorted(case.changes, key=lambda change: change.day):
        if change.day < case.period.end:
            days[max(change.day, case.period.first)] = change.units
    return days


def _days(case: Case, first: date) -> tuple[int, int]:
    period = case.period
    return days_billed(first, period.end, period, cycle_of(period), case.day_count)


def cycle_of(period: Period) -> Cycle:
    """The cycle whose periods are nearest to this one in length."""
    days = (period.whole_end - period.whole_first).days
    return min(NOMINAL_DAYS, key=lambda cycle: abs(NOMINAL_DAYS[cycle] - days))


def _money(case: Case, units: Decimal, days: int, of: int) -> Decimal:
    exact = amount(Fraction(units), case.unit_price, days, of)
    return rounded(exact, case.currency, case.rounding)


def _check(case: Case) -> None:
    period = case.period
    if period.whole_end <= period.whole_first:
        raise CaseError("the period ends before it has begun")
    if period.end <= period.first:
        raise CaseError("the segment ends before it has begun")
    if period.first < period.whole_first or period.end > period.whole_end:
        raise CaseError("the segment lies outside the period")
    if case.unit_price < 0:
        raise CaseError("unit_price is negative")
    if case.units < 0 or any(change.units < 0 for change in case.changes):
        raise CaseError("units are negative")
    if any(change.day < period.whole_first for change in case.changes):
        raise CaseError("a change is dated before the period")
