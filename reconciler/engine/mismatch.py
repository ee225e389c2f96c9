"""The single difference, where one explains why an invoice bills something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Final

from reconciler.engine.expected import Convention, billed_for, priced
from reconciler.engine.fitting import ZERO, Billed, same
from reconciler.engine.periods import Schedule
from reconciler.engine.proration import DayCount, half_a_minor_unit
from reconciler.model.assumptions import PartPeriod
from reconciler.model.verification import Part

MOST: Final = 2
"""More would be no explanation."""

OTHER: Final[dict[PartPeriod, PartPeriod]] = {"prorated": "full", "full": "prorated"}
"""The other side of how a period that is cut short is billed."""

DAY_COUNTS: Final[tuple[DayCount, ...]] = ("actual", "fixed-30", "30-360")


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What was due, and what was billed instead."""

    parts: Sequence[Part]
    billed: Billed
    schedule: Schedule
    convention: Convention

    @property
    def difference(self) -> Decimal:
        """Billed less expected."""
        return self.billed.total - sum((part.per_line for part in self.parts), ZERO)

    @property
    def units_off(self) -> Decimal:
        """Quantity billed less units expected."""
        return self.billed.quantity - sum(part.units for part in self.parts)

    @property
    def adjusted(self) -> list[Part]:
        """The parts that are not whole periods from their start."""
        return [part for part in self.parts if part.kind != "full" or part.days != part.of]

    @property
    def is_of_a_short_period(self) -> bool:
        """Does the contract cut a period short that some of it is for?"""
        return any(self.schedule.containing(part.first).is_cut for part in self.parts)

    def contradicts(self, more: int) -> bool:
        """Does the quantity billed say that it is not so many units more?"""
        return self.billed.contradicts(sum(part.units for part in self.parts) + more)

    def comes_to(self, parts: Sequence[Part]) -> bool:
        """Would these parts be what is billed?"""
        return same(parts, self.billed.total, self.convention.currency)


def explain(found: Mismatch) -> tuple[str, ...]:
    """At most two single differences, each of which would explain the amount alone."""
    kinds: tuple[Callable[[Mismatch], Iterator[str]], ...] = (
        _rounding,
        _conventions,
        _twice,
        _units,
        _price,
        _days,
    )
    said = [text for kind in kinds for text in kind(found)]
    return tuple(dict.fromkeys(said))[:MOST]


def _rounding(found: Mismatch) -> Iterator[str]:
    """A cent here and there: no more than every unit of every prorated line can round by."""
    half = half_a_minor_unit(found.convention.currency)
    room = sum(((abs(part.units) + 1) * half for part in found.adjusted), ZERO)
    # A unit more or less is no rounding, even where it costs a cent.
    if room and not found.units_off and abs(found.difference) <= room:
        yield "rounding: the prorated lines were rounded in another way"


def _conventions(found: Mismatch) -> Iterator[str]:
    ours = found.convention
    other_way = replace(ours, part_period=OTHER[ours.part_period])
    if found.is_of_a_short_period and found.comes_to(
        [_under(part, found.schedule, other_way) for part in found.parts]
    ):
        yield f"days: `part_period: {other_way.part_period}` would give it"
    for day_count, billed in product(DAY_COUNTS, (True, False)):
        other = replace(ours, day_count=day_count, change_day_billed=billed)
        if other != ours and found.adjusted:
            parts = [_under(part, found.schedule, other) for part in found.parts]
            if found.comes_to(parts):
                side = "billed" if billed else "free"
                yield f"days: `day_count: {day_count}` with `change_day: {side}` would give it"


def _under(part: Part, schedule: Schedule, convention: Convention) -> Part:
    schedule = convention.of_schedule(schedule)
    return priced(part, schedule.containing(part.first), schedule, convention)


def _twice(found: Mismatch) -> Iterator[str]:
    for part in found.adjusted:
        if not found.contradicts(part.units) and found.comes_to([*found.parts, part]):
            yield f"units: the change of {part.units:+d} from {part.day} is billed twice"


def _units(found: Mismatch) -> Iterator[str]:
    """Whole units over a whole period, unless the quantities contradict it."""
    for price in sorted({part.price for part in found.parts if part.price}):
        units = Fraction(found.difference) / Fraction(price)
        whole = bool(units) and units.denominator == 1
        if whole and not found.contradicts(units.numerator):
            word = "unit" if abs(units) == 1 else "units"
            sense = "more" if units > 0 else "fewer"
            yield f"units: {abs(units)} {word} {sense} than the ledger knows, over a whole period"


def _price(found: Mismatch) -> Iterator[str]:
    """One that the invoice has, for all that should have another, prorated or not."""
    if found.contradicts(0):
        return
    paid = sorted({line.unit_price for line in found.billed.lines if line.quantity})
    for has, bills in product(sorted({part.price for part in found.parts if part.units}), paid):
        parts = [_at(part, bills, found) if part.price == has else part for part in found.parts]
        if bills != has and found.comes_to(parts):
            yield f"price: {bills:f} for a unit, where the line has {has:f}"


def _at(part: Part, price: Decimal, found: Mismatch) -> Part:
    at = replace(part, price=price)
    return billed_for(at, part.days, part.of, found.convention.currency)


def _days(found: Mismatch) -> Iterator[str]:
    """One change, billed for other days than it was in force."""
    if found.units_off:
        return
    for part in found.adjusted:
        if not part.units or not part.price:
            continue
        a_day = Fraction(part.price) * part.units / part.of
        days = part.days + round(Fraction(found.difference) / a_day)
        other = billed_for(part, days, part.of, found.convention.currency)
        rest = [one for one in found.parts if one is not part]
        if 0 <= days <= part.of and days != part.days and found.comes_to([*rest, other]):
            yield (
                f"days: the change of {part.units:+d} from {part.day} is billed for {days} days"
                f" of {part.of}, not {part.days}"
            )
