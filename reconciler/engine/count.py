"""From readings to whole units, as runs of days.

One line and one set of settings at a time: dimensions and organizations are summed, gaps filled,
then the quantity over the billing period so far is turned into units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.engine.day_runs import Input, Quantity
from reconciler.engine.periods import Schedule
from reconciler.engine.summed import total
from reconciler.engine.units import units_of
from reconciler.engine.windows import over_period
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import Units


@dataclass(slots=True)  # not frozen: it would take three times as long
class Tally:
    """Days (inclusive) with one and the same count of whole units."""

    first: date
    last: date
    units: Units
    sure: bool
    quantity: Quantity | None = None
    """Before it was made units; None too for units agreed by hand."""


def tallies(
    inputs: Sequence[Input],
    settings: LineSettings,
    schedule: Schedule,
    first: date,
    last: date,
) -> Iterator[Tally]:
    """The count on every day of ``first..last``, for settings that hold on all of them.

    ``first`` is where a window over the period begins, so that windows are whole.
    """
    runs = total(inputs, settings.gap_days, first, last)
    for run in over_period(runs, settings, schedule):
        units = units_of(run.quantity, settings)
        yield Tally(run.first, run.last, units, run.sure, run.quantity)
