"""Take over into the ledger what a person changed in BMS by hand. Never writes to BMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from reconciler import __version__
from reconciler.engine.evidence import SETTLE
from reconciler.engine.totals import agree
from reconciler.ledger import Ledger, Run
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.runs.accepted import AcceptError, Found, found_contract
from reconciler.runs.holder import holder
from reconciler.runs.planning import PlanOptions, PlanRun, plan
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)


def accept(
    around: Surroundings,
    ledger: Ledger,
    contract: str,
    units: Mapping[str, int],
    reason: str,
) -> tuple[KnownFact, ...]:
    """Take over what a person changed in BMS: the units of our services on a contract, as they
    are there now.

    ``contract`` is its id, or its name where only one has it. Raises AcceptError where the units
    do not close the contract's total or a write may still land on it, and LedgerLocked while an
    apply is at work. Intents in doubt on the contract end with it, and its writes that did not fit
    hold nothing any more.
    """
    with ledger.lease(holder("drift --accept"), LEASE, around.clock.now):
        return _accept(around, ledger, contract, units, reason)


def _accept(
    around: Surroundings,
    ledger: Ledger,
    contract: str,
    units: Mapping[str, int],
    reason: str,
) -> tuple[KnownFact, ...]:
    run = plan(around, ledger, PlanOptions())
    now = around.clock.now()
    if not units and _end_unanswered(around, ledger, run, contract, reason):
        return ()
    remembered = ledger.remember()
    misfits = remembered.misfits
    held = {misfit.intent.line.contract_id for misfit in misfits}
    found = Found.of(run, remembered, found_contract(run, contract, held))
    doubted = [i for i in ledger.open_intents() if i.line.contract_id == found.id]
    _nothing_on_its_way(found.name, doubted, now)
    facts = found.with_units(units)
    for intent in doubted:
        ledger.settle(Settled(intent.ref, "absent", around.clock.now(), detail=reason))
    for misfit in misfits:
        if misfit.intent.line.contract_id == found.id:
            ended = Settled(misfit.intent.ref, "accepted", around.clock.now(), detail=reason)
            ledger.settle(ended)
    ledger.append_facts([replace(fact, recorded_at=around.clock.now()) for fact in facts])
    ledger.append_agreements([agree(found.case())])
    _log(around, ledger, run, f"took over {found.name} (id {found.id})", reason)
    return facts


def _nothing_on_its_way(contract: str, doubted: Sequence[Intent], now: datetime) -> None:
    """A write whose answer was lost may land later than a person looks: what they read is not yet
    what BMS will have, and the next run would write the same again."""
    last = max((intent.at + SETTLE for intent in doubted), default=now)
    if last > now:
        raise AcceptError(
            f"a write to {contract} got no answer and may still land, until"
            f" {last:%Y-%m-%d %H:%M} UTC",
            where="--accept",
            remedy="look again after that, and give the units that BMS has then",
        )


def _end_unanswered(
    around: Surroundings, ledger: Ledger, run: PlanRun, contract: str, reason: str
) -> bool:
    """End the writes in doubt on a contract, by its id, that the configuration has no more."""
    managed = run.planned.examined.managed
    orphans = [
        intent
        for intent in ledger.open_intents()
        if str(intent.line.contract_id) == contract and intent.line.contract_id not in managed
    ]
    _nothing_on_its_way(f"contract {contract}", orphans, around.clock.now())
    for intent in orphans:
        ledger.settle(Settled(intent.ref, "absent", around.clock.now(), detail=reason))
    if orphans:
        _log(around, ledger, run, f"ended what was in doubt on contract {contract}", reason)
    return bool(orphans)


def _log(around: Surroundings, ledger: Ledger, run: PlanRun, outcome: str, reason: str) -> None:
    ledger.append_run(
        Run(
            kind="drift --accept",
            at=around.clock.now(),
            version=__version__,
            config=run.state.digest,
            commit=None,
            as_of=run.as_of,
            outcome=outcome,
            detail=reason,
        )
    )
