"""Changes that bring what takes writes back to the prices that invoices had, and rows to one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from reconciler.engine.begun import begun_on
from reconciler.engine.changes import changes_of
from reconciler.engine.diff import Difference, Post
from reconciler.engine.digests import change_id
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.price_changes import brought_to
from reconciler.engine.priced_by_day import price_of
from reconciler.engine.reversal_prices import Back, is_named
from reconciler.model.plan import BILLED_AT, CREDITED_AT, Change, Step
from reconciler.model.timeline import UNKNOWN, Timeline


def correction(
    work: LineWork,
    step: Difference,
    price: Decimal,
    now: Decimal,
    frame: Frame,
    blocked: Sequence[str],
) -> Change:
    """The change that a step of a correction makes, at a price; ``now``: that of the line."""
    settings = replace(work.settings, price=now)
    desired = replace(work.desired, scheduled=())
    one = replace(work, settings=settings, steps=(step,), desired=desired)
    found = changes_of(one, replace(frame, correction=price), blocked)
    return replace(next(change for change in found if change.kind != "price"), price_from="line")


def swapped(
    work: LineWork, backs: Sequence[Back], have: Timeline, frame: Frame, blocked: Sequence[str]
) -> Iterator[Change]:
    """In order of day; ``have``: what BMS has once these writes are taken back."""
    now = price_of(work)[1]
    gone = {one.intent.ref for one in backs}
    for first, prices in sorted(_by_period(backs).items()):
        level = have.at(first)
        if level is UNKNOWN:
            return
        # What comes is written before what leaves, or the line might fall below 0 meanwhile.
        for units, price in sorted(((n, one) for one, n in prices.items() if n), reverse=True):
            after = level + units
            step = Post(first, level, after, posts=after if work.upsert else units)
            change = correction(work, step, price, now, frame, blocked)
            told = Step(_billed(units), f"{abs(units)} of the invoice from {first}")
            yield replace(
                change,
                id=change_id((*work.bound.key, "swap", first, price, *sorted(gone))),
                price_before=now,
                steps=(told,),
                entered=begun_on(work.known.facts, first, gone),
            )
            level = after


def levelled(work: LineWork, found: Sequence[Change], frame: Frame) -> Iterator[Change]:
    """The line's price again, where no night would bring the rows of ``found`` back to it."""
    _, price, source = price_of(work)
    several = work.bound.price_back is None and len({row.price for row in work.bound.rows}) > 1
    if is_named(work) or several:
        return
    if any(change.price != price for change in found):
        yield brought_to(found[-1], price, source, frame)


def _by_period(backs: Sequence[Back]) -> dict[date, Counter[Decimal]]:
    found: dict[date, Counter[Decimal]] = defaultdict(Counter)
    for one in backs:
        for swap in one.swaps:
            found[swap.first][swap.old] -= one.units
            found[swap.first][swap.new] += one.units
    return found


def _billed(units: int) -> str:
    return CREDITED_AT if units < 0 else BILLED_AT
