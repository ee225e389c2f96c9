"""Days that are invoiced with other units than a line should have had, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from reconciler.engine.change_money import money_until
from reconciler.engine.diff import Post
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.periods import DAY
from reconciler.engine.priced_steps import by_price
from reconciler.engine.question import Question
from reconciler.model.ledgered import LapsedDays
from reconciler.model.timeline import UNKNOWN, Timeline

Move: TypeAlias = tuple[date, int, Decimal]
"""The day of a change that was never written, its units more or less, and their price."""


def lapsed_days(work: LineWork, asked: Question, frame: Frame) -> Iterator[LapsedDays]:
    """Up to the day of the question; ``work``: with what the line should have had there.

    Money is rounded as that of the changes that waited, so it is what was told of them.
    """
    has = asked.known if work.known.exists else Timeline(((date.min, 0),))
    moves: list[Move] = []
    lacks = 0
    for first, end in pairwise(_cuts(work.desired.timeline, has, asked)):
        wanted, there = work.desired.timeline.at(first), has.at(first)
        if wanted is UNKNOWN or there is UNKNOWN:
            wanted = there = 0
        if wanted - there != lacks:
            moves.extend(_moves(work, Post(first, there + lacks, wanted, 0), frame))
            lacks = wanted - there
        last = end - DAY
        parts = [_of_days(work, move, first, last, frame) for move in moves]
        if lacks and any(parts):
            yield LapsedDays(first, last, wanted, there, sum(parts, Decimal(0)))


def _cuts(wanted: Timeline, has: Timeline, asked: Question) -> list[date]:
    """The days on which anything changes, and the one after the last."""
    first, end = asked.first, asked.as_of
    between = {day for day in (*wanted.days(), *has.days()) if first < day < end}
    return [first, *sorted(between), end]


def _moves(work: LineWork, step: Post, frame: Frame) -> Iterator[Move]:
    for one in by_price(work, step, frame):
        yield step.day, one.step.after - one.step.before, one.price


def _of_days(work: LineWork, move: Move, first: date, last: date, frame: Frame) -> Decimal:
    day, units, price = move
    up_to = money_until(work, day, last, units, price, frame).prorated
    if day == first:
        return up_to
    return up_to - money_until(work, day, first - DAY, units, price, frame).prorated
