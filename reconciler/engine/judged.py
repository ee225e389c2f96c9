"""Changes after approvals and guards: each line's steps stand or wait in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from reconciler.engine.approvals import permits
from reconciler.engine.guards import Limits, Verdicts, guard
from reconciler.engine.standings import WAITS, WRITES, is_built_on
from reconciler.model.approval import Approval
from reconciler.model.bms import LineKey
from reconciler.model.plan import Change, Step


def judged(
    changes: Sequence[Change],
    limits: Limits,
    approvals: Iterable[Approval],
    done: Mapping[str, int],
    unmerged: Set[str] = frozenset(),
) -> tuple[list[Change], Verdicts]:
    """Hold what guards or approvals stop, and whatever was computed on top of it.

    ``changes`` have each line's price first and then its units by day; ``done`` is how often each
    change was written before, by its id; ``unmerged`` are the true-ups that only an approval lets
    be written.
    """
    standing = list(in_order(changes))
    free = [change for change in standing if change.standing in WRITES]
    allowed = permits(free, approvals, done)
    approved = _leading(free, allowed.approved.keys())
    waiting = unmerged - approved
    verdicts = _guarded(free, waiting, replace(limits, approved=approved))
    holds = {
        change.id: (
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
    """A step after one of its line that is not written is not written either."""
    waiting: set[LineKey] = set()
    for change in changes:
        line = change.line.key
        if change.standing in WRITES and line in waiting:
            yield _held(change, ("POL006",))
            continue
        if change.standing in WAITS and is_built_on(change):
            waiting.add(line)
        yield change


def _leading(changes: Iterable[Change], approved: Set[str]) -> frozenset[str]:
    """Of each line's steps, those approved before the first that is not."""
    lines: dict[LineKey, list[Change]] = defaultdict(list)
    for change in changes:
        lines[change.line.key].append(change)
    found: set[str] = set()
    for steps in lines.values():
        for step in steps:
            if step.id not in approved:
                break
            found.add(step.id)
    return frozenset(found)


def _judged(change: Change, codes: tuple[str, ...], approval: Approval | None) -> Change:
    if codes:
        return _held(change, codes)
    if approval is None:
        return change
    step = Step("approved", f"{approval.origin.file}: {approval.reason}")
    return replace(change, standing="ready", steps=(*change.steps, step))


def _held(change: Change, codes: tuple[str, ...]) -> Change:
    return replace(change, standing="held", because=codes) if codes else change
