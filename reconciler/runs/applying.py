"""Apply a plan: the one that was reviewed, or the one made now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from deepdiff import DeepDiff

from reconciler import __version__
from reconciler.apply import Executor, Session
from reconciler.apply.book import books
from reconciler.apply.kept import KeptClock
from reconciler.apply.moments import Watch, nobody
from reconciler.ledger import Approval, Lease, Ledger, Run
from reconciler.model.errors import PlanForeign, PlanStale
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change, Plan
from reconciler.report import plan_json
from reconciler.runs.planning import PlanOptions, PlanRun, plan
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)


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
    applied: tuple[Applied, ...]
    stopped: str | None
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
    with ledger.lease(options.who, LEASE, around.clock.now) as lease:
        clock = KeptClock(around.clock, lease)
        around = replace(around, clock=clock)
        run = plan(around, ledger, _asked(options, reviewed))
        if reviewed is None:
            changes, already = writable(run.planned.plan, approved=options.approves), 0
        else:
            changes, already = _reviewed(reviewed, run, ledger, approved=options.approves)
        shown = reviewed or run.planned.plan
        if confirm is not None and changes and not confirm(shown, changes):
            return None
        applied, stopped = _write(
            around, ledger, (lease, clock), run, shown, changes, options, watch
        )
        ledger.append_rules(run.planned.learned.rules)
        return ApplyRun(shown, applied, stopped, already)


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
    if (reviewed.tenant, reviewed.ledger) != (fresh.tenant, ledger.id):
        raise PlanForeign(
            f"the plan was made for {reviewed.tenant} with another ledger or tenant",
            remedy="make a plan with this configuration and this ledger",
        )
    wanted = writable(reviewed, approved=approved)
    now = {change.id: change for change in writable(fresh, approved=approved)}
    # What the plan itself just proved as done is in the ledger, and not in what it started from.
    done = ledger.remember().done_changes
    stale = [c for c in wanted if c.id not in done and not _equal(c, now.get(c.id))]
    if stale:
        raise PlanStale(
            "what was reviewed is no longer what would be written",
            where="; ".join(_difference(change, now) for change in stale),
            remedy="make a new plan, and have it reviewed",
        )
    left = [change for change in wanted if change.id in now]
    return left, len(wanted) - len(left)


def _equal(reviewed: Change, now: Change | None) -> bool:
    return now is not None and (reviewed.posts, reviewed.price) == (now.posts, now.price)


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
) -> tuple[tuple[Applied, ...], str | None]:
    if not changes:
        return (), None
    now = around.clock.now()
    ledger.save_plan(shown.digest, plan_json.dumps(shown), Approval(options.who, options.how, now))
    remembered = ledger.remember()
    contracts = books(
        run.seen.contracts,
        run.seen.rows,
        remembered.facts,
        {agreement.contract_id: agreement for agreement in remembered.agreements},
        run.planned.managed,
        run.state.assumptions,
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
    _log(ledger, run, options, applied, now)
    return applied, executor.stopped


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
