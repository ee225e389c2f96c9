"""Apply a plan: the one that was reviewed, or the one made now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from deepdiff import DeepDiff

from reconciler import __version__
from reconciler.apply import Executor, Session
from reconciler.apply.book import Book, books
from reconciler.apply.kept import KeptClock
from reconciler.apply.moments import Watch, nobody
from reconciler.engine.digests import check_unedited
from reconciler.ledger import Approval, Lease, Ledger, Run
from reconciler.model.bms import Observation
from reconciler.model.errors import PlanError, PlanForeign, PlanStale
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change, Plan
from reconciler.report import plan_json
from reconciler.runs.holder import holder
from reconciler.runs.planning import PlanOptions, PlanRun, plan
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)

DECISIVE: Final = ("kind", "line", "day", "units_before", "units_after", "posts", "price")
"""The fields of a change that say what is written."""


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How an apply was asked for."""

    who: str
    """Who lets it write: a login, or the workflow's name."""
    how: Literal["terminal", "merge", "schedule"]
    accounts: tuple[str, ...] = ()
    commit: str | None = None
    correct: tuple[str, ...] = ()
    """Refs of writes to reverse, and nothing else."""

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
    stopped: str | None = None
    """Why the run stopped before its end."""
    answered: int = 0
    """Writes that BMS carried out, as far as its answers tell."""
    already: int = 0
    """Changes of the reviewed plan that earlier runs had written."""


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
    with ledger.lease(holder(options.who), LEASE, around.clock.now) as lease:
        clock = KeptClock(around.clock, lease)
        around = replace(around, clock=clock)
        run = plan(around, ledger, _asked(options, reviewed))
        if run.as_of > around.today(run.state):
            raise PlanError(
                f"the plan is as of {run.as_of}, a day that has not come",
                remedy="apply it on that day, or make one as of today",
            )
        if reviewed is None:
            changes, already = writable(run.planned.plan, approved=options.approves), 0
        else:
            changes, already = _reviewed(reviewed, run, ledger, approved=options.approves)
        shown = reviewed or run.planned.plan
        if confirm is not None and changes and not confirm(shown, changes):
            return None
        # A person may take their time, and another run the ledger meanwhile.
        lease.renew()
        # Before the first write: a run that dies must not count its edits from another day.
        ledger.append_rules(run.planned.examined.learned.rules)
        done = ApplyRun(shown, run.planned.plan, already=already)
        if not changes:
            return done
        executor = _write(around, ledger, (lease, clock), run, shown, changes, options, watch)
        session = executor.session
        return replace(
            done,
            applied=tuple(session.applied),
            stopped=executor.stopped,
            answered=session.written,
        )


def _asked(options: ApplyOptions, reviewed: Plan | None) -> PlanOptions:
    """The same question that the reviewed plan answered."""
    asked = PlanOptions(accounts=options.accounts, commit=options.commit, correct=options.correct)
    if reviewed is None:
        return asked
    month = date.fromisoformat(f"{reviewed.true_up.month}-01") if reviewed.true_up else None
    return replace(asked, as_of=reviewed.as_of, true_up=month, correct=reviewed.corrects)


def writable(plan: Plan, *, approved: bool) -> list[Change]:
    """The changes an apply writes; those that wait for approval only when it is given."""
    standings = ("ready", "proposed") if approved else ("ready",)
    return [change for change in plan.changes if change.standing in standings]


def _reviewed(
    reviewed: Plan, run: PlanRun, ledger: Ledger, *, approved: bool
) -> tuple[list[Change], int]:
    fresh = run.planned.plan
    _check(reviewed, run, ledger)
    wanted = writable(reviewed, approved=approved)
    now = {change.id: change for change in writable(fresh, approved=approved)}
    # What the plan itself just proved as done is in the ledger, and not in what it started from.
    done = ledger.done_changes(reviewed.digest)
    stale = [c for c in wanted if c.id not in done and not _equal(c, now.get(c.id))]
    if stale:
        raise PlanStale(
            "what was reviewed is no longer what would be written",
            where="; ".join(_difference(change, now) for change in stale),
            remedy="make a new plan, and have it reviewed",
        )
    left = [now[c.id] for c in wanted if c.id not in done]
    return left, len(wanted) - len(left)


