"""A line's differences as changes, with money, cause and standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from reconciler.engine import diff
from reconciler.engine.bound import BoundContract
from reconciler.engine.change_money import money_until, units_money
from reconciler.engine.diff import ByHand, Closed, Later, Post, TooEarly
from reconciler.engine.differing import is_held_by_day
from reconciler.engine.digests import change_id
from reconciler.engine.frame import Frame, standing_of
from reconciler.engine.in_bms import is_held_under
from reconciler.engine.lines import LineWork
from reconciler.engine.moved_by import moved_by_settings
from reconciler.engine.periods import DAY
from reconciler.engine.price_changes import levelling, price_change, waiting_price
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.priced_steps import Priced, by_price, priced_steps
from reconciler.engine.question import fixed_on, settings_on
from reconciler.engine.steps import steps_to
from reconciler.model.plan import BILLED_AT, CREDITED_AT, Cause, Change, Money, Standing, Step
from reconciler.model.timeline import UNKNOWN, Units


def changes_of(work: LineWork, frame: Frame, blocked: Sequence[str]) -> Iterator[Change]:
    """Units in order of day, with the price after the last of those that have another: what is
    dated before the price's day, or was billed before it, is written at the price of its own.
    ``blocked``: codes that hold this line."""
    price = price_change(work, frame, blocked)
    if steps := priced_steps(work, frame):
        yield from _with_price(work, steps, price, frame, blocked)
    elif price is not None:
        yield price
    if work.price_waits is not None:
        yield from waiting_price(work, work.price_waits, frame, blocked)
    for step in _later(work, frame.as_of):
        for priced in by_price(work, step, frame):
            yield _change(work, priced, frame, "scheduled", ("POL002",))


def _later(work: LineWork, as_of: date) -> Iterator[Later]:
    """What is to be written on days that have not come, if nothing else happens until then."""
    held = next((step for step in work.steps if _holds(step, as_of)), None)
    if held is None and not work.desired.scheduled:
        return
    level = before = work.desired.timeline.at(as_of)
    later: dict[date, Units] = {one.day: one.units for one in work.desired.scheduled}
    if held is not None:
        before, opens = work.stands.at(as_of), held.last + DAY
        # The first day that no invoice covers is as it should be.
        earlier = [later[day] for day in sorted(later) if day < opens]
        if work.bound.contract.schedule.holds(opens):
            later.setdefault(opens, earlier[-1] if earlier else level)
    for day, units in sorted(later.items()):
        if before is not UNKNOWN and units is not UNKNOWN and before != units:
            yield Later(day, before, units)
        before = units


def _holds(step: diff.Difference, day: date) -> TypeGuard[Closed]:
    return isinstance(step, Closed) and step.day <= day <= step.last


def _with_price(
    work: LineWork,
    steps: Sequence[Priced],
    price: Change | None,
    frame: Frame,
    blocked: Sequence[str],
) -> Iterator[Change]:
    units = [_units_change(work, priced, frame, blocked) for priced in steps]
    price = price or levelling(work, units, frame)
    if price is not None:
        last = max((n for n, c in enumerate(units) if c.price != price.price), default=-1)
        yield from units[: last + 1]
        yield price
        units = units[last + 1 :]
    yield from units


def _units_change(work: LineWork, priced: Priced, frame: Frame, blocked: Sequence[str]) -> Change:
    standing, because = standing_of(work, frame, blocked)
    step = priced.step
    match step:
        case Post():
            whole = frame.correction is None and not is_held_by_day(work.known, upsert=work.upsert)
            closed = whole and _is_closed(work, priced.whole)
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
        case Closed():
            if standing != "observed":
                standing, because = "held", (*because, "POL001")
        case Later():
            standing, because = "scheduled", ("POL002",)
    return _change(work, priced, frame, standing, because)


def _change(
    work: LineWork,
    priced: Priced,
    frame: Frame,
    standing: Standing,
    because: tuple[str, ...],
) -> Change:
    price_before, now, _ = price_of(work)
    step, price = priced.step, priced.price
    steps = steps_to(work, priced.whole.day, priced.whole.after)
    if priced.told:
        what = CREDITED_AT if step.after < step.before else BILLED_AT
        steps = (*steps, Step(what, priced.told))
    if isinstance(step, Closed):
        steps = (*steps, Step("invoiced days up to", str(step.last)))
    if price != now:
        whose = "price it was written at" if priced.on is None else f"price on {priced.on}"
        steps = (*steps, Step(whose, str(price)))
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
        price_from=priced.source,
        money=_money(work, step, price, frame),
        cause=_cause(work, priced.whole, frame.as_of) if frame.correction is None else "correction",
        mode=work.bound.contract.desired.mode,
        standing=standing,
        because=because,
        steps=steps,
        month_end=None
        if _is_edit(work, step.day, frame.as_of)
        else _month_end(work, step.day, frame.as_of),
        until=step.last if isinstance(step, Closed | TooEarly) else None,
        entered=(work.desired.entered or {}).get(step.day),
    )


def _money(work: LineWork, step: diff.Step, price: Decimal, frame: Frame) -> Money:
    """What is about some days comes once, and nothing of it every month."""
    more = step.after - step.before
    last = step.last if isinstance(step, Closed | TooEarly) else None
    if last is None:
        return units_money(work, step.day, more, price, frame)
    return money_until(work, step.day, last, more, price, frame)


def takes_no_posts(contract: BoundContract) -> bool:
    """Is it over, and does BMS say so too? Then only a person can still change it there."""
    return contract.is_over and contract.contract.status.lower() != "active"


def _is_closed(work: LineWork, step: diff.Step) -> bool:
    """Dated under an invoice, and the policy does not say that this is all right."""
    closed = work.bound.contract.closed_through
    if closed is None or step.day > closed or step.after == step.before:
        return False
    return is_held_under(work.bound.line, step.day, rises=step.after > step.before)


def _cause(work: LineWork, step: diff.Step, as_of: date) -> Cause:
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
