"""What one configuration causes against another, over the same readings and the same known state.

Units are never subtracted from each other: a line counts as moved where what it should have, or its
price, is not the same under both, or where the new one approves a change of it; then it is planned
whole.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import Final, TypeAlias

from reconciler.engine.ahead import early
from reconciler.engine.allowances import allowances
from reconciler.engine.beginnings import Beginning, beginnings
from reconciler.engine.dropped import Dropped, dropped
from reconciler.engine.entry import PlanInput
from reconciler.engine.examined import Examined, examined
from reconciler.engine.foreseen import Foreseen, forecasts, foreseen
from reconciler.engine.frame import Frame, by_line
from reconciler.engine.lines import LineWork
from reconciler.engine.part import Part
from reconciler.engine.plan import Planned, put_together, unplaced
from reconciler.engine.price_back import PriceKept, prices_kept
from reconciler.engine.taken_back import NotTakenBack, TakenBack, all_left, all_taken_back
from reconciler.engine.unplanned import Unplanned, unplanned
from reconciler.engine.voided import asked, voided
from reconciler.model.allowance import Allowance
from reconciler.model.approval import Approval
from reconciler.model.bms import LineKey
from reconciler.model.finding import Finding
from reconciler.model.plan import Change, Plan, Standing

Wanted: TypeAlias = "tuple[object, ...]"

UNMAPPED: Final = "USG003"
NOTHING_UNPLANNED: Final = Unplanned()


@dataclass(frozen=True, slots=True)
class Permission:
    """A change that both make, and that one may write and the other may not."""

    change: Change
    """As the new configuration has it."""
    before: Standing
    """As the old one has it."""


@dataclass(frozen=True, slots=True)
class Caused:
    """What the new configuration causes, and what goes on beside it."""

    planned: Planned
    """Only the lines that it moves, and the findings that are new with it."""
    anyway: tuple[Change, ...]
    """What the old configuration would do to these very lines: the part that usage moves. Not of
    lines that are there only because a change of theirs is approved."""
    tonight: Plan
    """What is planned for all other lines, under the old configuration."""
    permissions: tuple[Permission, ...]
    """Of those other lines."""
    dropped: Dropped
    """Lines that usage moves no more."""
    ahead: tuple[Approval, ...] = ()
    """New approvals whose change is there only when running periods are over, by forecast."""
    unfit: tuple[Approval, ...] = ()
    """Those that fit neither a change of today nor one of then."""
    later: tuple[Beginning, ...] = ()
    """What begins on a later day because of the new configuration, and is planned then."""
    foreseen: tuple[Foreseen, ...] = ()
    """Lines that move today with neither, and come out otherwise when their period is over."""
    voided: tuple[Approval, ...] = ()
    """Approvals that count with the old configuration, and with the new one no more."""
    allowances: tuple[Allowance, ...] = ()
    """In what the two let be written, whatever is planned today."""
    taken_back: tuple[TakenBack, ...] = ()
    """What merges wrote that the new configuration reverts."""
    not_taken_back: tuple[NotTakenBack, ...] = ()
    """Lines that it changes or takes out, on which what they wrote stays."""
    reverts: tuple[str, ...] = ()
    """The commits of all these merges."""
    unmapped: tuple[Finding, ...] = ()
    """Usage without an account, where the new configuration maps and leaves out the same
    organizations as the old one; else the plan has it."""
    prices_kept: tuple[PriceKept, ...] = ()
    """Of lines whose price the old configuration names, and the new one no more."""
    unplanned: Unplanned = NOTHING_UNPLANNED
    """Lines that it edits, and that no plan can tell the outcome of yet."""


def caused(new: PlanInput, old: PlanInput) -> Caused:
    """Both inputs are of the same day, readings and known state."""
    theirs = examined(old)
    if new.reverts:
        new = replace(new, before=theirs.said)
    ours = examined(new)
    given = {one.change: one for one in _given(new.approved, old.approved)}
    moved = moved_lines(ours.works, theirs.works)
    moved |= _takes_more_back(ours.works, theirs.works)
    granted = _granted([c for c in ours.part.changes if c.line.key not in moved], new, given)
    moved |= {change.line.key for change in granted}
    left = {work.bound.key for work in theirs.works} - {work.bound.key for work in ours.works}
    before = put_together(old, theirs.part)
    tonight = put_together(old, _only(theirs.part, moved | left, inside=False))
    rest = put_together(new, _only(ours.part, moved, inside=False))
    ids = {change.id for change in granted}
    lines = {change.line.key for change in granted}
    mine = _only(ours.part, moved, inside=True)
    mine = replace(
        mine, changes=tuple(c for c in mine.changes if c.line.key not in lines or c.id in ids)
    )
    loose = tuple(found for found in rest.findings if found.code == UNMAPPED)
    maps = _maps(new, ours, rest) != _maps(old, theirs, before)
    unseen = unplanned(new, old, ours, theirs)
    told = {f for f in map(unplaced, before.findings) if f.code != UNMAPPED or not maps}
    told = {found for found in told if (found.code, found.message) not in unseen.why}
    plan = put_together(new, mine, told=told if maps else told.union(map(unplaced, loose)))
    anyway = tuple(change for change in before.changes if change.line.key in moved)
    ends, void = _ends(new, old, ours, theirs)
    soon = early(given, ours.part.changes, ours.works, _frame(new))
    return Caused(
        planned=Planned(_with_causes(plan, anyway), ours),
        anyway=tuple(change for change in anyway if change.line.key not in lines),
        tonight=tonight,
        permissions=tuple(_permissions(rest.changes, tonight.changes)),
        dropped=dropped(
            [work.bound for work in ours.works],
            [work.bound for work in theirs.works if _is_billed(work, new.as_of)],
            new.state,
            new.as_of,
        ),
        ahead=soon.ahead,
        unfit=soon.unfit,
        later=beginnings(ours.works, theirs.works, new.as_of, new.state.currency),
        foreseen=ends,
        voided=void,
        allowances=allowances(new.state, old.state, new.as_of),
        taken_back=tuple(all_taken_back(plan.changes, new.reverts)),
        not_taken_back=(
            *ours.not_taken_back,
            *all_left([w.bound.ref for w in theirs.works if w.bound.key in left], new.reverts),
        ),
        reverts=tuple(dict.fromkeys(one.commit for one in new.reverts)),
        unmapped=() if maps else loose,
        prices_kept=tuple(prices_kept(ours.works, theirs.works)),
        unplanned=unseen,
    )


def _is_billed(work: LineWork, day: date) -> bool:
    """Does BMS go on billing it, if nobody looks at it any more?"""
    return not work.is_over(day) and work.known.timeline.at(day) != 0


def moved_lines(new: Iterable[LineWork], old: Iterable[LineWork]) -> Set[LineKey]:
    """Lines that should have other units or another price; new ones too."""
    before = {work.bound.key: _wanted(work) for work in old}
    return {work.bound.key for work in new if before.get(work.bound.key) != _wanted(work)}


def _maps(entry: PlanInput, looked: Examined, plan: Plan) -> tuple[object, ...]:
    """Which organizations are whose, which are left out, and how many are neither."""
    claimed, left_out = dict(looked.part.claimed), dict(looked.part.left_out)
    return claimed, left_out, entry.state.exclusions, plan.checked.organizations_unmapped


def _takes_more_back(new: Iterable[LineWork], old: Iterable[LineWork]) -> Set[LineKey]:
    """Than what an earlier revert left to a person, which is there anyway."""
    before = {work.bound.key: work.bound.takes_back for work in old}
    found = {w.bound.key: w.bound.takes_back for w in new if w.bound.takes_back}
    return {key for key, writes in found.items() if before.get(key) != writes}


def _ends(
    new: PlanInput, old: PlanInput, ours: Examined, theirs: Examined
) -> tuple[tuple[Foreseen, ...], tuple[Approval, ...]]:
    """What comes out otherwise when the running periods are over."""
    frames = (_frame(new), _frame(old))
    found = list(forecasts(ours.works, theirs.works, frames, asked(new.approved, old.approved)))
    changes = (ours.part.changes, theirs.part.changes)
    lost = voided((new.approved, old.approved), changes, frames, found)
    return foreseen(found, new.state.currency), lost


def _frame(entry: PlanInput) -> Frame:
    """Nothing is written of what is only forecast, so nothing holds it."""
    replaced = by_line(entry.remembered.replaced_prices)
    state = entry.state
    return Frame(state.assumptions, entry.as_of, state.currency, (), replaced=replaced)


def _given(new: Iterable[Approval], old: Iterable[Approval]) -> list[Approval]:
    """Approvals that the new configuration adds, wherever they stand."""
    before = Counter(map(_numbers, old))
    added = []
    for approval in new:
        if before[_numbers(approval)]:
            before[_numbers(approval)] -= 1
        else:
            added.append(approval)
    return added


def _granted(
    changes: Iterable[Change], new: PlanInput, given: Mapping[str, Approval]
) -> list[Change]:
    """Of each line's steps those that are approved now, where the ones before are too."""
    approved = {one.change for one in new.approved}
    lines: dict[LineKey, list[Change]] = defaultdict(list)
    for change in changes:
        lines[change.line.key].append(change)
    found: list[Change] = []
    for steps in lines.values():
        first = list(takewhile(lambda step: step.id in approved, steps))
        if any(step.id in given for step in first):
            found += first
    return found


def _numbers(one: Approval) -> Wanted:
    units = (one.from_units, one.to_units)
    return (one.change, one.account, one.contract, one.service, units, one.day, one.monthly)


def _with_causes(plan: Plan, anyway: Sequence[Change]) -> Plan:
    """Of a line that usage alone would not move, the configuration is the cause."""
    usage = {change.line.key for change in anyway}
    return replace(
        plan,
        changes=tuple(
            replace(change, cause="config")
            if change.cause == "usage" and change.line.key not in usage
            else change
            for change in plan.changes
        ),
    )


def _wanted(work: LineWork) -> Wanted:
    return (work.desired.timeline, work.desired.scheduled, work.wanted_price)


def _only(part: Part, lines: Set[LineKey], *, inside: bool) -> Part:
    changes = tuple(change for change in part.changes if (change.line.key in lines) is inside)
    return replace(part, changes=changes)


def _permissions(new: Sequence[Change], old: Sequence[Change]) -> Iterable[Permission]:
    before: Mapping[str, Change] = {change.id: change for change in old}
    for change in new:
        known = before.get(change.id)
        if known is not None and known.standing != change.standing:
            yield Permission(change, known.standing)
