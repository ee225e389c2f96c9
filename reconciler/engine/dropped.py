"""Lines that an edit of the configuration stops keeping in step with usage."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from reconciler.engine.bound import BoundLine
from reconciler.engine.question import fixed_on, settings_on
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredLine, DesiredState
from reconciler.model.plan import LineRef
from reconciler.model.settings import FixedUnits


@dataclass(frozen=True, slots=True)
class NewlyFixed:
    """A line whose units are agreed by hand from now on, whatever is counted."""

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
    named = _not_found(new, state) if gone else set()
    return Dropped(
        removed=tuple(bound.ref for bound in gone if _place(bound.line) not in named),
        lost=tuple(bound.ref for bound in gone if _place(bound.line) in named),
        fixed=tuple(_fixed(new, before, day)),
    )


def _place(line: DesiredLine) -> tuple[str, str]:
    """By which a line is known again whose account or contract is called otherwise. Of its file
    the name alone: what it is compared with may be checked out elsewhere."""
    return line.origin.file.rpartition("/")[2], line.service


def _not_found(new: Iterable[BoundLine], state: DesiredState) -> set[tuple[str, str]]:
    named = {
        _place(line)
        for account in state.accounts
        for contract in account.contracts
        for line in contract.lines
    }
    return named - {_place(bound.line) for bound in new}


def _fixed(
    new: Iterable[BoundLine], old: Mapping[LineKey, BoundLine], day: date
) -> Iterator[NewlyFixed]:
    for bound in new:
        fixed = fixed_on(settings_on(bound.line, day), day)
        before = old.get(bound.key)
        if fixed is None or before is None:
            continue
        if fixed_on(settings_on(before.line, day), day) is None:
            yield NewlyFixed(bound.ref, fixed)
