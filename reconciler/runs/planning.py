"""Make a plan: from BMS as it is now, or offline from the last that was known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from reconciler.desired import load_approvals
from reconciler.engine.entry import PlanInput
from reconciler.engine.examined import Learned
from reconciler.engine.line_months import month_after
from reconciler.engine.plan import Planned, make_plan
from reconciler.ledger import Ledger
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState
from reconciler.model.errors import LedgerError, WrongUsage
from reconciler.model.ledgered import Agreement, Remembered
from reconciler.runs.correcting import writes_named
from reconciler.runs.surroundings import Surroundings

if TYPE_CHECKING:
    from reconciler.runs.actual import Reader

MOST_READS: Final = 3
"""A contract that needs all its rows asks once; what it finds may ask once more."""

DAYS_OF_TWO_PERIODS: Final = {"weekly": 14, "monthly": 62, "quarterly": 184, "yearly": 732}


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is asked for."""

    as_of: date | None = None
    """Today in the tenant's time zone when None."""
    accounts: tuple[str, ...] = ()
    offline: bool = False
    commit: str | None = None
    true_up: date | None = None
    """The first day of the month to set."""
    correct: tuple[str, ...] = ()
    """Refs of writes to reverse."""
    back_to: date | None = None
    """Contracts that ended on that day or later are looked at too."""


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A plan with what it was made of; an apply goes on from here."""

    state: DesiredState
    planned: Planned
    seen: Observation
    remembered: Remembered
    as_of: date


def plan(around: Surroundings, ledger: Ledger, options: PlanOptions) -> PlanRun:
    """Load, read, plan; online, what was learned about BMS goes into the ledger."""
    state = around.desired()
    check_accounts(state, options.accounts)
    as_of = options.as_of or around.today(state)
    check_month(options.true_up, as_of, state.billing_starts)
    if options.offline:
        seen = ledger.load_observation()
        if seen is None:
            raise LedgerError(
                "BMS was never read",
                where=ledger.where,
                remedy="run `reconciler plan` once without --offline",
            )
        return _make(around, ledger, state, seen, as_of, options)
    from reconciler.runs.actual import Reader

    with around.client(state) as client:
        doubtful = frozenset(intent.line.service_id for intent in ledger.open_intents())
        reader = Reader(client, state, ledger.load_observation(), doubtful)
        return _online(around, ledger, state, reader, as_of, options)


def open_days(seen: Observation, as_of: date) -> date:
    """The first day of readings that a plan can need: two periods back, of the longest cycle."""
    days = (DAYS_OF_TWO_PERIODS.get(c.billing_cycle.lower(), 0) for c in seen.contracts)
    return as_of - timedelta(days=max(days, default=0) or DAYS_OF_TWO_PERIODS["monthly"])


def _online(
    around: Surroundings,
    ledger: Ledger,
    state: DesiredState,
    reader: Reader,
    as_of: date,
    options: PlanOptions,
) -> PlanRun:
    run = _make(around, ledger, state, reader.read(), as_of, options)
    for _ in range(MOST_READS):
        wide = run.seen.wide | run.planned.examined.wide
        if wide == run.seen.wide:
            break
        around.progress(
            f"Reading every line of {len(wide)} contract{'' if len(wide) == 1 else 's'}"
        )
        run = _make(around, ledger, state, reader.read(wide), as_of, options)
    ledger.save_observation(run.seen)
    remember(ledger, run.planned.examined.learned, run.remembered)
    return run


def _make(
    around: Surroundings,
    ledger: Ledger,
    state: DesiredState,
    seen: Observation,
    as_of: date,
    options: PlanOptions,
) -> PlanRun:
    remembered = ledger.remember()
    known = Known(state, seen, remembered, as_of)
    planned = make_plan(input_of(around, ledger, known, options))
    return PlanRun(state, planned, seen, remembered, as_of)


@dataclass(frozen=True, slots=True)
class Known:
    """What is wanted and what is there, on the day of a plan."""

    state: DesiredState
    seen: Observation
    remembered: Remembered
    as_of: date


def input_of(around: Surroundings, ledger: Ledger, known: Known, options: PlanOptions) -> PlanInput:
    """With the readings, the approvals and what the plan is asked for."""
    first, last = open_days(known.seen, known.as_of), known.as_of - timedelta(days=1)
    return PlanInput(
        state=known.state,
        seen=known.seen,
        usage=ledger.load_usage(first, last, known.state.sources),
        remembered=known.remembered,
        as_of=known.as_of,
        now=known.seen.read_at,
        commit=options.commit,
        approved=load_approvals(around.config),
        only=options.accounts,
        true_up=options.true_up,
        corrects=writes_named(ledger, options.correct),
        back_to=options.back_to,
    )


def remember(ledger: Ledger, learned: Learned, before: Remembered) -> None:
    """Keep what was learned: how intents ended, with their units; agreements that changed.

    Of a contract that somebody else told of meanwhile nothing is kept: two plans at the same time
    find out the same.
    """
    told = Counter(fact.line.contract_id for fact in before.facts)
    by_ref = {fact.ref: fact for fact in learned.facts if fact.ref is not None}
    for settled in learned.settled:
        fact = by_ref.get(settled.ref)
        if ledger.settle(settled, [fact] if fact is not None else []) and fact is not None:
            told[fact.line.contract_id] += 1
    loose = [fact for fact in learned.facts if fact.ref is None]
    known = {agreement.contract_id: agreement for agreement in before.agreements}
    new = [a for a in learned.agreements if not _same(a, known.get(a.contract_id))]
    if loose or new:
        ledger.learn(loose, new, told)
    ledger.append_names(sorted(set(learned.names) - set(before.names)))


def _same(new: Agreement, old: Agreement | None) -> bool:
    """Of the same day, too, where the day of a row that is not ours has come since."""
    if old is None or replace(new, day=old.day) != old:
        return False
    return not any(old.day <= mark.day <= new.day != old.day for mark in old.others)


def _meant(name: str, known: set[str]) -> str:
    folded = {one.casefold(): one for one in sorted(known)}
    near = get_close_matches(name.casefold(), list(folded), 1)
    near = near or [one for one in folded if name.casefold() in one]
    if near:
        return f"did you mean {folded[near[0]]!r}?"
    return "take the name as it stands after `account:` in its file"


def check_accounts(state: DesiredState, accounts: tuple[str, ...]) -> None:
    """WrongUsage for a name that the configuration does not have."""
    known = {str(account.account) for account in state.accounts}
    for name in accounts:
        if name not in known:
            raise WrongUsage(
                f"no account {name!r} in the configuration",
                where="account",
                remedy=_meant(name, known),
            )


def check_month(month: date | None, as_of: date, billing_starts: date | None) -> None:
    """WrongUsage for a month that has not begun, or that is over before anything is billed."""
    if month is None:
        return
    if billing_starts is not None and month_after(month) <= billing_starts:
        raise WrongUsage(
            f"{month:%Y-%m} is before billing starts: nothing up to {billing_starts} is written",
            where="--true-up",
            remedy=f"name a month from {billing_starts:%Y-%m} on, or set an earlier"
            " `billing_starts` in billing.yaml",
        )
    if month > as_of:
        raise WrongUsage(
            f"{month:%Y-%m} has not begun: on {as_of} there is nothing to forecast it from",
            where="--true-up",
            remedy="plan it from its first day on",
        )
