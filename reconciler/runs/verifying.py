"""Hold the invoices of a month against the ledger. Never writes to BMS, nor units to the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from reconciler.engine.expected import Convention
from reconciler.engine.known import worth
from reconciler.engine.lines import LineWork
from reconciler.engine.movements import Writes, known_since, movements_of, prices_of
from reconciler.engine.verified import VerifyInput, verify
from reconciler.engine.verify import VerifyContract, spelled
from reconciler.engine.verify_line import VerifyLine
from reconciler.ledger import Ledger
from reconciler.model.bms import IssuedInvoice, LineKey
from reconciler.model.finding import Finding
from reconciler.model.ledgered import Agreement, Intent, Settled
from reconciler.model.verification import Verification
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.inputs import open_days
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings

ALL_WRITES: Final = 10**9

NOT_THERE: Final = (*(f"BMS00{number}" for number in range(1, 9)), "BMS013")
"""Codes of what the configuration names and nobody could look at."""

ENDED: Final = "BMS007"
"""Of a contract that is not in force today."""


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """Which month, by its first day."""

    month: date
    accounts: tuple[str, ...] = ()
    """By name; empty for all."""


def verify_month(around: Surroundings, ledger: Ledger, options: VerifyOptions) -> Verification:
    """Read BMS and its invoices, and compare those for periods that begin in the month.

    What the read showed of BMS goes into the ledger, as with a plan. Units that an invoice shows
    are only proposed.
    """
    run = plan(around, ledger, PlanOptions(accounts=options.accounts, back_to=options.month))
    around.progress(f"Reading the invoices of {options.month:%Y-%m} and those before them")
    with around.client(run.state) as client:
        # An earlier invoice says what need not be on a later one: two periods back.
        invoices = client.issued_invoices(open_days(run.seen, options.month) - timedelta(days=1))
    return verify(
        VerifyInput(
            contracts=tuple(_contracts(run, ledger, invoices, options.month)),
            month=options.month,
            as_of=run.as_of,
            convention=Convention.of(run.state.assumptions, run.state.currency),
            invoice_day=run.state.invoice_run.day,
            left_out=tuple(_left_out(run, options.month)),
            shown=run.state.shown,
        )
    )


def _left_out(run: PlanRun, month: date) -> Iterator[Finding]:
    """A contract that ended since was in force then, and nothing is wrong with that."""
    works = run.planned.examined.works
    found = {(w.bound.ref.account, w.bound.ref.contract) for w in works if _reaches(w, month)}
    for said in run.planned.plan.findings:
        about = (said.subject.account, said.subject.contract)
        if said.code in NOT_THERE and not (said.code == ENDED and about in found):
            yield said


def _reaches(work: LineWork, month: date) -> bool:
    return work.bound.contract.contract.end >= month


def _contracts(
    run: PlanRun, ledger: Ledger, invoices: Sequence[IssuedInvoice], month: date
) -> Iterator[VerifyContract]:
    writes: dict[LineKey, list[tuple[Intent, Settled | None]]] = defaultdict(list)
    for intent, settled in ledger.writes(ALL_WRITES):
        writes[intent.line].append((intent, settled))
    works: dict[int, list[LineWork]] = defaultdict(list)
    for work in (one for one in run.planned.examined.works if _reaches(one, month)):
        works[work.bound.key.contract_id].append(work)
    billed = _by_contract(invoices)
    others = _others(run, ledger)
    by_hand = _repriced(run, ledger)
    for contract_id, lines in sorted(works.items()):
        bound = lines[0].bound.contract
        yield VerifyContract(
            id=contract_id,
            account=bound.account.name,
            name=bound.contract.name,
            schedule=bound.schedule,
            billing=bound.billing,
            lines=tuple(
                _line(work, writes[work.bound.key], run, by_hand[contract_id]) for work in lines
            ),
            invoices=billed.get(contract_id, ()),
            total=bound.contract.total,
            known_worth=_known_worth(lines, run),
            others=frozenset(others.get(contract_id, ())),
        )


def _repriced(
    run: PlanRun, ledger: Ledger
) -> Mapping[int, list[tuple[datetime, dict[int, Decimal]]]]:
    """By contract: when other prices were first agreed, and those before."""
    zone = ZoneInfo(run.state.time_zone)
    last: dict[int, dict[int, Decimal]] = {}
    found: dict[int, list[tuple[datetime, dict[int, Decimal]]]] = defaultdict(list)
    for contract, day, prices in ledger.agreed_prices():
        before = last.get(contract, {})
        moved = {row: before[row] for row in prices if before.get(row, prices[row]) != prices[row]}
        if moved:
            found[contract].append((datetime.combine(day, time.min, zone), moved))
        last[contract] = {**before, **prices}
    return found


def _line(
    work: LineWork,
    writes: Writes,
    run: PlanRun,
    by_hand: Sequence[tuple[datetime, Mapping[int, Decimal]]],
) -> VerifyLine:
    service = work.bound.service
    return VerifyLine(
        ref=work.bound.ref,
        names=frozenset((service.name, *(row.name for row in work.known.rows if row.name))),
        movements=movements_of(work.known, writes, ZoneInfo(run.state.time_zone)),
        since=known_since(work.known, writes),
        prices=prices_of(work.known, writes, service.price, by_hand),
    )


def _known_worth(works: Sequence[LineWork], run: PlanRun) -> Decimal:
    day, mode = run.seen.day or run.as_of, run.state.assumptions.total_price
    known = (work.known for work in works if work.known.is_known)
    return sum((worth(line, day, mode) for line in known), Decimal(0))


def _by_contract(invoices: Sequence[IssuedInvoice]) -> Mapping[int, Sequence[IssuedInvoice]]:
    """Each contract's invoices, with its own lines only."""
    out: dict[int, list[IssuedInvoice]] = defaultdict(list)
    for invoice in invoices:
        for contract in {line.contract_id for line in invoice.lines}:
            out[contract].append(_of(invoice, contract))
    return out


def _of(invoice: IssuedInvoice, contract: int) -> IssuedInvoice:
    return IssuedInvoice(
        id=invoice.id,
        number=invoice.number,
        first=invoice.first,
        last=invoice.last,
        created=invoice.created,
        sent=invoice.sent,
        lines=tuple(line for line in invoice.lines if line.contract_id == contract),
    )


def _others(run: PlanRun, ledger: Ledger) -> Mapping[int, set[str]]:
    """Per contract, what it has beside our lines, as far as it was read or last agreed."""
    names = {service.id: service.name for service in run.seen.services}
    out: dict[int, set[str]] = defaultdict(set)
    for row in run.seen.rows:
        if row.service_id not in run.planned.examined.managed.get(row.contract_id, ()):
            out[row.contract_id] |= {spelled(row.name), spelled(names.get(row.service_id, ""))}
    for agreement in ledger.remember().agreements:
        ours = run.planned.examined.managed.get(agreement.contract_id, frozenset())
        for service in _services(agreement) - ours:
            out[agreement.contract_id].add(spelled(names.get(service, "")))
    return {contract: found - {""} for contract, found in out.items()}


def _services(agreement: Agreement) -> set[int]:
    return {*agreement.lines, *(mark.service_id for mark in agreement.others)}
