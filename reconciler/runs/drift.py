"""Look for hand edits in BMS, and take one over into the ledger. Never writes to BMS."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from reconciler import __version__
from reconciler.apply.book import Book, books
from reconciler.engine.case import Case
from reconciler.engine.evidence import SETTLE
from reconciler.engine.totals import agree, expected_totals
from reconciler.ledger import Ledger, Run
from reconciler.model.bms import Contract, LineKey
from reconciler.model.errors import PlanError, WrongUsage
from reconciler.model.ledgered import Intent, KnownFact, Settled
from reconciler.runs.holder import holder
from reconciler.runs.planning import PlanOptions, PlanRun, plan
from reconciler.runs.surroundings import Surroundings

LEASE: Final = timedelta(minutes=15)


class AcceptError(PlanError):
    """The units given do not explain what BMS shows."""


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
    misfits = ledger.remember().misfits
    found = _contract(run, contract, {misfit.intent.line.contract_id for misfit in misfits})
    doubted = [i for i in ledger.open_intents() if i.line.contract_id == found.id]
    _nothing_on_its_way(found.name, doubted, now)
    book = _book(run, ledger, found)
    services = _services(run, book)
    facts = []
    for name, total in units.items():
        if name not in services:
            raise WrongUsage(
                f"{found.name} has no service {name!r} in the configuration",
                where="--units",
                remedy=f"name one of: {', '.join(sorted(services))}",
            )
        facts.append(_fact(run, book, found, services[name], total))
    _close(run, book, facts)
    for intent in doubted:
        ledger.settle(Settled(intent.ref, "absent", around.clock.now(), detail=reason))
    for misfit in misfits:
        if misfit.intent.line.contract_id == found.id:
            ended = Settled(misfit.intent.ref, "accepted", around.clock.now(), detail=reason)
            ledger.settle(ended)
    ledger.append_facts([replace(fact, recorded_at=around.clock.now()) for fact in facts])
    day = run.seen.day or run.as_of
    ledger.append_agreements([agree(_case(run, book, day))])
    _log(around, ledger, run, f"took over {found.name} (id {found.id})", reason)
    return tuple(facts)


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


def _contract(run: PlanRun, wanted: str, more: Collection[int]) -> Contract:
    """Of those that the configuration names, and of ``more``, whatever it names."""
    ids = {*run.planned.examined.managed, *more}
    found = [c for c in run.seen.contracts if c.id in ids and wanted in (str(c.id), c.name)]
    if len(found) != 1:
        accounts = {account.id: account.name for account in run.seen.accounts}
        told = (f"{c.id} of {accounts.get(c.account_id, 'an unknown account')}" for c in found)
        raise WrongUsage(
            f"{wanted!r} fits several contracts: {', '.join(told)}"
            if found
            else f"the configuration has no contract {wanted!r}",
            where="--accept",
            remedy="give the contract's id; `reconciler drift` shows it for what has drifted",
        )
    return found[0]


def _book(run: PlanRun, ledger: Ledger, contract: Contract) -> Book:
    remembered = ledger.remember()
    return books(
        [contract],
        run.seen.rows,
        remembered.facts,
        {agreement.contract_id: agreement for agreement in remembered.agreements},
        {contract.id: run.planned.examined.managed.get(contract.id, frozenset())},
        run.state.assumptions,
        run.state.currency,
    )[contract.id]


def _services(run: PlanRun, book: Book) -> dict[str, int]:
    """BMS's and our names of the contract's services, those that left the configuration too."""
    left = book.case(run.as_of, book.contract.total).left
    names = {
        service.name: service.id
        for service in run.seen.services
        if service.id in book.managed or service.id in left
    }
    ids = set(names.values())
    for account in run.state.accounts:
        for wanted in account.contracts:
            for line in wanted.lines:
                by_name = line.bms_service.name
                if line.bms_service.id in ids:
                    names[line.service] = line.bms_service.id
                elif by_name in names:
                    names[line.service] = names[by_name]
    return names


def _fact(run: PlanRun, book: Book, contract: Contract, service: int, total: int) -> KnownFact:
    row = book.newest(service)
    return KnownFact(
        line=LineKey(contract.account_id, contract.id, service),
        row_id=row.id if row is not None and len(book.rows[service]) == 1 else None,
        day=row.date if row is not None and len(book.rows[service]) == 1 else run.as_of,
        effect="set",
        units=total,
        source="accepted",
        ref=None,
    )


def _case(run: PlanRun, book: Book, day: date) -> Case:
    wide = book.contract.id in run.seen.wide
    return replace(book.case(day, book.contract.total), wide=wide)


def _close(run: PlanRun, book: Book, facts: list[KnownFact]) -> None:
    for fact in facts:
        book.facts.setdefault(fact.line.service_id, []).append(fact)
    case = _case(run, book, run.seen.day or run.as_of)
    lines = {**case.left, **case.known()}
    # Units of every line, where the contract has others too: what is left over is theirs.
    told = {fact.line.service_id for fact in facts}
    if case.wide and case.others and lines.keys() <= told:
        return
    if case.agreement is None and not case.others:
        expected: tuple[Decimal, ...] = (case.worth(case.known()),)
    else:
        expected = expected_totals(case)
    nearest: Decimal = min((book.contract.total - value for value in expected), key=abs)
    if not case.is_nothing(nearest):
        raise AcceptError(
            f"with these units the contract's total would be {book.contract.total - nearest},"
            f" and BMS shows {book.contract.total}",
            where=book.contract.name,
            remedy="read the units of the contract's lines in BMS, and give --units for each that"
            " is not as `reconciler drift` expects it",
        )


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
