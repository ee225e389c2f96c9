"""Counts that may not move a line, since days are missing from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reconciler.engine.count import Tally
from reconciler.engine.question import Question, window
from reconciler.model.settings import LineSettings
from reconciler.model.timeline import UNKNOWN, Units


@dataclass(frozen=True, slots=True)
class Kept:
    """Units kept by the newest decision, since days are missing from its count."""

    first: date
    last: date
    """The days that the count takes in."""
    level: int
    counted: Units
    """What the days that are there come to, where that is fewer; UNKNOWN: nobody can say."""


def kept_by(question: Question, tally: Tally, settings: LineSettings, level: Units) -> Kept | None:
    """None where the count is sure, or would not move the line however it ended."""
    units = tally.units
    if tally.sure or level is UNKNOWN:
        return None
    if units is not UNKNOWN and (units >= level or settings.decrease == "never"):
        return None
    first = tally.last
    if settings.over != "last":
        first = window(question.line, question.schedule, question.counts_from, first)
    return Kept(first, tally.last, level, units)
