"""Apply a plan: the one that was reviewed, or the one made now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeAlias

from reconciler.apply import Executor
from reconciler.apply.moments import Watch, nobody
from reconciler.engine.beginnings import Beginning
from reconciler.engine.caused import Caused
from reconciler.engine.lapses import Lapse
from reconciler.ledger import Approval, Ledger
from reconciler.model.errors import PlanError, PlanStale
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change, Plan
from reconciler.model.rules import LineRule
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.correcting import still_to_reverse
from reconciler.runs.leased import leased
from reconciler.runs.left_by_hand import leave
from reconciler.runs.planning import plan
from reconciler.runs.remembering import Remembering
from reconciler.runs.reviewed import still_to_write, told, writable
from reconciler.runs.surroundings import Surroundings
from reconciler.runs.writing import Writing

How: TypeAlias = Literal["terminal", "--yes", "merge", "schedule"]
"""By an answer at a terminal, by an option that asks for no answer, by a merge, or by no person."""

UNATTENDED: Final[tuple[How, ...]] = ("merge", "schedule")
"""Nobody sits before it, so it can wait."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What was reviewed in a pull request."""

    base: str
    """The commit before the merge."""
    as_of: date
    """The day it was planned for."""
    plan: str
    """Digest of the plan that was shown: of every change, with its units, money and standing."""
    reverts: tuple[str, ...] = ()
    """Commits that it was planned to revert."""


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How an apply was asked for."""

    who: str
    """Who lets it write: a login, or the workflow's name."""
    how: How
    accounts: tuple[str, ...] = ()
    commit: str | None = None
    correct: tuple[str, ...] = ()
    """Refs of writes to reverse, and nothing else."""
    merged: Merged | None = None
    """Only what a merge causes."""

    @property
    def approves(self) -> bool:
        """Does asking approve changes that wait for approval?"""
        return self.how != "schedule"


@dataclass(frozen=True, slots=True)
class ApplyRun:
    """What was written, and the plan it was written from."""

    plan: Plan
    """The plan that was reviewed, or shown."""
    found: Plan
    """The plan as it is now, right before writing; the same one where none was reviewed."""
    applied: tuple[Applied, ...] = ()
    ahead: int = 0
    """Approvals that a merge gives of changes whose days are not closed yet."""
    later: tuple[Beginning, ...] = ()
    """What a merge lets begin on a later day."""
    unplanned: int = 0
    """How many lines it edits that could not be planned."""
    stopped: str | None = None
    """Why the run stopped before its end."""
    answered: int = 0
    """Writes that BMS carried out, as far as its answers tell."""
    lapses: tuple[Lapse, ...] = ()
    """What is lost of changes that wait too long."""
    already: tuple[Change, ...] = ()
    """Of the reviewed plan, what earlier runs had written."""


Confirm = Callable[[Plan, Sequence[Change]], bool]
"""Shown the plan and what would be written; False writes nothing."""


def apply(
    around: Surroundings,
    ledger: Ledger,
    options: ApplyOptions,
    *,
    reviewed: Plan | None = None,
    confirm: Confirm | None = None,
    watch: Watch = nobody,
) -> ApplyRun | None:
    """Plan again under the lease, and write what was reviewed, or what is confirmed now.

    None where the confirmation was refused. Raises PlanStale when a reviewed change is no longer
    what would be written, and PlanForeign for a plan of another tenant or ledger.
    """
    with leased(around, ledger, options.who, patient=options.how in UNATTENDED) as held:
        around = held.around
        asked = _asked(options, reviewed, ledger)
        run = plan(around, ledger, asked)
        _require_come(run, around)
        if reviewed is None:
            _require_same(run, options.merged)
        _require_take_backs(run)
        changes, already = _chosen(run, ledger, reviewed, options)
        shown = reviewed or run.planned.plan
        if confirm is not None and changes and not confirm(shown, changes):
            return None
        # A person may take their time, and another run the ledger meanwhile.
        held.lease.renew()
        # Before the first write: a run that dies must not count its edits from another day.
        corrects = bool(asked.correct or (reviewed and reviewed.corrects))
        ledger.append_rules(_rules(run, asked, [*changes, *already], corrects=corrects))
        leave(ledger, run, held.clock.now())
        lapses = run.planned.examined.part.lapses
        done = ApplyRun(shown, run.planned.plan, lapses=lapses, already=already)
        if run.caused is not None:
            done = _of_merge(done, run.caused)
        plain = not corrects and _is_of_every_line(asked)
        looks = plain and run.as_of == around.today(run.state)
        remembering = Remembering(run, ledger, changes)
        if looks:
            remembering.before_writing(held.clock.now())
        if changes:
            now = held.clock.now()
            approval = Approval(options.who, options.how, now, run.planned.plan.commit)
            writing = Writing(held, ledger, approval, watch)
            done = _ended(done, writing.write(run, shown, changes))
        if looks:
            # Of a reviewed plan nobody knows which lines it was about.
            all_of_it = reviewed is None and not options.accounts and done.stopped is None
            remembering.after_writing(held.clock.now(), all_of_it=all_of_it)
        return done


