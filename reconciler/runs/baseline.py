"""Starting units: a CSV with everything filled in but what a person must read in BMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from reconciler.apply.book import Book, books
from reconciler.engine.starting import (
    Before,
    Corrected,
    KnownAlready,
    Mistaken,
    NotManaged,
    Taken,
    below_zero,
    by_line,
    verdict_on,
)
from reconciler.engine.totals import agree
from reconciler.ledger import Ledger
from reconciler.model.baseline import Imported
from reconciler.model.ledgered import Agreement
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.baseline_file import BaselineError, read_baseline
from reconciler.runs.baseline_template import managed_rows
from reconciler.runs.baseline_totals import case_of, left_out, unproved
from reconciler.runs.leased import Held, leased
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings

ALL_WRITES: Final = 10**9


def import_baseline(around: Surroundings, ledger: Ledger, path: Path) -> Imported:
    """Take the units of a filled file into the ledger, contract by contract.

    Raises BaselineError, and takes nothing, for a row that BMS does not have (any more) or has on
    another day, contract or service, units that are no whole number, or a row given twice. The
    rows of a contract are held against its total; where they cannot come to it, somebody misread a
    number, and the contract is left out whole, until a file says better. The others are proved by
    totals of their own and are taken.
    A row of a service that the configuration does not name may be there: with every row of a
    contract, all of them must come to its total. Raises LedgerLocked while
    another run is at work: two that take the same units would double them.
    """
    with leased(around, ledger, "baseline --import") as held:
        return _import(held, ledger, path)


def _import(held: Held, ledger: Ledger, path: Path) -> Imported:
    run = plan(held.around, ledger, PlanOptions())
    before = _before(held.around, ledger, run)
    given, unread = read_baseline(path)
    verdicts = [verdict_on(one, before) for one in given]
    found = [one for one in verdicts if isinstance(one, Taken | Corrected)]
    wrong = [one for one in verdicts if isinstance(one, Mistaken)]
    mistakes = [f"row {m.given.number}: {m.why}" for m in (*wrong, *below_zero(found, before))]
    if unread or mistakes:
        raise BaselineError(path, (*unread, *mistakes))
    after = _books(run, ledger, found)
    out = tuple(left_out(run, after, found, given))
    taken = {id_: book for id_, book in after.items() if id_ not in {o.contract_id for o in out}}
    closed = [one for one in found if one.fact.line.contract_id in taken]
    agreements = _agreed(run, closed, after)
    known = [one.fact for one in closed]
    ledger.take_over(held.lease.number, held.clock.now(), known=known, agreements=agreements)
    return Imported(
        taken=sum(isinstance(one, Taken) for one in closed),
        corrected=sum(isinstance(one, Corrected) for one in closed),
        known_already=sum(isinstance(one, KnownAlready) for one in verdicts),
        not_managed=sum(isinstance(one, NotManaged) for one in verdicts),
        left_out=out,
        unproved=tuple(unproved(run, taken, given)),
    )


def _before(around: Surroundings, ledger: Ledger, run: PlanRun) -> Before:
    remembered = ledger.remember()
    rows = {row.id: row for row in run.seen.rows}
    upsert = run.state.assumptions.line_update == "upsert"
    return Before(
        rows=rows,
        managed=frozenset(row.id for row in managed_rows(run)),
        searched=frozenset(map(str, run.seen.searched)),
        wide=frozenset(map(str, run.seen.wide)),
        catalogue=frozenset(str(service.id) for service in run.seen.services),
        facts=by_line(remembered.facts),
        by_row={fact.row_id: fact.line for fact in remembered.facts if fact.row_id is not None},
        correctable=_correctable(ledger, run),
        effect="set" if upsert else "add",
        now=around.clock.now(),
    )


def _correctable(ledger: Ledger, run: PlanRun) -> frozenset[int]:
    """Contracts where nothing rests on the units learned: neither a write, nor a total since."""
    written = {intent.line.contract_id for intent, _ in ledger.writes(ALL_WRITES)}
    agreed = {one.contract_id: one.total for one in ledger.remember().agreements}
    return frozenset(
        contract.id
        for contract in run.seen.contracts
        if contract.id not in written and agreed.get(contract.id, contract.total) == contract.total
    )


def _books(run: PlanRun, ledger: Ledger, found: Sequence[Taken | Corrected]) -> Mapping[int, Book]:
    """The contracts as they would be known with the file."""
    remembered = ledger.remember()
    named = {one.fact.line.contract_id for one in found}
    return books(
        [contract for contract in run.seen.contracts if contract.id in named],
        run.seen.rows,
        (*remembered.facts, *(one.fact for one in found)),
        {agreement.contract_id: agreement for agreement in remembered.agreements},
        run.planned.examined.managed,
        run.state.assumptions,
        run.state.currency,
    )


def _agreed(
    run: PlanRun, closed: Sequence[Taken | Corrected], after: Mapping[int, Book]
) -> list[Agreement]:
    """The total agreed anew: the old agreement had the old units in it, or lines of which nobody
    knew any. What is edited by hand from now on is held against these."""
    contracts = {one.fact.line.contract_id for one in closed}
    return [
        agree(case_of(run, after[contract]))
        for contract in sorted(contracts)
        if after[contract].agreement is not None
    ]
