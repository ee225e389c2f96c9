"""Do an invoice's lines of one service come to what was expected of them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.engine.proration import half_a_minor_unit
from reconciler.model.bms import InvoiceLine
from reconciler.model.verification import Part

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Billed:
    """The lines of one service on one invoice; BMS does not document how it groups them."""

    lines: tuple[InvoiceLine, ...]

    @property
    def total(self) -> Decimal:
        """Before tax and discount."""
        return sum((line.total for line in self.lines), ZERO)

    @property
    def quantity(self) -> Decimal:
        """Of all lines together."""
        return sum((line.quantity for line in self.lines), ZERO)

    def contradicts(self, units: int) -> bool:
        """Are these other units? A broken quantity says only that BMS groups in its own way."""
        whole = self.quantity == self.quantity.to_integral_value()
        return whole and self.quantity != units


@dataclass(frozen=True, slots=True)
class Due:
    """What may be asked of an invoice for one line."""

    due: Sequence[Part]
    unsure: frozenset[int]
    """Of ``due``: movements that the invoice may have come too early for."""
    early: Sequence[Part]
    """Changes that it may have known, though our clock says otherwise."""
    open: Sequence[Part]
    """Due on an earlier invoice, and not billed there."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The parts that are on an invoice, and those that are not."""

    parts: tuple[Part, ...]
    left_open: tuple[Part, ...] = ()
    later: tuple[Part, ...] = ()
    """Due, if the invoice came after the change; it seems to have come before."""
    early: tuple[Part, ...] = ()
    caught_up: tuple[Part, ...] = ()
    """From an earlier invoice."""


def same(parts: Iterable[Part], total: Decimal, currency: str) -> bool:
    """Do the parts come to the total, rounded per line or per unit?"""
    parts = tuple(parts)
    tolerance = half_a_minor_unit(currency)
    sums = (sum((p.per_line for p in parts), ZERO), sum((p.per_unit for p in parts), ZERO))
    return any(abs(total - value) <= tolerance for value in sums)


def fit(asked: Due, billed: Billed, currency: str) -> Fit | None:
    """The first reading of what is due that comes to the total; None where none does.

    Tried in this order: all that is due; changes around the invoice's own making on its other side;
    with what earlier invoices left open; without a change that should have been on it. The last
    two must not contradict the quantities, for there money alone fits by chance.
    """
    for found in _readings(asked):
        moved = found.caught_up or found.left_open
        if same(found.parts, billed.total, currency) and not (
            moved and billed.contradicts(sum(part.units for part in found.parts))
        ):
            return found
    return None


def by_quantity(asked: Due, billed: Billed) -> Fit:
    """What an invoice with other money seems to bill: of the two sides of its own making, the one
    with as many units; all that is due where neither has."""
    bases = list(_bases(asked))
    found = (one for one in bases if sum(part.units for part in one.parts) == billed.quantity)
    return next(found, bases[0])


def _readings(asked: Due) -> Iterator[Fit]:
    bases = list(_bases(asked))
    yield from bases
    for base in bases:
        for caught in _each_and_all(asked.open):
            yield Fit((*base.parts, *caught), (), base.later, base.early, caught)
    for base in bases:
        for left in _leavable(base):
            kept = tuple(part for part in base.parts if part not in left)
            yield Fit(kept, left, base.later, base.early)


def _bases(asked: Due) -> Iterator[Fit]:
    due, early = tuple(asked.due), tuple(asked.early)
    yield Fit(due)
    unsure = tuple(p for p in due if len(p.movements) == 1 and p.movements[0] in asked.unsure)
    for more in _each_and_all(early):
        yield Fit((*due, *more), early=more)
    for less in _each_and_all(unsure):
        yield Fit(tuple(part for part in due if part not in less), later=less)


def _leavable(base: Fit) -> Iterator[tuple[Part, ...]]:
    """A billing job that starts at the period's first day misses changes dated before it, and may
    miss any other."""
    adjustments = tuple(part for part in base.parts if part.kind != "full")
    late = tuple(part for part in adjustments if part.kind == "late")
    yield from (group for group in (late, adjustments) if group)
    yield from ((part,) for part in adjustments)


def _each_and_all(parts: tuple[Part, ...] | Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    if parts:
        yield tuple(parts)
    if len(parts) > 1:
        yield from ((part,) for part in parts)
