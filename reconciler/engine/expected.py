"""The parts of one line that an invoice should carry, by the same proration as a plan's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.movements import Movement, Prices
from reconciler.engine.periods import DAY, Period, Schedule
from reconciler.engine.proration import DayCount, amount, days_billed, rest_of_period, rounded
from reconciler.model.assumptions import Assumptions, PartPeriod
from reconciler.model.desired import Billing
from reconciler.model.verification import Part, PartKind


@dataclass(frozen=True, slots=True)
class Convention:
    """How days are counted, and a period that is cut short is billed: assumptions about BMS."""

    day_count: DayCount
    change_day_billed: bool
    currency: str
    part_period: PartPeriod = "prorated"

    @classmethod
    def of(cls, assume: Assumptions, currency: str) -> Convention:
        """As the configuration assumes."""
        billed = assume.change_day == "billed"
        return cls(assume.day_count, billed, currency, assume.part_period)

    def of_schedule(self, schedule: Schedule) -> Schedule:
        """The schedule with its short periods billed so."""
        if schedule.part_period == self.part_period:
            return schedule
        return replace(schedule, part_period=self.part_period)


@dataclass(slots=True)
class Account:
    """What invoices have carried of one line so far."""

    movements: Sequence[Movement]
    prices: Prices
    schedule: Schedule
    convention: Convention
    carried: set[tuple[int, date]] = field(default_factory=set)
    """(movement, first day of the period)."""

    def parts(
        self, new: Sequence[Period], old: Iterable[Period], made: datetime
    ) -> tuple[list[Part], list[Part]]:
        """What an invoice made at a moment should carry, and what it may carry beside it because
        the moment of a change is not sure. ``new`` are the periods it is the first to bill, ``old``
        those billed before."""
        due = [part for period in new for part in self._full(period, made)]
        early: list[Part] = []
        for period, is_new in ((p, here) for ps, here in ((new, True), (old, False)) for p in ps):
            for movement in self.movements:
                if (movement.index, period.first) in self.carried or movement.day > period.last:
                    continue
                known = movement.known_at(made)
                if known and is_new and movement.day <= period.first:
                    continue
                inside: PartKind = "prorated" if movement.day > period.first else "full"
                kind = inside if is_new else "late"
                part = self.part(kind, [movement], period, movement.made)
                if known:
                    due.append(part)
                elif movement.unsure_at(made):
                    early.append(part)
        return due, early

    def _full(self, period: Period, made: datetime) -> Iterator[Part]:
        """One part per row, and one for each change whose moment is not sure."""
        rows: dict[object, list[Movement]] = defaultdict(list)
        for movement in self.movements:
            if movement.day <= period.first and movement.known_at(made):
                alone = movement.unsure_at(made) and self.movements[0] is not movement
                rows[("alone", movement.index) if alone else movement.row_id].append(movement)
        for movements in rows.values():
            yield self.part("full", movements, period, made)

    def part(
        self, kind: PartKind, movements: Sequence[Movement], period: Period, made: datetime
    ) -> Part:
        """The amount of these changes of units over what they cover of the period: at the price of
        the write where they are a change, at that of their row where the period begins with them.
        """
        day = max(*(movement.day for movement in movements), period.first)
        first = movements[0]
        written = None if kind == "full" else first.price
        price = self.prices.at(first.row_id, made) if written is None else written
        units = sum(movement.units for movement in movements)
        bare = Part(
            kind=kind,
            day=day,
            units=units,
            price=price,
            days=0,
            of=1,
            first=period.first,
            last=period.last,
            movements=tuple(movement.index for movement in movements),
            per_line=Decimal(0),
            per_unit=Decimal(0),
        )
        return priced(bare, period, self.schedule, self.convention)

    def carry(self, parts: Iterable[Part]) -> None:
        """These were billed, or count as such: they are not expected again."""
        self.carried.update((index, part.first) for part in parts for index in part.movements)


def priced(part: Part, period: Period, schedule: Schedule, convention: Convention) -> Part:
    """The part under another convention; its period must be the one it is of."""
    if part.day == period.first:
        days, of = days_billed(
            period.first, period.end, period, schedule.cycle, convention.day_count
        )
    else:
        days, of = rest_of_period(
            part.day,
            period,
            schedule.cycle,
            convention.day_count,
            change_day_billed=convention.change_day_billed,
        )
    return billed_for(part, days, of, convention.currency)


def billed_for(part: Part, days: int, of: int, currency: str) -> Part:
    """The same units for that many days."""
    exact = amount(part.units, part.price, days, of)
    # A whole period's line has the contract's own price; every other price is made for the line.
    own = part.kind == "full" and days == of
    one = part.price if own else rounded(Fraction(part.price) * days / of, currency)
    return Part(
        kind=part.kind,
        day=part.day,
        units=part.units,
        price=part.price,
        days=days,
        of=of,
        first=part.first,
        last=part.last,
        movements=part.movements,
        per_line=rounded(exact, currency),
        per_unit=one * part.units,
    )


def periods_billed(
    first: date, last: date, schedule: Schedule, billing: Billing
) -> Iterator[Period]:
    """The periods that an invoice covering ``first`` to ``last`` bills: those that begin in it, or
    that end in it where the contract is billed at the end."""
    start = max(first, schedule.start)
    if schedule.end is not None and start > schedule.end:
        return
    for period in schedule.within(start, last):
        edge = period.last if billing.at_end else period.first
        if first <= edge <= last:
            yield period


def periods_of_month(month: date, schedule: Schedule) -> Iterator[Period]:
    """The periods that begin in the month; none where the contract does not run then."""
    last = (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY
    yield from periods_billed(month, last, schedule, Billing())
