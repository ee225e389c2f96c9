"""What a plan found out about BMS, into the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Final

from reconciler.engine.examined import Learned
from reconciler.findings import CODES
from reconciler.ledger import Ledger
from reconciler.model.finding import Finding
from reconciler.model.ledgered import Agreement, Remembered
from reconciler.model.plan import Plan
from reconciler.runs.asked import PlanRun

RECENT: Final = 200
"""So many runs back it is looked whether something was told that day."""


def keep(ledger: Ledger, run: PlanRun, at: datetime) -> None:
    """What was seen and learned; and what is told once, since from now on it counts as known."""
    ledger.save_observation(run.seen)
    learned = run.planned.examined.learned
    remember(ledger, learned, run.remembered)
    ledger.name_prices([p.withdrawn for p in learned.prices], run.planned.plan.commit or "", at)
    once = noticed(run.planned.plan)
    if not once:
        return
    told = {(one.as_of, one.outcome) for one in ledger.history(RECENT) if one.kind == "noticed"}
    for found in once:
        if (run.as_of, found.message) not in told:
            ledger.append_run(run.row("noticed", at, found.message, found.code))


def noticed(plan: Plan) -> tuple[Finding, ...]:
    """Its findings that no later plan has: whoever makes it tells them."""
    return tuple(found for found in plan.findings if CODES[found.code].once)


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
