"""A line's new price as a change: one that is due, one that waits, and one that levels its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from reconciler.engine.change_money import price_money
from reconciler.engine.digests import change_id
from reconciler.engine.frame import Frame, standing_of
from reconciler.engine.lines import LineWork
from reconciler.engine.named_prices import who_named
from reconciler.engine.price_waits import WaitingPrice
from reconciler.engine.priced_by_day import Source, price_of
from reconciler.engine.proration import rounded
from reconciler.engine.standings import WRITES
from reconciler.model.plan import APPROVED, UNITS_UNKNOWN, Change, Money, Step


def price_change(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Change | None:
    """None where every row has the price that the line is to have."""
    price = work.settings.price
    if price is None or not work.priced or all(row.price == price for row in work.bound.rows):
        return None
    units = work.known.timeline.at(frame.as_of)
    others = [row for row in work.bound.rows if row.price != price]
    before = others[0].price
    money = rounded(price_money(work, price, units, frame.as_of), frame.currency)
    standing, because = standing_of(work, frame, blocked)
    if standing != "observed" and any(row.excluded_from_bulk for row in others):
        standing, because = "by-hand", ("KNW007",)
    steps = (UNITS_UNKNOWN,) if work.known.exists and not work.known.is_known else ()
    let = ""
    if standing == "proposed":
        let = who_named(work, {row.price for row in others}, frame.as_of, frame.named)
    ref = work.bound.ref
    return Change(
        id=change_id((*work.bound.key, "price", before, price, units or 0, money)),
        kind="price",
        line=ref,
        day=frame.as_of,
        units_before=units or 0,
        units_after=units or 0,
        posts=0,
        price=price,
        price_before=before,
        price_from="config",
        money=Money(money, Decimal(0), 0, 0),
        cause="price",
        mode=work.bound.contract.desired.mode,
        standing="ready" if let else standing,
        because=because,
        steps=(Step(APPROVED, let),) if let else steps,
    )


def waiting_price(
    work: LineWork, waits: WaitingPrice, frame: Frame, blocked: Sequence[str]
) -> Iterator[Change]:
    """A price that an invoice has to come before."""
    settings = replace(work.settings, price=waits.price)
    change = price_change(replace(work, settings=settings, price_waits=None), frame, blocked)
    if change is not None and change.standing in WRITES:
        standing = change.standing if waits.overdue else "scheduled"
        day = max(waits.from_day, frame.as_of)
        change = replace(change, day=day, standing=standing, because=("POL008",))
    if change is not None:
        yield change


def levelling(work: LineWork, units: Sequence[Change], frame: Frame) -> Change | None:
    """Where the line has its price, and steps of this plan leave rows at an earlier one: the price
    again, written where they are. Its money is theirs, which goes on at the price of today."""
    _, price, source = price_of(work)
    left = [change for change in units if change.standing in WRITES and change.price != price]
    # No invoice after a contract's last one goes on at the price of today.
    over = work.bound.contract.is_over
    if frame.correction is not None or over or work.settings.price is None or not left:
        return None
    return brought_to(left[-1], price, source, frame)


def brought_to(last: Change, price: Decimal, source: Source, frame: Frame) -> Change:
    """The price of all rows, after a step that leaves some at another one."""
    there = last.units_after
    return replace(
        last,
        id=change_id((*last.line.key, "price", last.price, price, there, last.id)),
        kind="price",
        day=frame.as_of,
        units_before=there,
        units_after=there,
        posts=0,
        price=price,
        price_before=last.price,
        price_from=source,
        money=Money(Decimal(0), Decimal(0), 0, 0),
        steps=(),
        month_end=None,
    )
