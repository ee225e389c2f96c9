"""Days in a row with one and the same quantity, and where quantities come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

from reconciler.model.reading import MetricKey, Series

Quantity: TypeAlias = "Decimal | Fraction"
Q_co = TypeVar("Q_co", bound=Quantity, covariant=True)


@dataclass(slots=True)  # not frozen: it would take three times as long
class Input:
    """The readings of one organization for one term; ``series`` is None where there are none."""

    key: MetricKey
    series: Series | None
    of: tuple[str, ...] | None
    subtract: bool
    since: date | None = None
    """It counts from that day on: it was excluded, or not there, before."""
    until: date | None = None
    """It counts up to that day, since the rules changed after it."""
    but: tuple[str, ...] = ()
    """Dimensions left out, since other lines name them."""

    def counts_on(self, day: date) -> bool:
        """Is it part of that day's count?"""
        since, until = self.since, self.until
        return (since is None or since <= day) and (until is None or day <= until)


@dataclass(slots=True)  # not frozen: it would take three times as long
class Run(Generic[Q_co]):
    """Days (inclusive) with one and the same quantity.

    ``quantity`` is None where it is unknown. A run that is not ``sure`` holds filled days, or
    follows an unknown one: it may raise a line and never lower it. One that does not ``count``
    holds days on which all is excluded, or nothing mapped: nothing is missing from them.
    """

    first: date
    last: date
    quantity: Q_co | None
    sure: bool = True
    counts: bool = True


def cut(run: Run[Decimal], first: date, last: date) -> Run[Decimal]:
    """What of a run lies in ``first..last``."""
    return Run(max(run.first, first), min(run.last, last), run.quantity, run.sure, run.counts)
