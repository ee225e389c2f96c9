"""The steps that make known equal desired. No policy here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from reconciler.engine.periods import DAY
from reconciler.model.assumptions import Assumptions
from reconciler.model.timeline import UNKNOWN, Timeline


@dataclass(frozen=True, slots=True)
class Post:
    """A write: ``posts`` is a difference under append, a total under upsert."""

    day: date
    before: int
    after: int
    posts: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """A step that the API cannot make under the assumptions set."""

    day: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Later:
    """A step whose day has not come."""

    day: date
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Under upsert: dated before the line's newest step, with undocumented effect on that one."""

    day: date
    before: int
    after: int
    last: date | None = None
    """It is about no later day; None: it goes on."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Days under an invoice that the policy does not let be moved so."""

    day: date
    before: int
    after: int
    last: date


@dataclass(frozen=True, slots=True)
class UnitsUnknown:
    """Nobody can say what the line has on that day; the line is held from there."""

    day: date


Step: TypeAlias = "Post | ByHand | Later | TooEarly | Closed"
"""One whose units are known."""

Difference: TypeAlias = "Step | UnitsUnknown"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the API is assumed to take, and when."""

    assume: Assumptions
    first: date
    """The first writable day."""
    as_of: date
    newest_reply: date | None = None


def difference(desired: Timeline, known: Timeline, rules: Rules) -> tuple[Difference, ...]:
    """In order of day; a by-hand step is not counted as done for the ones after it.

    With no value for ``line_update`` differences are shown as for append.
    """
    if _is_level(desired, known, rules.first):
        return ()
    out: list[Difference] = []
    have = known
    for day in _days(desired, known, rules):
        if out and isinstance(out[-1], TooEarly) and out[-1].last is None:
            # It is not done, so the next step begins anew from what BMS has.
            out[-1] = replace(out[-1], last=day - DAY)
        units, wanted = have.at(day), desired.at(day)
        if units is UNKNOWN or wanted is UNKNOWN:
            out.append(UnitsUnknown(day))
            break
        if wanted == units:
            continue
        step = _step(day, units, wanted, rules)
        out.append(step)
        if isinstance(step, Post):
            have = written(have, step, rules.assume)
    return tuple(out)


def _is_level(desired: Timeline, known: Timeline, first: date) -> bool:
    """Is each a single step, both in force and the same on the first writable day?"""
    if len(desired.steps) != 1 or len(known.steps) != 1:
        return False
    (day, wanted), (since, units) = desired.steps[0], known.steps[0]
    return day <= first and since <= first and wanted == units and units is not UNKNOWN


def _days(desired: Timeline, known: Timeline, rules: Rules) -> list[date]:
    first = rules.first
    if rules.assume.back_dated == "refused":
        first = max(first, rules.as_of)
    steps = {*desired.days(), *known.days()}
    return sorted({first, *(day for day in steps if day > first)})


def _step(day: date, before: int, after: int, rules: Rules) -> Post | ByHand | Later | TooEarly:
    if day > rules.as_of:
        return Later(day, before, after)
    assume = rules.assume
    if assume.line_update == "upsert":
        if rules.newest_reply is not None and day < rules.newest_reply:
            return TooEarly(day, before, after)
        if after == 0 and assume.zero_units == "refused":
            return ByHand(day, before, after)
        return Post(day, before, after, posts=after)
    if after < before and assume.negative_units == "refused":
        return ByHand(day, before, after)
    return Post(day, before, after, posts=after - before)


def written(have: Timeline, step: Post, assume: Assumptions) -> Timeline:
    """What BMS has after it."""
    if assume.line_update == "upsert":
        return have.setting(step.day, step.after)
    return have.adding(step.day, step.after - step.before)
