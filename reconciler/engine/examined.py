"""From desired state, readings and known state to what a plan says of these accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from reconciler.engine.accepted import waivers_by_name
from reconciler.engine.bind import bind
from reconciler.engine.bound import Bound
from reconciler.engine.by_hand import HandEdit, hand_edits
from reconciler.engine.contract_input import contract_inputs
from reconciler.engine.contracts import ContractOutcome, examine
from reconciler.engine.counting import counting
from reconciler.engine.credits import bills
from reconciler.engine.drawn import draw
from reconciler.engine.ended import Ledgered
from reconciler.engine.entered import entered_by
from reconciler.engine.entry import PlanInput
from reconciler.engine.freshness import Freshness, uncounted
from reconciler.engine.guards import expired
from reconciler.engine.lines import LineWork
from reconciler.engine.misspelt import misspelt
from reconciler.engine.named_prices import used_up
from reconciler.engine.organizations import Directory
from reconciler.engine.part import Counts, Part
from reconciler.engine.proof import Consistent, NeedsWideRead
from reconciler.engine.quiet import fell, idle
from reconciler.engine.quiet import uncounted as uncounted_in
from reconciler.engine.repriced import repriced
from reconciler.engine.rest import settle_rest
from reconciler.engine.retracted import meant, retracted
from reconciler.engine.taken_back import NotTakenBack
from reconciler.engine.twice import billed_twice
from reconciler.engine.worth import offered
from reconciler.engine.writers import two_writers
from reconciler.model.bms import LineKey
from reconciler.model.desired import Waiver
from reconciler.model.finding import Finding
from reconciler.model.ledgered import (
    Agreement,
    EnteredPeriod,
    KnownFact,
    Lapsed,
    NamedPrice,
    Settled,
)
from reconciler.model.rules import LineRule

OVER: Final = ("accepted", "set", 0)


@dataclass(slots=True)
class Learned:
    """What the ledger should remember after this plan."""

    facts: list[KnownFact] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    names: list[tuple[str, str, int]] = field(default_factory=list)
    rules: list[LineRule] = field(default_factory=list)
    """To be remembered by an apply: from now on these count."""
    entered: list[EnteredPeriod] = field(default_factory=list)
    """To be remembered by the apply of a plan of today."""
    lapsed: list[Lapsed] = field(default_factory=list)
    """Lost for good, and to be told alike by later plans."""
    prices: list[NamedPrice] = field(default_factory=list)
    """Of those that merges named the ones that a person set in BMS."""


@dataclass(frozen=True, slots=True)
class Examined:
    """A part of a plan, what was learned, and contracts whose every row must be read to go on."""

    part: Part
    learned: Learned
    wide: frozenset[int]
    managed: Mapping[int, frozenset[int]]
    """By contract id: the BMS services of the lines that the configuration names."""
    works: tuple[LineWork, ...]
    """Every line, with how its units came about."""
    repriced: frozenset[int]
    """Contracts of which a person changed prices, and nothing that is not clear."""
    edits: tuple[HandEdit, ...] = ()
    """Of lines that a person changed, where it is clear which one and to how many units."""
    said: Mapping[LineKey, LineRule] = field(default_factory=dict)
    """What the configuration says of lines that a merge wrote which is reverted."""
    not_taken_back: tuple[NotTakenBack, ...] = ()


def examined(entry: PlanInput) -> Examined:
    """Bind, examine every contract, turn differences into changes."""
    names = entry.remembered.names
    remembered = entry.remembered
    known = Ledgered(_told(remembered.facts), remembered.rules, remembered.looks)
    bound = bind(
        entry.state, entry.seen, names, entry.as_of, entry.only, known, back_to=entry.back_to
    )
    directory = Directory.of(entry.state, entry.usage, entry.as_of)
    settle_rest(bound.lines, directory)
    counted = counting(entry, bound, directory)
    learned = Learned(names=bound.names)
    outcomes = [examine(c) for c in contract_inputs(entry, bound, counted.inputs)]
    agreements = {one.contract_id: one for one in entry.remembered.agreements}
    for outcome in outcomes:
        outcome.repriced = tuple(repriced(outcome, agreements, entry.state.currency))
        _learn(outcome, learned)
    works = tuple(work for outcome in outcomes for work in outcome.works)
    learned.prices.extend(used_up(works, entry.remembered.named_prices, _doubted(entry)))
    running = _running(bound, works)
    fresh = Freshness(entry.usage, entry.as_of)
    twice = billed_twice(bound.lines, directory, entry.as_of)
    drawn = draw(entry, outcomes, fresh, twice)
    learned.lapsed.extend(drawn.lapsed)
    learned.entered.extend(one for work in works for one in entered_by(work))
    learned.rules = _in_force(entry, counted.new, drawn.works)
    findings = (
        *bound.findings,
        *drawn.findings,
        *_expired(entry, bound),
        *directory.findings,
        *uncounted(entry.state, directory, running),
        *twice.values(),
        *idle(running, entry.as_of),
        *_of_people(outcomes, agreements),
    )
    part = Part(
        counts=_counts(entry, bound, drawn.works),
        accounts=frozenset(contract.account.id for contract in bound.contracts.values()),
        contracts=frozenset(_managed(bound)),
        answered=frozenset(_answered(outcomes)),
        claimed=directory.claimed,
        left_out=directory.left_out,
        changes=tuple(drawn.changes),
        findings=findings,
        silent=frozenset(fresh.silent),
        fell=frozenset(fell(running, directory, entry.as_of)),
        misspelt=frozenset(misspelt(running, entry.suspects, entry.as_of)),
        loose=_summed(uncounted_in(running, entry.as_of)),
        offered=offered(running),
        bills=tuple(bills(drawn.changes, outcomes)),
        limits=_limits(bound),
        waivers=waivers_by_name(entry.state.accounts, _names(bound)),
        trued=tuple(drawn.trued),
        kept=tuple(drawn.kept),
        lapses=tuple(drawn.lapses),
        past=drawn.past,
    )
    wide = frozenset(
        outcome.works[0].bound.key.contract_id
        for outcome in outcomes
        if isinstance(outcome.proof, NeedsWideRead) and outcome.works
    )
    prices = frozenset(
        outcome.works[0].bound.key.contract_id
        for outcome in outcomes
        if outcome.repriced and isinstance(outcome.proof, Consistent)
    )
    edits = tuple(hand_edits(outcomes))
    return Examined(
        part,
        learned,
        wide,
        _managed(bound),
        works,
        prices,
        edits,
        said=counted.said,
        not_taken_back=tuple(counted.kept),
    )


def _doubted(entry: PlanInput) -> Set[LineKey]:
    return {intent.line for intent in entry.remembered.open_intents}


def _running(bound: Bound, works: tuple[LineWork, ...]) -> tuple[LineWork, ...]:
    """Lines of contracts that are not over: what is said of today is of them."""
    if not any(contract.is_over for contract in bound.contracts.values()):
        return works
    return tuple(work for work in works if not work.bound.contract.is_over)


def _answered(outcomes: Sequence[ContractOutcome]) -> Iterator[str]:
    for outcome in outcomes:
        yield from (settled.ref for settled in outcome.settled)
        if outcome.works:
            yield from (intent.ref for intent, _ in outcome.doubts)


def _counts(entry: PlanInput, bound: Bound, works: Sequence[LineWork]) -> Counts:
    """What was looked at; ``works``: the lines that the plan is about."""
    ordinary = entry.true_up is None and not entry.corrects
    contracts = bound.contracts if ordinary else {work.bound.key.contract_id for work in works}
    accounts = (
        {one.account.id for one in bound.contracts.values()}
        if ordinary
        else {work.bound.key.account_id for work in works}
    )
    counted = [
        w for w in works if w.desired.newest is not None and w.desired.newest.units is not None
    ]
    return Counts(
        accounts=len(accounts),
        contracts=len(contracts),
        lines=len(works),
        lines_counted=len(counted),
    )


def _summed(
    found: Iterable[tuple[tuple[str, str, str], Decimal]],
) -> Mapping[tuple[str, str, str], Decimal]:
    loose: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for what, quantity in found:
        loose[what] += quantity
    return dict(loose)


def _of_people(
    outcomes: Sequence[ContractOutcome], agreements: Mapping[int, Agreement]
) -> Iterator[Finding]:
    """What others keep changing."""
    for outcome in outcomes:
        yield from two_writers(outcome, agreements)


def _limits(bound: Bound) -> dict[int, Sequence[Waiver]]:
    contracts = bound.contracts.values()
    return {c.account.id: c.desired.waivers for c in contracts if c.desired.waivers}


def _expired(entry: PlanInput, bound: Bound) -> Iterator[Finding]:
    names = {contract.account.id: contract.account.name for contract in bound.contracts.values()}
    for account, waivers in _limits(bound).items():
        yield from expired(names[account], waivers, entry.as_of)


def _names(bound: Bound) -> dict[str, str]:
    """Names of accounts in BMS, by the name that the configuration has."""
    return {str(c.desired.account): c.account.name for c in bound.contracts.values()}


def _told(facts: Iterable[KnownFact]) -> set[LineKey]:
    """Lines that BMS has as far as the ledger knows; one taken over at 0 units is over."""
    newest = {fact.line: fact for fact in facts}
    return {key for key, fact in newest.items() if (fact.source, fact.effect, fact.units) != OVER}


def _managed(bound: Bound) -> dict[int, frozenset[int]]:
    services: dict[int, set[int]] = defaultdict(set)
    for line in bound.lines:
        services[line.key.contract_id].add(line.key.service_id)
    return {contract: frozenset(found) for contract, found in services.items()}


def _learn(outcome: ContractOutcome, learned: Learned) -> None:
    learned.facts.extend(outcome.facts)
    learned.settled.extend(outcome.settled)
    if isinstance(outcome.proof, Consistent) and not outcome.repriced:
        learned.agreements.append(outcome.proof.agreement)


def _in_force(entry: PlanInput, rules: list[LineRule], works: Sequence[LineWork]) -> list[LineRule]:
    """An apply brings into force what its plan was about; a correction, that an edit never was."""
    if entry.corrects:
        before, now = entry.remembered.rules, {rule.line: rule for rule in rules}
        return list(retracted(before, meant(before, entry.retracts, now)))
    if entry.true_up is None:
        return rules
    about = {work.bound.key for work in works}
    return [rule for rule in rules if rule.line in about]
