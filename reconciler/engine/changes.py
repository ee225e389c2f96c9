"""A line's differences as changes, with money, cause and standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from reconciler.engine.bound import BoundContract
from reconciler.engine.diff import ByHand, Difference, Later, Post, TooEarly
from reconciler.engine.digests import change_id
from reconciler.engine.lines import LineWork
from reconciler.engine.moved_by import moved_by_settings
from reconciler.engine.named_prices import who_named
from reconciler.engine.periods import DAY
from reconciler.engine.priced import cost, units_by_price
from reconciler.engine.proration import amount, days_billed, monthly, rest_of_period, rounded
from reconciler.engine.question import fixed_on, settings_on
from reconciler.engine.steps import steps_to
from reconciler.model.assumptions import Assumptions
from reconciler.model.ledgered import NamedPrice
from reconciler.model.plan import Cause, Change, Money, Standing, Step
from reconciler.model.timeline import UNKNOWN, Units


@dataclass(frozen=True, slots=True)
class Frame:
    """What is the same for every line of a plan."""

    assume: Assumptions
    as_of: date
    currency: str
    holds_all: tuple[str, ...]
    """Codes that hold every change, such as assumptions that are not set."""
    correction: bool = False
    """Are writes of ours taken back, whatever the policies say?"""
    named: tuple[NamedPrice, ...] = ()
    """Prices that were merged before their day."""
    zone: tzinfo = UTC
    """The tenant's: people read days of writes in it."""


