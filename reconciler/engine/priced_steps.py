"""A line's differences with the price that each is written at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.diff import Difference, Post, Step, UnitsUnknown
from reconciler.engine.frame import Frame
from reconciler.engine.layers import layers_of
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import Source, price_of, price_on_day


@dataclass(frozen=True, slots=True)
class Priced:
    """One step at one price."""

    whole: Step
    step: Step
    """The whole, or the part of it that has this price."""
    price: Decimal
    source: Source
    on: date | None
    """The day whose price it is; None: that at which BMS has the units."""


def by_price(work: LineWork, step: Difference, frame: Frame) -> Iterator[Priced]:
    """The step; one that credits units of several prices, or bills such again, in parts. Nothing
    where units are unknown."""
    if isinstance(step, UnitsUnknown):
        return
    if frame.correction is not None:
        yield Priced(step, step, frame.correction, price_of(work)[2], step.day)
        return

    def price_on(day: date) -> Decimal:
        return price_on_day(work, day, frame.as_of, frame.replaced)[0]

    level = step.before
    for units, price, on in layers_of(work, step.day, step.before, step.after, price_on):
        source = price_on_day(work, on or step.day, frame.as_of, frame.replaced)[1]
        part = _part(step, level, level + units, upsert=work.upsert)
        yield Priced(step, part, price, source, on)
        level += units


def _part(step: Step, before: int, after: int, *, upsert: bool) -> Step:
    if isinstance(step, Post):
        return replace(step, before=before, after=after, posts=after if upsert else after - before)
    return replace(step, before=before, after=after)
