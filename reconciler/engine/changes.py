"""A line's differences as changes, with money, cause and standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, tzinfo
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.bound import BoundContract
from reconciler.engine.diff import ByHand, Difference, Later, Post, TooEarly
from reconciler.engine.digests import change_id
from reconciler.engine.in_bms import is_prorated_late
from reconciler.engine.lines import LineWork
from reconciler.engine.moved_by import moved_by_settings
from reconciler.engine.named_prices import who_named
from reconciler.engine.periods import DAY
from reconciler.engine.price_waits import WaitingPrice
from reconciler.engine.priced import cost, units_by_price
from reconciler.engine.priced_by_day import credited_on, price_of, price_on_day
from reconciler.engine.proration import amount, days_billed, monthly, rest_of_period, rounded
from reconciler.engine.question import fixed_on, settings_on
from reconciler.engine.standings import WRITES
from reconciler.engine.steps import steps_to
from reconciler.model.assumptions import Assumptions
from reconciler.model.ledgered import NamedPrice, ReplacedPrice
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
    replaced: tuple[ReplacedPrice, ...] = ()
    """Prices that writes of ours replaced, oldest first."""


def changes_of(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Iterator[Change]:
    """Units in order of day, with the price before the first of those that have it: what is dated
    before the price's day is written at the price of its own. ``blocked``: codes that hold this
    line."""
    price = price_change(work, frame, blocked)
    if work.steps:
        yield from _with_price(work, price, frame, blocked)
    elif price is not None:
        yield price
    if work.price_waits is not None:
        yield from _waiting(work, work.price_waits, frame, blocked)
    if not work.desired.scheduled:
        return
    before = work.desired.timeline.at(frame.as_of)
    for later in work.desired.scheduled:
        if before is not UNKNOWN and before != later.units:
            step = Later(later.day, before, later.units)
            yield _change(work, step, frame, "scheduled", ("POL002",))
        before = later.units


def _with_price(
    work: LineWork, price: Change | None, frame: Frame, blocked: Sequence[str]
) -> Iterator[Change]:
    found = (_units_change(work, step, frame, blocked) for step in work.steps)
    units = [change for change in found if change is not None]
    price = price or _levelling(work, units, frame)
    if price is not None:
        yield from (change for change in units if change.price != price.price)
        yield price
        units = [change for change in units if change.price == price.price]
    yield from units


def price_change(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Change | None:
    """None where every row has the price that the line is to have."""
    price = work.settings.price
    if price is None or not work.priced or all(row.price == price for row in work.bound.rows):
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


def _waiting(
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


def _levelling(work: LineWork, units: Sequence[Change], frame: Frame) -> Change | None:
    """Where the line has its price, and steps of this plan leave rows at an earlier one: the price
    again, written where they are. Its money is theirs, which goes on at the price of today."""
    _, price, source = price_of(work)
    left = [change for change in units if change.standing in WRITES and change.price != price]
    # No invoice after a contract's last one goes on at the price of today.
    over = work.bound.contract.is_over
    if frame.correction or over or work.settings.price is None or not left:
        return None
    last = left[-1]
    there = last.units_after
    return replace(
        last,
        id=change_id((*work.bound.key, "price", last.price, price, there, last.id)),
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
    price_before, now, price_from = price_of(work)
    price, priced = now, step.day
    if not frame.correction:
        if step.after < step.before:
            priced = credited_on(work, step.day, step.after)
        price, price_from = price_on_day(work, priced, frame.as_of, frame.replaced)
    steps = steps_to(work, step.day, step.after)
    if price != now:
        steps = (*steps, Step(f"price on {priced}", str(price)))
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
        steps=steps,
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
    return not is_prorated_late(settings_on(work.bound.line, day), rises=rises)


def _cause(work: LineWork, step: Post | ByHand | Later | TooEarly, as_of: date) -> Cause:
    day, ends = step.day, work.bound.line.last_day
    if ends is not None and day > ends:
        return "end"
    if fixed_on(settings_on(work.bound.line, day), day) is not None:
        return "fixed"
    if work.has_ended(as_of) and _stays_at_zero(work, day):
        # What left before the line's end: then the end itself has no step.
        return "end"
    if _is_edit(work, day, as_of) or moved_by_settings(work, day, step.before, as_of):
        return "config"
    return "usage"


def _is_edit(work: LineWork, day: date, as_of: date) -> bool:
    """An edit without a date counts from the day of the plan."""
    return work.bound.edited and day == as_of


def _stays_at_zero(work: LineWork, day: date) -> bool:
    wanted = work.desired.timeline
    return wanted.at(day) == 0 and all(units == 0 for on, units in wanted.steps if on > day)


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
    """Per month from now on, and prorated up to the end of the period that holds today.

    What an invoice covers already is billed at the price of the write; each period after it at the
    price it begins with.
    """
    schedule = work.bound.contract.schedule
    assume, now = frame.assume, price_of(work)[1]
    rest = 0 if work.bound.contract.is_over else units
    per_month = rounded(monthly(rest, now, schedule.cycle), frame.currency)
    if schedule.end is not None and day > schedule.end:
        return Money(per_month, rounded(Fraction(0), frame.currency), 0, 0)

    closed = work.bound.contract.closed_through

    def at(first: date) -> Decimal:
        if frame.correction:
            return now
        if closed is not None and first <= closed:
            return price
        return price_on_day(work, first, frame.as_of, frame.replaced)[0]

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
        exact += amount(units, at(following.first), *whole)
        following = schedule.following(following)
    return Money(per_month, rounded(exact, frame.currency), days, of)