def _require_come(run: PlanRun, around: Surroundings) -> None:
    if run.as_of > around.today(run.state):
        raise PlanError(
            f"the plan is as of {run.as_of}, a day that has not come",
            remedy="apply it on that day, or make one as of today",
        )


def _require_same(run: PlanRun, merged: Merged | None) -> None:
    if merged is not None and run.planned.plan.digest != merged.plan:
        raise PlanStale(
            "what the merge causes is not what was reviewed: the pull request or its base went on,"
            " or its lines were written, edited or counted otherwise since",
            remedy="open a pull request for what is still wanted",
            now=told(run.planned.plan) or ["nothing: without it these lines come to the same"],
        )


def _require_take_backs(run: PlanRun) -> None:
    """What a revert takes back is written by its merge or by none: no later run looks for it."""
    back = [change for one in run.caused.taken_back for change in one.changes] if run.caused else []
    held = sum(change.standing == "held" for change in back)
    if held:
        raise PlanStale(
            f"guards hold {held:,} of the {len(back):,} changes that take back what was written",
            remedy="approve them in a pull request before it is merged; now that it is merged,"
            " approve them of `reconciler plan --correct REF --out FILE`, with the ref of a write"
            " or of a whole plan that `reconciler history` shows; `reconciler apply --correct REF`"
            " takes them back then. A price is written as `price:` of its line",
            now=told(run.planned.plan),
        )


def _chosen(
    run: PlanRun, ledger: Ledger, reviewed: Plan | None, options: ApplyOptions
) -> tuple[list[Change], tuple[Change, ...]]:
    """What to write, and what of the reviewed plan was written before."""
    if reviewed is None:
        return writable(run.planned.plan, approved=options.approves), ()
    merge = None if options.merged is None else options.commit
    return still_to_write(reviewed, run, ledger, approved=options.approves, merge=merge)


def _of_merge(done: ApplyRun, caused: Caused) -> ApplyRun:
    """What it leaves to later days."""
    return replace(
        done, ahead=len(caused.ahead), later=caused.later, unplanned=len(caused.unplanned)
    )


def _ended(done: ApplyRun, executor: Executor) -> ApplyRun:
    session = executor.session
    return replace(
        done,
        applied=tuple(session.applied),
        stopped=executor.stopped,
        answered=session.written,
    )


def _rules(
    run: PlanRun, asked: PlanOptions, changes: Sequence[Change], *, corrects: bool
) -> Sequence[LineRule]:
    """What comes into force with this run. A true-up is about its changes alone: to other lines,
    and to accounts that were never applied, the next plan of everything is still the first. So is a
    correction: an edit whose writes stay counts on; one that a person takes back does not."""
    learned = run.planned.examined.learned.rules
    if corrects and not asked.correct:
        # All of it was taken back by an earlier run.
        return ()
    if asked.true_up is None and not corrects:
        return learned
    by_hand = [one for one in run.planned.plan.changes if corrects and one.standing == "by-hand"]
    written = {change.line.key for change in (*changes, *by_hand)}
    applied = {rule.line.account_id for rule in run.remembered.rules}
    return [rule for rule in learned if rule.line in written and rule.line.account_id in applied]


def _is_of_every_line(asked: PlanOptions) -> bool:
    """Does it look at every line for itself? A merge has it beside what was there before."""
    return asked.true_up is None and asked.base is None


def _asked(options: ApplyOptions, reviewed: Plan | None, ledger: Ledger) -> PlanOptions:
    """The same question that the reviewed plan answered, or what is left of it."""
    asked = PlanOptions(accounts=options.accounts, commit=options.commit, correct=options.correct)
    if options.merged is not None:
        merged = options.merged
        return replace(asked, as_of=merged.as_of, base=merged.base, reverts=merged.reverts)
    if reviewed is None:
        return asked
    month = date.fromisoformat(f"{reviewed.true_up.month}-01") if reviewed.true_up else None
    left = still_to_reverse(ledger, reviewed.corrects, reviewed.digest)
    return replace(asked, as_of=reviewed.as_of, true_up=month, correct=left)