def changes_of(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Iterator[Change]:
    """Price first, then units in order of day; ``blocked``: codes that hold this line."""
    price = price_change(work, frame, blocked)
    if price is not None:
        yield price
    for step in work.steps:
        change = _units_change(work, step, frame, blocked)
        if change is not None:
            yield change
    if not work.desired.scheduled:
        return
    before = work.desired.timeline.at(frame.as_of)
    for later in work.desired.scheduled:
        if before is not UNKNOWN and before != later.units:
            step = Later(later.day, before, later.units)
            yield _change(work, step, frame, "scheduled", ("POL002",))
        before = later.units


def price_of(work: LineWork) -> tuple[Decimal, Decimal, Literal["line", "config", "catalogue"]]:
    """(price before, price to bill at, where that comes from).

    A line that is there keeps its price before it may be changed, and after its end.
    """
    rows = work.bound.rows
    newest = max(rows, key=lambda row: row.id) if rows else work.bound.service
    before = newest.price
    if work.settings.price is not None and (work.billed or not rows):
        return before, work.settings.price, "config"
    return before, before, "line" if rows else "catalogue"


def price_change(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Change | None:
    """None where every row has the price that the line is to have."""
    price = work.settings.price
    if price is None or not work.billed or all(row.price == price for row in work.bound.rows):
        return None
    units = work.known.timeline.at(frame.as_of)
    others = [row for row in work.bound.rows if row.price != price]
    before = others[0].price
    money = rounded(_price_money(work, price, units, frame.as_of), frame.currency)
    standing, because = _standing(work, frame, blocked)
    if standing != "observed" and any(row.excluded_from_bulk for row in others):
        standing, because = "by-hand", ("KNW007",)
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
        steps=(Step("approved", let),) if let else (),
    )


def _price_money(work: LineWork, price: Decimal, units: Units, day: date) -> Fraction:
    """Per month: rows may differ in price, so each one's units are counted at their own."""
    if units is UNKNOWN:
        return Fraction(0)
    rows = {row.id: row.price for row in work.bound.rows}
    there = units_by_price(work.known, rows, price_of(work)[0], day)
    return monthly(1, price * units - cost(there), work.bound.contract.schedule.cycle)


def _units_change(
    work: LineWork, step: Difference, frame: Frame, blocked: Sequence[str]
) -> Change | None:
    standing, because = _standing(work, frame, blocked)
    match step:
        case Post():
            rises = step.after > step.before
            closed = not frame.correction and _is_closed(work, step.day, rises=rises)
            if standing in ("ready", "proposed") and closed:
                standing, because = "held", ("POL001",)
            elif standing in ("ready", "proposed") and takes_no_posts(work.bound.contract):
                standing, because = "by-hand", ("BMS014",)
        case ByHand():
            if standing in ("ready", "proposed"):
                standing, because = "by-hand", ("MOD004",)
        case TooEarly():
            if standing != "observed":
                standing, because = "held", (*because, "POL003")
        case Later():
            standing, because = "scheduled", ("POL002",)
        case _:
            return None
    return _change(work, step, frame, standing, because)


def _change(
    work: LineWork,
    step: Post | ByHand | Later | TooEarly,
    frame: Frame,
    standing: Standing,
    because: tuple[str, ...],
) -> Change:
    price_before, price, price_from = price_of(work)
    ref = work.bound.ref
    posts = step.posts if isinstance(step, Post) else 0
    return Change(
        id=change_id((*work.bound.key, "units", step.day, step.before, step.after, price)),
        kind="units" if work.known.exists else "new-line",
        line=ref,
        day=step.day,
        units_before=step.before,
        units_after=step.after,
        posts=posts,
        price=price,
        price_before=price_before,
        price_from=price_from,
        money=_money(work, step.day, step.after - step.before, price, frame),
        cause="correction" if frame.correction else _cause(work, step, frame.as_of),
        mode=work.bound.contract.desired.mode,
        standing=standing,
        because=because,
        steps=steps_to(work, step.day, step.after),
        month_end=None
        if _is_edit(work, step.day, frame.as_of)
        else _month_end(work, step.day, frame.as_of),
    )


def _standing(
    work: LineWork, frame: Frame, blocked: Sequence[str]
) -> tuple[Standing, tuple[str, ...]]:
    mode = work.bound.contract.desired.mode
    if mode == "observe":
        return "observed", ("MOD001",)
    if frame.holds_all or blocked:
        return "held", (*frame.holds_all, *blocked)
    return ("ready" if mode == "apply" else "proposed"), ()


def takes_no_posts(contract: BoundContract) -> bool:
    """Is it over, and does BMS say so too? Then only a person can still change it there."""
    return contract.is_over and contract.contract.status.lower() != "active"


def _is_closed(work: LineWork, day: date, *, rises: bool) -> bool:
    """Dated under an invoice, and the policy does not say that this is all right."""
    closed = work.bound.contract.closed_through
    if closed is None or day > closed:
        return False
    settings = settings_on(work.bound.line, day)
    when = settings.increase if rises else settings.decrease
    return settings.late != "prorated-transaction" and when != "change-date"


def _cause(work: LineWork, step: Post | ByHand | Later | TooEarly, as_of: date) -> Cause:
    day = step.day
    ends = work.bound.line.last_day
    if ends is not None and day > ends:
        return "end"
    if fixed_on(settings_on(work.bound.line, day), day) is not None:
        return "fixed"
    if _is_edit(work, day, as_of) or moved_by_settings(work, day, step.before, as_of):
        return "config"
    return "usage"


def _is_edit(work: LineWork, day: date, as_of: date) -> bool:
    """An edit without a date counts from the day of the plan."""
    return work.bound.edited and day == as_of


def _month_end(work: LineWork, day: date, as_of: date) -> date | None:
    """The end of the period that a change of that day sets, where that is done at its end.

    It is the period around the day once it is over; before that, the one that ends there.
    """
    schedule = work.bound.contract.schedule
    if schedule.end is not None and day > schedule.end:
        return None
    period = schedule.containing(day)
    if as_of < period.end:
        if day != period.first or day <= schedule.start:
            return None
        period = schedule.containing(day - DAY)
    settings = settings_on(work.bound.line, period.last)
    return period.end if settings.adjust == "month-end" and period.last >= work.first else None


def _money(work: LineWork, day: date, units: int, price: Decimal, frame: Frame) -> Money:
    """Per month from now on, and prorated up to the end of the period that holds today."""
    schedule = work.bound.contract.schedule
    assume = frame.assume
    rest = 0 if work.bound.contract.is_over else units
    per_month = rounded(monthly(rest, price, schedule.cycle), frame.currency)
    if schedule.end is not None and day > schedule.end:
        return Money(per_month, rounded(Fraction(0), frame.currency), 0, 0)
    period = schedule.containing(day)
    days, of = rest_of_period(
        day,
        period,
        schedule.cycle,
        assume.day_count,
        change_day_billed=assume.change_day == "billed",
    )
    exact = amount(units, price, days, of)
    following = schedule.following(period)
    while following is not None and following.first <= frame.as_of:
        whole = days_billed(
            following.first, following.end, following, schedule.cycle, assume.day_count
        )
        exact += amount(units, price, *whole)
        following = schedule.following(following)
    return Money(per_month, rounded(exact, frame.currency), days, of)
