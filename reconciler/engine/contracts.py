"""All lines of one contract together: settle lost answers, prove the total, find what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reconciler.engine.contract_input import ContractInput, case_of, known_lines
from reconciler.engine.diff import ByHand, Post
from reconciler.engine.ended import day_of_plan
from reconciler.engine.evidence import Done, InDoubt, NotDone
from reconciler.engine.hand import DoneByHand
from reconciler.engine.lines import LineWork, still_there, work
from reconciler.engine.looked_at import opens_on
from reconciler.engine.noted import noted
from reconciler.engine.proof import (
    Consistent,
    Drifted,
    NeedsWideRead,
    NotClosed,
    NotYet,
    OnlyNoted,
    Proof,
    Solved,
    prove,
)
from reconciler.engine.settling import fact_of, judged_by
from reconciler.model.finding import Finding
from reconciler.model.ledgered import Intent, KnownFact, Settled


@dataclass(slots=True)
class ContractOutcome:
    """What was found, and what was learned on the way."""

    works: list[LineWork]
    proof: Proof | None = None
    """None while a lost answer is in doubt: until then the total proves nothing."""
    doubts: list[tuple[Intent, str]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    facts: list[KnownFact] = field(default_factory=list)
    repriced: tuple[Finding, ...] = ()
    """Prices that a person changed: the total is clear, and waits for a person all the same."""


def examine(entry: ContractInput) -> ContractOutcome:
    """Settle open intents, then prove; facts learned on the way are used at once."""
    facts = {service: list(known) for service, known in entry.facts.items()}
    outcome = ContractOutcome(works=[])
    for intent in entry.intents:
        _settle(intent, entry, facts, outcome)
    if entry.agreement is None:
        _read_notes(entry, facts, outcome)
    opens = opens_on(entry.bound, entry.as_of)
    day = day_of_plan(entry.bound.contract.end, entry.as_of)
    for _ in range(len(entry.lines) + 2):
        known = known_lines(entry, facts)
        outcome.works = [
            work(still_there(bound, line.facts), line, inputs, opens, day, entry.assume)
            for bound, inputs in entry.lines
            for line in [known[bound.service.id]]
        ]
        if outcome.doubts:
            break
        outcome.proof = prove(case_of(entry, known, facts), _planned(outcome.works))
        learned = _learned(outcome.proof)
        if not learned:
            break
        _keep(learned, facts, outcome)
    if isinstance(outcome.proof, OnlyNoted):
        # A person is asked, and what they say is learned instead.
        outcome.facts = [f for f in outcome.facts if f.source != "note" or f.ref is not None]
    return outcome


def _read_notes(
    entry: ContractInput, facts: dict[int, list[KnownFact]], outcome: ContractOutcome
) -> None:
    """Without a ledger, units stand in our own notes."""
    for bound, _ in entry.lines:
        if bound.rows and not facts.get(bound.service.id):
            _keep(noted(bound.key, bound.rows, entry.note, entry.assume), facts, outcome)


def _learned(proof: Proof) -> tuple[KnownFact, ...]:
    match proof:
        case DoneByHand(facts):
            return facts
        case Solved(fact):
            return (fact,)
        case Consistent() | Drifted() | NeedsWideRead() | NotClosed() | NotYet() | OnlyNoted():
            return ()


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
    at = entry.now or intent.at
    match judged_by(intent, entry, facts):
        case Done(row_id):
            outcome.settled.append(Settled(intent.ref, "proved", at, row_id))
            if intent.kind == "units":
                _keep([fact_of(intent, row_id, entry)], facts, outcome)
        case NotDone():
            outcome.settled.append(Settled(intent.ref, "absent", at))
        case InDoubt(why):
            outcome.doubts.append((intent, why))


def _keep(
    learned: Sequence[KnownFact], facts: dict[int, list[KnownFact]], outcome: ContractOutcome
) -> None:
    outcome.facts.extend(learned)
    for fact in learned:
        facts.setdefault(fact.line.service_id, []).append(fact)
