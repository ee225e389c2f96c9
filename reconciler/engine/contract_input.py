"""What is known of each contract when it is examined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, tzinfo

from reconciler.engine.begun import still_said
from reconciler.engine.bound import Bound, BoundContract, BoundLine
from reconciler.engine.case import Case
from reconciler.engine.day_runs import Input
from reconciler.engine.entry import PlanInput
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.left import left_lines
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import LineKey, Row
from reconciler.model.ledgered import Agreement, EnteredPeriod, Intent, KnownFact


@dataclass(frozen=True, slots=True)
class ContractInput:
    """Everything about one contract that a plan needs."""

    bound: BoundContract
    lines: Sequence[tuple[BoundLine, Sequence[Input]]]
    rows: Mapping[int, Sequence[Row]]
    """Every row read, by BMS service."""
    facts: Mapping[int, Sequence[KnownFact]]
    """By BMS service, in the order they were learned."""
    agreement: Agreement | None
    intents: Sequence[Intent]
    """Open ones."""
    wide: bool
    searched: Collection[int]
    """BMS services whose rows were read on every contract."""
    day: date
    """BMS's day of the reading."""
    now: datetime | None
    as_of: date
    assume: Assumptions
    note: str | None
    currency: str
    zone: tzinfo = UTC
    """The tenant's."""
    entered: Mapping[int, Sequence[EnteredPeriod]] = field(default_factory=dict)
    """By BMS service: what periods were entered with, where BMS does not show it."""


def contract_inputs(
    entry: PlanInput, bound: Bound, inputs: Mapping[LineKey, Sequence[Input]]
) -> Iterator[ContractInput]:
    """Of every contract that the configuration names, with what counts for its lines."""
    lines: dict[int, list[tuple[BoundLine, Sequence[Input]]]] = defaultdict(list)
    for line in bound.lines:
        lines[line.key.contract_id].append((line, inputs[line.key]))
    facts: dict[int, dict[int, list[KnownFact]]] = defaultdict(lambda: defaultdict(list))
    for fact in entry.remembered.facts:
        facts[fact.line.contract_id][fact.line.service_id].append(fact)
    entered: dict[int, dict[int, list[EnteredPeriod]]] = defaultdict(lambda: defaultdict(list))
    for one in entry.remembered.entered:
        entered[one.line.contract_id][one.line.service_id].append(one)
    agreements = {a.contract_id: a for a in entry.remembered.agreements}
    intents: dict[int, list[Intent]] = defaultdict(list)
    for intent in entry.remembered.open_intents:
        intents[intent.line.contract_id].append(intent)
    for contract_id, contract in bound.contracts.items():
        yield ContractInput(
            bound=contract,
            lines=lines[contract_id],
            rows=bound.rows.get(contract_id, {}),
            facts=facts.get(contract_id, {}),
            agreement=agreements.get(contract_id),
            intents=intents.get(contract_id, ()),
            wide=contract_id in entry.seen.wide,
            searched=entry.seen.searched,
            day=entry.seen.day or entry.as_of,
            now=entry.now,
            as_of=entry.as_of,
            assume=entry.state.assumptions,
            note=entry.state.line_note,
            currency=entry.state.currency,
            zone=entry.zone,
            entered=entered.get(contract_id, {}),
        )


def known_lines(
    entry: ContractInput, facts: Mapping[int, Sequence[KnownFact]]
) -> dict[int, KnownLine]:
    """The contract's lines by BMS service, after these facts."""
    agreed = set(entry.agreement.lines) if entry.agreement is not None else set()
    found = {
        bound.service.id: known_line(
            bound.rows, facts.get(bound.service.id, ()), agreed=bound.service.id in agreed
        )
        for bound, _ in entry.lines
    }
    for service in found.keys() & entry.entered.keys():
        still = still_said(entry.entered[service], found[service].facts)
        found[service] = replace(found[service], entered=still)
    return found


def case_of(
    entry: ContractInput,
    known: Mapping[int, KnownLine],
    facts: Mapping[int, Sequence[KnownFact]],
) -> Case:
    """The contract as a proof wants it, with these lines."""
    others = [row for service, rows in entry.rows.items() if service not in known for row in rows]
    return Case(
        contract=entry.bound.contract,
        lines=known,
        others=others,
        wide=entry.wide,
        agreement=entry.agreement,
        day=entry.day,
        assume=entry.assume,
        currency=entry.currency,
        left=left_lines(entry.bound.contract, entry.agreement, facts, known),
    )
