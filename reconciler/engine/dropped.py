"""Lines that an edit of the configuration stops keeping in step with usage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from reconciler.engine.bound import BoundLine
from reconciler.engine.question import fixed_on, settings_on
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredLine, DesiredState
from reconciler.model.plan import LineRef
from reconciler.model.settings import FixedUnits

_Place: TypeAlias = tuple[str, str, tuple[str | int, ...]]
"""A line's file, service, and where in the file it stands."""


@dataclass(frozen=True, slots=True)
class NewlyFixed:
    """A line whose units are agreed by hand from now on, whatever is counted; or anew, by nobody
    who said why."""

    line: LineRef
    fixed: FixedUnits


@dataclass(frozen=True, slots=True)
class Dropped:
    """BMS goes on billing all of them with the units they have."""

    removed: tuple[LineRef, ...] = ()
    """Named no more."""
    lost: tuple[LineRef, ...] = ()
    """Still named, and not found in BMS as they are named now."""
    fixed: tuple[NewlyFixed, ...] = ()


def dropped(
    new: Collection[BoundLine], old: Iterable[BoundLine], state: DesiredState, day: date
) -> Dropped:
    """``new`` and ``old``: the lines that were found; ``state``: what the new configuration says;
    ``day``: of the plan."""
    before = {bound.key: bound for bound in old}
    found = {bound.key for bound in new}
    gone = [bound for key, bound in before.items() if key not in found]
    lost = _lost(gone, new, state) if gone else set()
    return Dropped(
        removed=tuple(bound.ref for bound in gone if bound.key not in lost),
        lost=tuple(bound.ref for bound in gone if bound.key in lost),
        fixed=tuple(_fixed(new, before, day)),
    )


def _lost(gone: Sequence[BoundLine], new: Iterable[BoundLine], state: DesiredState) -> set[LineKey]:
    """As many of a file's lines of one service as are named there and not found; of several, those
    that stand where they stood."""
    missing = {_place(line) for line in state.lines()} - {_place(bound.line) for bound in new}
    left = Counter(_service(place) for place in missing)
    lost = set[LineKey]()
    for bound in sorted(gone, key=lambda one: _place(one.line) not in missing):
        service = _service(_place(bound.line))
        if left[service]:
            left[service] -= 1
            lost.add(bound.key)
    return lost


def _place(line: DesiredLine) -> _Place:
    """By which a line is known again whose account or contract is called otherwise."""
    return line.origin.file_name, line.service, line.origin.path


def _service(place: _Place) -> tuple[str, str]:
    """Of a file, in whichever of its contracts."""
    return place[:2]


def _fixed(
    new: Iterable[BoundLine], old: Mapping[LineKey, BoundLine], day: date
) -> Iterator[NewlyFixed]:
    for bound in new:
        fixed = fixed_on(settings_on(bound.line, day), day)
        before = old.get(bound.key)
        if fixed is None or before is None:
            continue
        was = fixed_on(settings_on(before.line, day), day)
        if was is None or (fixed.lacks_reason and not _asked_already(fixed, was)):
            yield NewlyFixed(bound.ref, fixed)


def _asked_already(fixed: FixedUnits, was: FixedUnits) -> bool:
    """Is the reason of just these units asked for without the edit, too?"""
    return was.lacks_reason and was.units == fixed.units
