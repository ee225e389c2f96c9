"""All lines of one contract together: settle lost answers, prove the total, find what to do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from reconciler.engine.bind import BoundContract, BoundLine
from reconciler.engine.case import Case
from reconciler.engine.count import Input
from reconciler.engine.diff import ByHand, Post
from reconciler.engine.evidence import Done, InDoubt, NotDone, Scene, judge
from reconciler.engine.hand import DoneByHand
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.left import left_lines
from reconciler.engine.lines import LineWork, opens_on, work
from reconciler.engine.noted import noted
from reconciler.engine.proof import (
    Consistent,
    Drifted,
    NeedsWideRead,
    NotClosed,
    NotYet,
    Proof,
    Solved,
    prove,
)
from reconciler.engine.proration import half_a_minor_unit
from reconciler.engine.totals import expected_totals
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Row
from reconciler.model.ledgered import Agreement, Intent, KnownFact, Settled


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
    billing_starts: date | None
    assume: Assumptions
    note: str | None
    currency: str


@dataclass(slots=True)
class ContractOutcome:
    """What was found, and what was learned on the way."""

    works: list[LineWork]
    proof: Proof | None = None
    """None while a lost answer is in doubt: until then the total proves nothing."""
    doubts: list[tuple[Intent, str]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    facts: list[KnownFact] = field(default_factory=list)


def examine(entry: ContractInput) -> ContractOutcome:
    """Settle open intents, then prove; facts learned on the way are used at once."""
    facts = {service: list(known) for service, known in entry.facts.items()}
    outcome = ContractOutcome(works=[])
    for intent in entry.intents:
        _settle(intent, entry, facts, outcome)
    if entry.agreement is None:
        _read_notes(entry, facts, outcome)
    opens = opens_on(entry.bound, entry.billing_starts, entry.as_of)
    for _ in range(len(entry.lines) + 2):
        known = _known(entry, facts)
        outcome.works = [
            work(bound, known[bound.service.id], inputs, opens, entry.as_of, entry.assume)
            for bound, inputs in entry.lines
        ]
        if outcome.doubts:
            break
        outcome.proof = prove(_case(entry, known, facts), _planned(outcome.works))
        learned = _learned(outcome.proof)
        if not learned:
            break
        outcome.facts.extend(learned)
        for fact in learned:
            facts.setdefault(fact.line.service_id, []).append(fact)
    return outcome


def _read_notes(
    entry: ContractInput, facts: dict[int, list[KnownFact]], outcome: ContractOutcome
) -> None:
    """Without a ledger, units stand in our own notes."""
    for bound, _ in entry.lines:
        if bound.rows and not facts.get(bound.service.id):
            found = noted(bound.key, bound.rows, entry.note, entry.assume)
            facts[bound.service.id] = list(found)
            outcome.facts.extend(found)


def _learned(proof: Proof) -> tuple[KnownFact, ...]:
    match proof:
        case DoneByHand(facts):
            return facts
        case Solved(fact):
            return (fact,)
        case Consistent() | Drifted() | NeedsWideRead() | NotClosed() | NotYet():
            return ()


def _known(entry: ContractInput, facts: Mapping[int, Sequence[KnownFact]]) -> dict[int, KnownLine]:
    agreed = set(entry.agreement.lines) if entry.agreement is not None else set()
    return {
        bound.service.id: known_line(
            bound.rows, facts.get(bound.service.id, ()), agreed=bound.service.id in agreed
        )
        for bound, _ in entry.lines
    }


def _case(
    entry: ContractInput,
    known: Mapping[int, KnownLine],
    facts: Mapping[int, Sequence[KnownFact]],
) -> Case:
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


def _planned(works: Sequence[LineWork]) -> dict[int, list[Post | ByHand]]:
    return {
        w.bound.service.id: [step for step in w.steps if isinstance(step, Post | ByHand)]
        for w in works
        if w.steps
    }


def _settle(
    intent: Intent,
    entry: ContractInput,
    facts: dict[int, list[KnownFact]],
    outcome: ContractOutcome,
) -> None:
    service = intent.line.service_id
    rows = entry.rows.get(service, ())
    without = _case(entry, _known_with(entry, facts, intent, None), facts)
    fact = _fact(intent, None, entry)
    done = _case(entry, _known_with(entry, facts, intent, fact), facts)
    scene = Scene(
        rows=rows,
        total=entry.bound.contract.total,
        without=_agreed_totals(without),
        with_it=_agreed_totals(done),
        tolerance=half_a_minor_unit(entry.currency),
        now=entry.now,
        note=entry.note,
        appends=entry.assume.line_update == "append",
        read=entry.wide or service in entry.searched,
    )
    at = entry.now or intent.at
    match judge(intent, scene):
        case Done(row_id):
            outcome.settled.append(Settled(intent.ref, "proved", at, row_id))
            if intent.kind == "units":
                fact = replace(fact, row_id=row_id)
                facts.setdefault(service, []).append(fact)
                outcome.facts.append(fact)
        case NotDone():
            outcome.settled.append(Settled(intent.ref, "absent", at))
        case InDoubt(why):
            outcome.doubts.append((intent, why))


def _agreed_totals(case: Case) -> Sequence[Decimal]:
    """None where no total was agreed: a rest taken from the total itself would fit everything."""
    return expected_totals(case) if case.agreement is not None else ()


def _fact(intent: Intent, row_id: int | None, entry: ContractInput) -> KnownFact:
    upsert = entry.assume.line_update == "upsert"
    return KnownFact(
        line=intent.line,
        row_id=row_id,
        day=intent.day,
        effect="set" if upsert else "add",
        units=intent.posted_units,
        source="note",
        ref=intent.ref,
    )


def _known_with(
    entry: ContractInput,
    facts: Mapping[int, Sequence[KnownFact]],
    intent: Intent,
    fact: KnownFact | None,
) -> dict[int, KnownLine]:
    service = intent.line.service_id
    known = _known(entry, facts)
    rows = tuple(entry.rows.get(service, ()))
    more = (*facts.get(service, ()), fact) if fact is not None else tuple(facts.get(service, ()))
    known[service] = known_line(rows, more, agreed=True)
    return known
