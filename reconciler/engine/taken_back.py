"""What a plan takes back of merges that are reverted, write by write, and what it leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from reconciler.engine.correcting import reversal_id
from reconciler.engine.diff import ByHand, Difference, Post
from reconciler.engine.lines import LineWork
from reconciler.engine.reverting import Kept
from reconciler.model.ledgered import Intent, Reverted
from reconciler.model.plan import Change, LineRef


@dataclass(frozen=True, slots=True)
class NotTakenBack:
    """The same, with its line."""

    line: LineRef
    kept: Kept


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a plan takes back of one merge."""

    merge: str
    wrote: date
    """The day on which it was written."""
    changes: tuple[Change, ...]


def taken_back(work: LineWork) -> tuple[list[tuple[Intent, Difference]], tuple[Difference, ...]]:
    """Those of a line's steps that take a write back exactly, the newest first on each day, and
    the others."""
    of_day = {
        day: list(found)[::-1]
        for day, found in groupby(sorted(work.bound.takes_back, key=_day), key=_day)
    }
    back: list[tuple[Intent, Difference]] = []
    rest: list[Difference] = []
    for step in work.steps:
        mine = of_day.get(step.day, ())
        match step:
            case Post() | ByHand() if mine and step.before - step.after == _taken(work, step):
                back.extend(_parts(step, mine, upsert=work.upsert))
            case _:
                rest.append(step)
    return back, tuple(rest)


def _taken(work: LineWork, step: Post | ByHand) -> int:
    """What the step lowers the line by if it takes its day's writes back. A step that is left to a
    person is no part of what those after it begin with, so that these repeat it."""
    by_hand = isinstance(step, ByHand)
    return sum(
        _added(intent)
        for intent in work.bound.takes_back
        if intent.day == step.day or (by_hand and intent.day < step.day)
    )


def _added(intent: Intent) -> int:
    """The units that a write brought."""
    return intent.units_after - intent.units_before


def _parts(
    step: Post | ByHand, writes: Sequence[Intent], *, upsert: bool
) -> Iterator[tuple[Intent, Difference]]:
    """A step that takes several writes back, one by one."""
    have = step.before
    for intent in writes:
        there = have - _added(intent)
        part = replace(step, before=have, after=there)
        if isinstance(part, Post):
            part = replace(part, posts=there if upsert else there - have)
        yield intent, part
        have = there


def all_taken_back(changes: Sequence[Change], reverts: Sequence[Reverted]) -> Iterator[TakenBack]:
    """By merge, what these changes take back."""
    for one in reverts:
        writes = (*one.intents, *one.prices)
        ids = {reversal_id(intent.line, intent.ref) for intent in writes}
        mine = tuple(change for change in changes if change.id in ids)
        if mine:
            yield TakenBack(one.name, one.wrote, mine)


def all_left(lines: Sequence[LineRef], reverts: Sequence[Reverted]) -> Iterator[NotTakenBack]:
    """Of lines that the configuration names no more those that a merge wrote which is reverted."""
    for line in lines:
        names = [one.name for one in reverts if line.key in one.lines]
        if names:
            yield NotTakenBack(
                line, Kept(" and ".join(names), "the configuration names it no more")
            )


def _day(intent: Intent) -> date:
    return intent.day