def _check(reviewed: Plan, run: PlanRun, ledger: Ledger) -> None:
    """Is the file a plan of ours, unchanged, and still of use?"""
    fresh = run.planned.plan
    if (reviewed.tenant, reviewed.ledger) != (fresh.tenant, ledger.id):
        raise PlanForeign(
            f"the plan was made for {reviewed.tenant} with another ledger or tenant",
            remedy="make a plan with this configuration and this ledger",
        )
    check_unedited(reviewed)
    newest = max((rule.day for rule in run.remembered.rules), default=date.min)
    if newest > reviewed.as_of:
        raise PlanStale(
            f"the plan is as of {reviewed.as_of}, and edits of {newest} were applied since",
            remedy="make a new plan, and have it reviewed",
        )


def _equal(reviewed: Change, now: Change | None) -> bool:
    """Would exactly this be written?"""
    return now is not None and all(getattr(reviewed, n) == getattr(now, n) for n in DECISIVE)


def _difference(change: Change, now: dict[str, Change]) -> str:
    ref = change.line
    name = f"{ref.bms_service} of {ref.account} from {change.day}"
    same_line = [c for c in now.values() if c.line == ref]
    if not same_line:
        return f"{name}: {change.units_before} -> {change.units_after} is not planned any more"
    keys = ("day", "units_before", "units_after", "posts", "price")
    old, new = ({key: getattr(c, key) for key in keys} for c in (change, same_line[0]))
    words = DeepDiff(old, new, verbose_level=2).get("values_changed", {})
    moves = (
        f"{path.split(chr(39))[1]} {found['old_value']} -> {found['new_value']}"
        for path, found in sorted(words.items())
    )
    return f"{name}: {', '.join(moves)}"


def _write(
    around: Surroundings,
    ledger: Ledger,
    tenure: tuple[Lease, KeptClock],
    run: PlanRun,
    shown: Plan,
    changes: Sequence[Change],
    options: ApplyOptions,
    watch: Watch,
) -> Executor:
    now = around.clock.now()
    ledger.save_plan(shown.digest, plan_json.dumps(shown), Approval(options.who, options.how, now))
    remembered = ledger.remember()
    contracts = books(
        run.seen.contracts,
        run.seen.rows,
        remembered.facts,
        {agreement.contract_id: agreement for agreement in remembered.agreements},
        run.planned.examined.managed,
        run.state.assumptions,
        run.state.currency,
    )
    lease, clock = tenure
    with around.client(run.state) as client:
        session = Session(
            writer=client,
            journal=ledger,
            lease=lease,
            clock=clock,
            today=lambda moment: around.today(run.state, moment),
            assume=run.state.assumptions,
            note=run.state.line_note,
            plan=shown.digest,
            watch=watch,
        )
        executor = Executor(session)
        services = {service.id: service for service in run.seen.services}
        applied = executor.run(changes, contracts, services)
    ledger.save_observation(_as_written(run.seen, contracts))
    _log(ledger, run, options, applied, now)
    return executor


def _as_written(seen: Observation, books: Mapping[int, Book]) -> Observation:
    """What BMS shows after the writes, as far as it was read back. A total that was not read stays
    as the plan saw it: what was last agreed would hide that it has drifted."""
    totals = {i: book.total for i, book in books.items() if book.total is not None}
    theirs = [row for row in seen.rows if row.contract_id not in books]
    ours = [row for book in books.values() for rows in book.rows.values() for row in rows]
    return replace(
        seen,
        contracts=tuple(replace(c, total=totals.get(c.id, c.total)) for c in seen.contracts),
        rows=tuple(sorted((*theirs, *ours), key=lambda row: (row.contract_id, row.id))),
    )


def _log(
    ledger: Ledger,
    run: PlanRun,
    options: ApplyOptions,
    applied: Sequence[Applied],
    at: datetime,
) -> None:
    done = sum(1 for entry in applied if entry.result == "done")
    ledger.append_run(
        Run(
            kind="apply",
            at=at,
            version=__version__,
            config=run.state.digest,
            commit=options.commit,
            as_of=run.as_of,
            outcome=f"{done} of {len(applied)} changes written",
            detail=f"{options.who}, {options.how}",
        )
    )
