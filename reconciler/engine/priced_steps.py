"""A line's differences with the price that each is written at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from reconciler.engine.diff import ByHand, Difference, Later, Post, TooEarly, UnitsUnknown
from reconciler.engine.frame import Frame
from reconciler.engine.layers import moved_on
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import Source, price_of, price_on_day


@dataclass(frozen=True, slots=True)
class Priced:
    """One step at one price."""

    whole: Post | ByHand | Later | TooEarly
    step: Post | ByHand | Later | TooEarly
    """The whole, or the part of it that has this price."""
    price: Decimal
    source: Source
    on: date
    """The day whose price it is."""


def by_price(work: LineWork, step: Difference, frame: Frame) -> Iterator[Priced]:
    """The step; one that credits units of several prices, or bills such again, in parts. Nothing
    where units are unknown."""
    if isinstance(step, UnitsUnknown):
        return
    if frame.correction is not None:
        yield Priced(step, step, frame.correction, price_of(work)[2], step.day)
        return
    priced = [
        (units, on, *price_on_day(work, on, frame.as_of, frame.replaced))
        for units, on in moved_on(work, step.day, step.before, step.after)
    ]
    level = step.before
    for price, same in groupby(priced, key=lambda part: part[2]):
        of_price = list(same)
        _, on, _, source = of_price[-1]
        after = level + sum(units for units, *_ in of_price)
        part = _part(step, level, after, upsert=work.upsert)
        yield Priced(step, part, price, source, on)
        level = after


def _part(
    step: Post | ByHand | Later | TooEarly, before: int, after: int, *, upsert: bool
) -> Post | ByHand | Later | TooEarly:
    if isinstance(step, Post):
        return replace(step, before=before, after=after, posts=after if upsert else after - before)
    return replace(step, before=before, after=after)
