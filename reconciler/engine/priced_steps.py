"""A line's differences with the price that each is written at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.diff import Difference, Post, Step, UnitsUnknown, written
from reconciler.engine.frame import Frame
from reconciler.engine.late import Invoiced, Write, invoiced, owed, writes_of
from reconciler.engine.layers import layers_of
from reconciler.engine.lines import LineWork
from reconciler.engine.priced_by_day import Source, price_of, price_on_day
from reconciler.model.timeline import UNKNOWN, Timeline


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
    told: str = ""
    """Which part it is: so many units of how many, or of which invoice."""


def priced_steps(work: LineWork, frame: Frame) -> list[Priced]:
    """All of the line's, and what brings late ones to the price of each period that is invoiced."""
    periods = invoiced(work, frame)
    if not periods:
        return [priced for step in work.steps for priced in by_price(work, step, frame)]
    return _Late(work, frame, periods).priced()


def by_price(
    work: LineWork, step: Difference, frame: Frame, begins: Invoiced | None = None
) -> Iterator[Priced]:
    """The step; one that credits units of several prices, or bills such again, in parts. Nothing
    where units are unknown. ``begins``: the invoiced period that begins on its day."""
    if isinstance(step, UnitsUnknown):
        return
    if frame.correction is not None:
        yield Priced(step, step, frame.correction, price_of(work)[2], step.day)
        return

    def price_on(day: date) -> Decimal:
        return price_on_day(work, day, frame.as_of, frame.replaced)[0]

    level = step.before
    for units, price, on in layers_of(work, step.day, step.before, step.after, price_on, begins):
        source = price_on_day(work, on or step.day, frame.as_of, frame.replaced)[1]
        part = _part(step, level, level + units, upsert=work.upsert)
        told = "" if part == step else f"{abs(units)} of {abs(step.after - step.before)}"
        yield Priced(step, part, price, source, on, told)
        level += units


def _part(step: Step, before: int, after: int, *, upsert: bool) -> Step:
    if isinstance(step, Post):
        return replace(step, before=before, after=after, posts=after if upsert else after - before)
    return replace(step, before=before, after=after)


class _Late:
    """The steps of a line in order of day, and the writes that they make."""

    def __init__(self, work: LineWork, frame: Frame, periods: list[Invoiced]) -> None:
        self._work, self._frame, self._periods = work, frame, periods
        self._writes = list(writes_of(work))
        self._have = work.known.timeline if work.known.exists else Timeline(((date.min, 0),))
        self._newest: Step | None = None

    def priced(self) -> list[Priced]:
        found: list[Priced] = []
        for step in self._work.steps:
            if isinstance(step, UnitsUnknown):
                return found
            found += self._before(step.day)
            found += self._step(step)
        return [*found, *self._before(date.max)]

    def _step(self, step: Step) -> Iterator[Priced]:
        begins = next((one for one in self._periods if one.first == step.day), None)
        for priced in by_price(self._work, step, self._frame, begins):
            self._take(priced)
            yield priced
        if isinstance(step, Post):
            self._newest = step
            self._have = written(self._have, step, self._frame.assume)

    def _take(self, priced: Priced) -> None:
        if isinstance(step := priced.step, Post):
            self._writes.append(Write(step.day, step.after - step.before, priced.price))

    def _before(self, day: date) -> Iterator[Priced]:
        """Of the periods that begin before it."""
        while self._periods and self._periods[0].first < day:
            period = self._periods.pop(0)
            for priced in self._owed(period):
                self._take(priced)
                yield priced

    def _owed(self, period: Invoiced) -> Iterator[Priced]:
        level, day = self._have.at(period.first), period.first
        if level is UNKNOWN:
            return
        whole = self._newest or Post(day, level, level, 0)
        source = price_on_day(self._work, day, self._frame.as_of, self._frame.replaced)[1]
        for units, price in owed(period, self._writes):
            after = level + units
            step = Post(day, level, after, posts=after if self._work.upsert else units)
            on = day if price == period.price else None
            told = f"{abs(units)} of the invoice from {day}"
            yield Priced(whole, step, price, source, on, told)
            level = after
