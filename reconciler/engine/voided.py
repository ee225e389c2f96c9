"""Approvals that a configuration makes of no use, though nobody took them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reconciler.engine.changes import changes_of
from reconciler.engine.foreseen import Asked, Forecast
from reconciler.engine.frame import Frame
from reconciler.engine.lines import LineWork
from reconciler.model.approval import Approval
from reconciler.model.plan import Change


def asked(new: Sequence[Approval], old: Sequence[Approval]) -> Asked:
    """Lines of which an approval stands: whether it still fits depends on their forecast."""
    kept = {approval.change for approval in new}
    return Asked(
        moved=frozenset(_line(approval) for approval in old),
        same=frozenset(_line(approval) for approval in old if approval.change not in kept),
    )


def voided(
    approvals: tuple[Sequence[Approval], Sequence[Approval]],
    changes: tuple[Iterable[Change], Iterable[Change]],
    frames: tuple[Frame, Frame],
    found: Iterable[Forecast],
) -> tuple[Approval, ...]:
    """Of the old configuration's approvals those that fit what it comes to, today or when the
    running periods are over, and fit nothing of the new one, or are not in it.

    Each pair is of the new configuration and of the old one; ``changes``: those of today.
    """
    ours, theirs = ({change.id for change in some} for some in changes)
    lines = set(map(_line, approvals[1]))
    for forecast in found:
        if forecast.name not in lines:
            continue
        ours.update(_ids(forecast, forecast.ours, frames[0]))
        theirs.update(_ids(forecast, forecast.theirs, frames[1]))
    given = ours & {approval.change for approval in approvals[0]}
    fitting = {one.change: one for one in approvals[1] if one.change in theirs - given}
    return tuple(fitting.values())


def _ids(forecast: Forecast, work: LineWork | None, frame: Frame) -> Iterator[str]:
    if work is not None:
        then = replace(frame, as_of=forecast.end)
        yield from (change.id for change in changes_of(work, then, ()))


def _line(approval: Approval) -> tuple[str, str, str]:
    return approval.account, approval.contract, approval.service
