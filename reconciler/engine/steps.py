"""How a line's count came about, in words; derived again from the readings whenever asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from reconciler.engine.day_runs import Input, Quantity, Run
from reconciler.engine.decided import decided_on
from reconciler.engine.lines import LineWork
from reconciler.engine.looked_at import counts_from
from reconciler.engine.periods import DAY
from reconciler.engine.question import fixed_on, settings_on, window
from reconciler.engine.readings import readings
from reconciler.engine.summed import as_on_the_day_before, total
from reconciler.engine.units import units_of
from reconciler.engine.windows import over_period
from reconciler.model.plan import Step
from reconciler.model.reading import MetricKey
from reconciler.model.settings import Commitment, LineSettings
from reconciler.model.timeline import UNKNOWN, Units


class Words:
    """How steps name things: as the configuration does, unless a subclass knows better."""

    __slots__ = ()

    def metric(self, key: MetricKey) -> str:
        """A product's metric."""
        return f"{key.product} {key.metric}"

    def organization(self, key: MetricKey) -> str:
        """Whose readings they are."""
        return key.organization

    def because(self, what: str, reason: str | None) -> str:
        """``what`` a person set, and why."""
        return f"{what}: {reason}" if reason else what

    def setting(self, name: str) -> str:
        """A setting by its key, or by a value of it."""
        return name


def steps_of(work: LineWork, words: Words | None = None) -> tuple[Step, ...]:
    """From the readings of the newest counted day to whole units."""
    newest = work.desired.newest
    if newest is None:
        return ()
    return tuple(_steps(work, newest.last, words or Words(), edited=work.bound.edited))


def steps_to(work: LineWork, day: date, units: int) -> tuple[Step, ...]:
    """From the readings of the day that brings the line to ``units`` on ``day``."""
    newest = work.desired.newest
    carried = _carried(work, day)
    if carried and carried[-1].value == str(units):
        return carried
    if newest is None or day > newest.last:
        return steps_of(work)
    decided = decided_on(work, day, units, newest.last)
    return tuple(_steps(work, decided, Words(), edited=False))


def _carried(work: LineWork, day: date) -> tuple[Step, ...]:
    """From the newest reading at the period's start, where `carry: last` starts it with that."""
    settings, schedule = settings_on(work.bound.line, day), work.bound.contract.schedule
    if settings.adjust != "month-end" or settings.carry != "last" or day == schedule.start:
        return ()
    if (schedule.end is not None and day > schedule.end) or day != schedule.containing(day).first:
        return ()
    last = replace(settings, over="last", fixed=None)
    return tuple(_counted(work, day - DAY, Words(), last))


def _steps(work: LineWork, day: date, words: Words, *, edited: bool) -> Iterator[Step]:
    settings = settings_on(work.bound.line, day + DAY if edited else day)
    return _counted(work, day, words, settings, edited=edited)


def _counted(
    work: LineWork, day: date, words: Words, settings: LineSettings, *, edited: bool = False
) -> Iterator[Step]:
    schedule = work.bound.contract.schedule
    inputs = as_on_the_day_before(work.inputs, day + DAY) if edited else work.inputs
    fixed = fixed_on(settings, day)
    if fixed is not None:
        yield Step(words.because("fixed", fixed.reason), str(fixed.units))
        return
    there = [entry for entry in inputs if entry.counts_on(day)]
    for entry in there:
        yield Step(_what(entry, day, words), _value(entry, day))
    first = _since(work, day, settings, edited=edited)
    runs = total(inputs, settings.gap_days, first, day)
    if len(there) > 1:
        yield Step("in all", shown(runs[-1].quantity))
    over = list(over_period(runs, settings, schedule))[-1]
    if settings.over != "last":
        reached = _reached(runs, over.quantity, day) if settings.over == "peak" else ""
        yield Step(f"{words.setting(settings.over)} since {first}{reached}", shown(over.quantity))
    for name, neutral in _ARITHMETIC.items():
        value = getattr(settings, name)
        if value != neutral:
            text = shown(value) if isinstance(value, Decimal) else str(value)
            yield Step(words.setting(name), text)
    if settings.commitment is not None:
        counted = units_of(over.quantity, _without(settings))
        yield _committed(settings.commitment, counted, words)
    units = units_of(over.quantity, settings)
    yield Step("units", "unknown" if units is UNKNOWN else str(units))


def _reached(runs: Iterable[Run[Decimal]], peak: Quantity | None, day: date) -> str:
    """On which earlier day the peak was, where it was on one."""
    first = next((run.first for run in runs if run.quantity == peak), day)
    return f", reached on {first}" if peak is not None and first < day else ""


def _since(work: LineWork, day: date, settings: LineSettings, *, edited: bool) -> date:
    """The first day of the count; rules that changed today count with the last closed day."""
    line, schedule = work.bound.line, work.bound.contract.schedule
    counted_from = counts_from(work.bound)
    today = edited and settings.adjust == "daily" and day != schedule.end
    return min(window(line, schedule, counted_from, day + DAY if today else day), day)


def _without(settings: LineSettings) -> LineSettings:
    return replace(settings, commitment=None)


def _committed(commitment: Commitment, counted: Units, words: Words) -> Step:
    value = f"{commitment.floor} until {commitment.until}"
    if counted is not UNKNOWN and counted < commitment.floor:
        value += f", where {counted} are counted"
    return Step(words.because("commitment", commitment.reason), value)


_ARITHMETIC = {
    "multiply": Decimal(1),
    "per": Decimal(1),
    "included": Decimal(0),
    "minimum": None,
    "maximum": None,
}


def _what(entry: Input, day: date, words: Words) -> str:
    metric = words.metric(entry.key)
    if entry.of is not None:
        metric += f" ({', '.join(entry.of)})"
    elif entry.but:
        metric += f" (all but {', '.join(entry.but)})"
    sign = "less " if entry.subtract else ""
    return f"{sign}{metric} of {words.organization(entry.key)} on {day}"


def _value(entry: Input, day: date) -> str:
    for run in readings(entry):
        if run.first <= day <= run.last:
            return shown(run.quantity)
    newest = entry.series.newest if entry.series is not None else None
    return "no reading" if newest is None else f"no reading after {newest}"


def shown(quantity: Decimal | Fraction | None) -> str:
    """A quantity for people: whole where it is whole, else at most four digits."""
    if quantity is None:
        return "unknown"
    number = Fraction(quantity)
    if number.denominator == 1:
        return str(number.numerator)
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):.4f}"
    return text.rstrip("0").rstrip(".")
