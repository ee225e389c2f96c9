"""New approvals that fit no change of today: those that may come true, and those that will not as
things are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from reconciler.engine.approvals import is_approved
from reconciler.engine.changes import changes_of
from reconciler.engine.foreseen import named, running_end
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.engine.trueup import forecast_on, periods_ending
from reconciler.model.approval import Approval
from reconciler.model.plan import Change


@dataclass(frozen=True, slots=True)
class Early:
    """Approvals whose change is not there today."""

    ahead: tuple[Approval, ...] = ()
    """It is there when periods are over, if every day until then is like the newest one."""
    unfit: tuple[Approval, ...] = ()
    """It is not there then either, or has other numbers."""


def early(
    given: Mapping[str, Approval],
    changes: Iterable[Change],
    works: Iterable[LineWork],
    frame: Frame,
) -> Early:
    """``changes``: those of today; an approval of one of them is not looked at."""
    there = {change.id for change in changes}
    left = [approval for change, approval in given.items() if change not in there]
    if not left:
        return Early()
    lines = {(one.account, one.contract, one.service) for one in left}
    then = list(
        chain.from_iterable(_then(one, frame) for one in works if named(one.bound.ref) in lines)
    )
    ahead = tuple(one for one in left if any(is_approved(c, (one,), {}) for c in then))
    return Early(ahead, tuple(one for one in left if one not in ahead))


def _then(work: LineWork, frame: Frame) -> Iterator[Change]:
    """What the line comes to when its running period is over, and when those of a true-up are."""
    for end in _ends(work, frame.as_of):
        yield from changes_of(forecast_on(end, work, frame), replace(frame, as_of=end), ())


def _ends(work: LineWork, as_of: date) -> Iterator[date]:
    running = running_end(work, as_of)
    if running is not None:
        ends = {
            one.end for one in periods_ending(work.bound.contract.schedule, as_of.replace(day=1))
        }
        yield from sorted({running, *(end for end in ends if end > as_of)})
