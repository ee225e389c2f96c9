"""One of our lines on one invoice: what it should bill, and what it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.expected import Account
from reconciler.engine.fitting import ZERO, Billed, Due, Fit, by_quantity, fit
from reconciler.engine.mismatch import Mismatch, explain
from reconciler.engine.movements import Movement, Prices
from reconciler.engine.periods import Period
from reconciler.model.bms import IssuedInvoice
from reconciler.model.plan import LineRef
from reconciler.model.verification import Part, ServiceCheck, Status


@dataclass(frozen=True, slots=True)
class VerifyLine:
    """One of our lines, as the ledger knows it."""

    ref: LineRef
    names: frozenset[str]
    """What an invoice may call it."""
    movements: Sequence[Movement]
    since: date | None
    """Units are known from that day on; None: never."""
    prices: Prices


@dataclass(slots=True)
class Open:
    """A change that was not on the invoice it was due on."""

    part: Part
    invoice: int
    on: str | None = None
    """The invoice that has it after all."""


@dataclass(slots=True)
class Tally:
    """One line on its way through the invoices."""

    line: VerifyLine
    account: Account
    open: list[Open] = field(default_factory=list)
    blind: set[date] = field(default_factory=set)
    """Periods that began before the units were known."""


def compare(
    tally: Tally,
    billed: Billed,
    invoice: IssuedInvoice,
    new: Sequence[Period],
    old: Sequence[Period],
) -> ServiceCheck | None:
    since = tally.line.since
    blind = [period for period in new if since is None or since > period.first]
    tally.blind.update(period.first for period in blind)
    seen_old = [period for period in old if period.first not in tally.blind]
    due, early = tally.account.parts(new, seen_old, invoice.created)
    if blind:
        tally.account.carry(due)
        return _unknown(tally, billed, invoice, new)
    unsure = frozenset(
        m.index for m in tally.line.movements if m.unsure_at(invoice.created)
    ) - _solid(tally)
    waiting = [one for one in tally.open if one.on is None]
    asked = Due(due, unsure, early, [one.part for one in waiting])
    found = fit(asked, billed, tally.account.convention.currency)
    if found is None:
        meant = by_quantity(asked, billed)
        tally.account.carry(meant.parts)
        return _different(tally, meant, billed)
    tally.account.carry((*found.parts, *found.left_open))
    for one in waiting:
        if one.part in found.caught_up:
            one.on = invoice.number
    tally.open.extend(Open(part, invoice.id) for part in found.left_open)
    return _fitting(tally, found, billed)


def _solid(tally: Tally) -> frozenset[int]:
    """What a line began with was there, whoever noted it when."""
    return frozenset(m.index for m in tally.line.movements[:1])


def _unknown(
    tally: Tally, billed: Billed, invoice: IssuedInvoice, new: Sequence[Period]
) -> ServiceCheck | None:
    if not billed.lines:
        return None
    ref = tally.line.ref
    price = tally.line.prices.at(None, invoice.created)
    plain = len(new) == 1 and _is_plain(billed, price)
    said = f"{ref.bms_service}'s lines on {invoice.number} do not plainly show units"
    return ServiceCheck(
        ref.bms_service,
        "unknown",
        billed.quantity,
        billed.total,
        ref,
        shows=(new[0].first, price) if plain else None,
        notes=() if plain else (said,),
    )


def _is_plain(billed: Billed, price: Decimal) -> bool:
    """Whole units at the line's price and of one day: nothing prorated, nothing of another period.

    A whole earlier period billed late has the same price, and only another day tells it apart.
    """
    whole = all(line.quantity == line.quantity.to_integral_value() for line in billed.lines)
    same_price = all(line.unit_price == price for line in billed.lines)
    one_day = len({line.day for line in billed.lines}) == 1
    return whole and billed.quantity >= 0 and same_price and one_day


def _different(tally: Tally, meant: Fit, billed: Billed) -> ServiceCheck:
    parts = tuple(part for part in meant.parts if part.units)
    mismatch = Mismatch(parts, billed, tally.account.schedule, tally.account.convention)
    status: Status
    if not sum_units(parts) and not sum((part.per_line for part in parts), ZERO):
        status = "unexpected"
    elif not billed.lines:
        status = "missing"
    else:
        status = "quantity" if mismatch.units_off else "amount"
    why = explain(mismatch) if status in ("quantity", "amount") else ()
    return _check(tally, status, parts, billed, why=why, notes=tuple(_notes(meant)))


def _fitting(tally: Tally, found: Fit, billed: Billed) -> ServiceCheck | None:
    parts = tuple(part for part in found.parts if part.units)
    if not parts and not billed.lines and not found.left_open:
        return None
    off = billed.quantity - sum(part.units for part in parts)
    whole = all(part.days == part.of for part in parts)
    notes = list(_notes(found))
    status: Status = "matched"
    why: tuple[str, ...] = ()
    if off and not parts:
        status = "unexpected"
    elif off and whole:
        status = "quantity"
        why = (f"quantity: {billed.quantity:f} billed for the money of {sum_units(parts)} units",)
    elif off:
        notes.append("BMS groups the prorated lines in its own way: only the amount was compared")
    return replace(
        _check(tally, status, parts, billed, why=why, notes=tuple(notes)),
        left_open=tuple(part for part in found.left_open if part.units),
    )


def sum_units(parts: Sequence[Part]) -> int:
    """The units of several parts together."""
    return sum(part.units for part in parts)


def _notes(found: Fit) -> Iterator[str]:
    for part in _once(found.early):
        yield f"the change of {part.units:+d} from {part.day} was known to it already"
    for part in _once(found.later):
        yield f"the change of {part.units:+d} from {part.day} came too late for it"
    for part in _once(found.caught_up):
        yield f"the change of {part.units:+d} from {part.day} was due on an earlier invoice"


def _once(parts: Iterable[Part]) -> Iterator[Part]:
    """Of a change that is billed period by period, the first part."""
    told: set[tuple[int, ...]] = set()
    for part in sorted(parts, key=lambda one: one.day):
        if part.movements not in told:
            told.add(part.movements)
            yield part


def _check(
    tally: Tally,
    status: Status,
    parts: tuple[Part, ...],
    billed: Billed,
    *,
    why: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> ServiceCheck:
    expected: Decimal = sum((part.per_line for part in parts), ZERO)
    return ServiceCheck(
        service=tally.line.ref.bms_service,
        status=status,
        quantity=billed.quantity,
        billed=billed.total,
        line=tally.line.ref,
        units=sum_units(parts),
        expected=expected,
        parts=parts,
        why=why,
        notes=notes,
    )
