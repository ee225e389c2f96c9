"""The price at which a write is taken back, and what of it invoices would then have otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.amounts import signed, with_code
from reconciler.engine.billed_back import Billed, Swap, billed, swaps
from reconciler.engine.change_money import share_of
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.proration import rounded
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Intent


@dataclass(frozen=True, slots=True)
class Back:
    """How a write is taken back in the periods that are invoiced."""

    intent: Intent
    price: Decimal
    parts: Sequence[Billed]
    swaps: Sequence[Swap] = ()
    is_exact: bool = False
    """Does it come to what each invoice billed, by swaps or by nights?"""

    @property
    def units(self) -> int:
        """The units more that taking it back comes to."""
        return self.intent.units_before - self.intent.units_after

    def left(self, work: LineWork, frame: Frame) -> Iterator[tuple[Fraction, Fraction]]:
        """(money that an invoice has of the write, money that taking it back comes to there)."""
        for part in self.parts:
            share = share_of(work, max(part.first, self.intent.day), frame)
            whole, price = self.units * share, part.price if self.is_exact else self.price
            yield -whole * Fraction(part.price), whole * Fraction(price)


def back(work: LineWork, intent: Intent, frame: Frame) -> Back:
    """At the write's own price where each invoice can have back what it billed, else at the one
    that the line has now."""
    parts, now = billed(work, intent, frame), price_now(work, intent)
    found = tuple(swaps(parts, intent.price))
    possible = not found or (_takes_swaps(work, frame) and found[-1].first <= frame.as_of)
    if not parts or not possible or not _is_levelled(work, intent, frame):
        return Back(intent, now, parts)
    return Back(intent, intent.price, parts, found, is_exact=True)


def price_now(work: LineWork, intent: Intent) -> Decimal:
    """That of the line, or of the write's own row."""
    if work.bound.takes_back and work.settings.price is not None:
        return price_of(work)[1]
    row = next((fact.row_id for fact in work.known.facts if fact.ref == intent.ref), None)
    prices = {one.id: one.price for one in work.bound.rows}
    return prices.get(row or 0, intent.price)


def is_named(work: LineWork) -> bool:
    """Does the configuration name the line's price, so that nights bring rows back to it?"""
    return work.settings.price is not None and work.bound.price_back is None


def otherwise_billed(work: LineWork, intents: Sequence[Intent], frame: Frame) -> Iterator[Finding]:
    """POL011 where invoices have other money of what is taken back than that comes to."""
    found = [pair for one in intents for pair in back(work, one, frame).left(work, frame)]
    have = rounded(sum((money for money, _ in found), Fraction(0)), frame.currency)
    comes = rounded(sum((money for _, money in found), Fraction(0)), frame.currency)
    if have + comes == 0:
        return
    ref = work.bound.ref
    told, back_, left = (
        with_code(signed(money, frame.currency), frame.currency)
        for money in (have, comes, have + comes)
    )
    message = (
        f"{ref.bms_service} on {ref.contract} of {ref.account}: invoices have {told} of what is"
        f" taken back, and taking it back comes to {back_} on them: {left} stays"
    )
    subject = Subject(account=ref.account, contract=ref.contract, service=ref.service)
    yield finding("POL011", message, subject=subject, origin=work.bound.line.origin)


def _takes_swaps(work: LineWork, frame: Frame) -> bool:
    """Does BMS take that units leave a price, and come to another? Where a total is set, nothing
    may be dated before that which is yet to be written."""
    assume = frame.assume
    lowers = work.upsert or assume.negative_units != "refused"
    days = {intent.day for intent in work.bound.takes_back}
    is_all = not (work.upsert and days) or {step.day for step in work.steps} == days
    return lowers and is_all and assume.back_dated != "refused"


def _is_levelled(work: LineWork, intent: Intent, frame: Frame) -> bool:
    """Will the line have one price after it? A night sees to that where the configuration names it;
    else the plan itself, where it knows what the line cost and when."""
    if is_named(work) or work.bound.price_back is not None:
        return True
    there = {row.price for row in work.bound.rows}
    replaced = frame.replaced.get(work.bound.key, ())
    return there <= {intent.price} or (
        len(there) == 1 and bool(replaced) and replaced[-1].after in there
    )
