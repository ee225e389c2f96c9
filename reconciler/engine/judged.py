"""Changes after approvals and guards: each line's steps stand or wait in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from reconciler.engine.approvals import permits
from reconciler.engine.guards import Limits, Verdicts, guard
from reconciler.engine.standings import WAITS, WRITES, follows, is_built_on, is_own_price
from reconciler.model.approval import Approval
from reconciler.model.bms import LineKey
from reconciler.model.plan import APPROVED, Change, Step


def judged(
    changes: Sequence[Change],
    limits: Limits,
    approvals: Iterable[Approval],
    done: Mapping[str, int],
    unmerged: Set[str] = frozenset(),
) -> tuple[list[Change], Verdicts]:
    """Hold what guards or approvals stop, and whatever was computed on top of it.

    ``changes`` are those of each line in the order in which they are written; ``done`` is how often
    each change was written before, by its id; ``unmerged`` are the true-ups that only an approval
    lets be written.
    """
    standing = list(in_order(changes))
    free = [change for change in standing if change.standing in WRITES]
    allowed = permits(free, approvals, done)
    approved = _leading(free, allowed.approved.keys())
    waiting = unmerged - approved
    # A step that would be written says itself what only an approval does away with.
    asked = {change.id: change.because for change in free if change.id not in approved}
    verdicts = _guarded(free, waiting, replace(limits, approved=approved))
    holds = {
        change.id: (
            *asked.get(change.id, ()),
            *(("TRU002",) if change.id in waiting else ()),
            *verdicts.holds.get(change.id, ()),
            *(("GRD007",) if change.id in allowed.denied else ()),
        )
        for change in free
    }
    let = {one: allowed.approved[one] for one in approved}
    found = [_judged(change, holds.get(change.id, ()), let.get(change.id)) for change in standing]
    findings = (*verdicts.findings, *allowed.findings)
    return list(in_order(found)), replace(verdicts, findings=findings)


def _guarded(free: Sequence[Change], waiting: Set[str], limits: Limits) -> Verdicts:
    """What waits for its merge does not use up what the rest may move."""
    rest = guard([change for change in free if change.id not in waiting], limits)
    theirs = guard([change for change in free if change.id in waiting], limits)
    return Verdicts({**rest.holds, **theirs.holds}, (*rest.findings, *theirs.findings))


def in_order(changes: Iterable[Change]) -> Iterator[Change]:
    """A step after one of its line that is not written is not written either.

    A line's own price waits for no step: those before it have the price of an earlier day, whenever
    they are written. One that follows steps goes with them, whatever it was held for itself.
    """
    waiting: set[LineKey] = set()
    written: dict[LineKey, list[Change]] = defaultdict(list)
    for change in changes:
        line = change.line.key
        found = change
        if follows(change):
            found = _following(change, written[line])
        elif change.standing in WRITES and line in waiting and not is_own_price(change):
            found = _held(change, ("POL006",))
        elif change.standing in WAITS and is_built_on(change):
            waiting.add(line)
        if found.standing in WRITES:
            written[line].append(found)
        yield found


def _following(change: Change, steps: Iterable[Change]) -> Change:
    """A price with the first of the steps that leave a row at an earlier one; held without any."""
    for step in steps:
        if step.price != change.price:
            return replace(change, standing=step.standing, because=())
    return _held(change, ("POL006",))


def _leading(changes: Iterable[Change], approved: Set[str]) -> frozenset[str]:
    """Of each line's steps, those approved before the first that is not; and its own price, which
    stands on none of them."""
    found: set[str] = set()
    stopped: set[LineKey] = set()
    for change in changes:
        line = change.line.key
        if change.id not in approved:
            stopped.add(line)
        elif line not in stopped or is_own_price(change):
            found.add(change.id)
    return frozenset(found)


def _judged(change: Change, codes: tuple[str, ...], approval: Approval | None) -> Change:
    if codes:
        return _held(change, codes)
    if approval is None:
        return change
    step = Step(APPROVED, f"{approval.origin.file}: {approval.reason}")
    return replace(change, standing="ready", because=(), steps=(*change.steps, step))


def _held(change: Change, codes: tuple[str, ...]) -> Change:
    return replace(change, standing="held", because=codes) if codes else change
