"""From desired state, readings and known state to a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from reconciler.engine.accepted import as_wanted
from reconciler.engine.assembled import assembled, checked_of
from reconciler.engine.bind import Bound, BoundLine, bind
from reconciler.engine.contracts import ContractInput, ContractOutcome, examine
from reconciler.engine.count import Input
from reconciler.engine.credits import credit_findings
from reconciler.engine.drawn import draw
from reconciler.engine.entry import PlanInput
from reconciler.engine.freshness import Freshness, uncounted, unmapped
from reconciler.engine.guards import Limits, expired
from reconciler.engine.judged import judged
from reconciler.engine.lines import LineWork
from reconciler.engine.noticed import noticed
from reconciler.engine.organizations import Directory
from reconciler.engine.proof import Consistent, NeedsWideRead
from reconciler.engine.rest import settle_rest
from reconciler.engine.rules import rules_in_force
from reconciler.engine.twice import billed_twice
from reconciler.model.bms import LineKey
from reconciler.model.desired import DesiredAccount
from reconciler.model.ledgered import Agreement, KnownFact, Settled
from reconciler.model.plan import Plan
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


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan, what was learned, and contracts whose every row must be read to go on."""

    plan: Plan
    learned: Learned
    wide: frozenset[int]
    managed: Mapping[int, frozenset[int]]
    """By contract id: the BMS services of the lines that the configuration names."""
    works: tuple[LineWork, ...] = ()
    """Every line, with how its units came about."""


def make_plan(entry: PlanInput) -> Planned:
    """Bind, examine every contract, turn differences into changes, guard them."""
    names, told = entry.remembered.names, _told(entry.remembered.facts)
    bound = bind(entry.state, entry.seen, names, entry.as_of, entry.only, told)
    directory = Directory.of(entry.state, entry.usage, entry.as_of)
    settle_rest(bound.lines, directory)
    learned = Learned(names=bound.names)
    inputs = _counting(entry, bound, directory, learned)
    outcomes = [examine(c) for c in _contract_inputs(entry, bound, inputs)]
    for outcome in outcomes:
        _learn(outcome, learned)
    works = [work for outcome in outcomes for work in outcome.works]
    fresh = Freshness(entry.usage, entry.as_of)
    twice = billed_twice(bound.lines, directory, entry.as_of)
    drawn = draw(entry, outcomes, fresh, twice)
    learned.rules = _in_force(entry, learned.rules, drawn.works)
    limits = _limits(entry, bound)
    done = entry.remembered.done_changes
    changes, verdicts = judged(drawn.changes, limits, entry.approved, done)
    loose, unmapped_count, excluded = unmapped(directory, works, entry.state.currency)
    findings = [
        *bound.findings,
        *drawn.findings,
        *fresh.report(),
        *verdicts.findings,
        *credit_findings(changes, outcomes, entry.seen.contracts, entry.state.currency),
        *expired(limits, {c.account.id: c.account.name for c in bound.contracts.values()}),
        *directory.findings,
        *([] if entry.only else loose),
        *uncounted(entry.state, directory, works),
        *twice.values(),
        *noticed(outcomes, directory, entry),
    ]
    findings = list(as_wanted(findings, entry.state, _names(bound), entry.as_of))
    checked = checked_of(entry, bound, drawn.works, directory, unmapped_count, excluded)
    wide = frozenset(
        outcome.works[0].bound.key.contract_id
        for outcome in outcomes
        if isinstance(outcome.proof, NeedsWideRead) and outcome.works
    )
    return Planned(
        assembled(entry, changes, findings, checked, drawn.true_up),
        learned,
        wide,
        _managed(bound),
        tuple(works),
    )


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


def _counting(
    entry: PlanInput, bound: Bound, directory: Directory, learned: Learned
) -> dict[LineKey, list[Input]]:
    """What counts for each line and when; ``bound`` gets the rules that were in force before."""
    remembered: dict[LineKey, list[LineRule]] = defaultdict(list)
    for rule in entry.remembered.rules:
        remembered[rule.line].append(rule)
    applied_before = {(key.account_id, key.service_id) for key in remembered}
    accounts = {key.account_id for key in remembered}
    told = {fact.line for fact in entry.remembered.facts}
    inputs: dict[LineKey, list[Input]] = {}
    for index, line in enumerate(bound.lines):
        account, key = line.contract.desired, line.key
        new_here = (key.account_id, key.service_id) not in applied_before
        rules = rules_in_force(
            line.line,
            _rule(account, line, directory, entry.as_of),
            remembered.get(key, ()),
            line.contract.schedule,
            joins_late=key.account_id in accounts and new_here and (bool(line.rows) or key in told),
        )
        if rules.new is not None:
            learned.rules.append(rules.new)
        if rules.line is not line.line or rules.first is not None or rules.edited:
            bound.lines[index] = replace(
                line, line=rules.line, since=rules.first, edited=rules.edited
            )
        inputs[key] = directory.counted(rules.counting)
    return inputs


def _rule(account: DesiredAccount, line: BoundLine, directory: Directory, as_of: date) -> LineRule:
    """What the configuration says of the line now."""
    settings = line.line.settings
    base = settings[0].settings
    organizations = directory.organizations(account, line.line, base.count)
    excluded = directory.exclusions(account, organizations)
    return LineRule(line.key, as_of, base, organizations, settings[1:], excluded)


def _contract_inputs(
    entry: PlanInput, bound: Bound, inputs: Mapping[LineKey, Sequence[Input]]
) -> Iterable[ContractInput]:
    lines: dict[int, list[tuple[BoundLine, Sequence[Input]]]] = defaultdict(list)
    for line in bound.lines:
        lines[line.key.contract_id].append((line, inputs[line.key]))
    facts: dict[int, dict[int, list[KnownFact]]] = defaultdict(lambda: defaultdict(list))
    for fact in entry.remembered.facts:
        facts[fact.line.contract_id][fact.line.service_id].append(fact)
    agreements = {a.contract_id: a for a in entry.remembered.agreements}
    for contract_id, contract in bound.contracts.items():
        yield ContractInput(
            bound=contract,
            lines=lines[contract_id],
            rows=bound.rows.get(contract_id, {}),
            facts=facts.get(contract_id, {}),
            agreement=agreements.get(contract_id),
            intents=[i for i in entry.remembered.open_intents if i.line.contract_id == contract_id],
            wide=contract_id in entry.seen.wide,
            day=entry.seen.day or entry.as_of,
            now=entry.now,
            as_of=entry.as_of,
            billing_starts=entry.state.billing_starts,
            assume=entry.state.assumptions,
            note=entry.state.line_note,
        )


def _learn(outcome: ContractOutcome, learned: Learned) -> None:
    learned.facts.extend(outcome.facts)
    learned.settled.extend(outcome.settled)
    if isinstance(outcome.proof, Consistent):
        learned.agreements.append(outcome.proof.agreement)


def _in_force(entry: PlanInput, rules: list[LineRule], works: Sequence[LineWork]) -> list[LineRule]:
    """An apply brings into force what its plan was about; a correction changes no rules."""
    if entry.corrects:
        return []
    if entry.true_up is None:
        return rules
    about = {work.bound.key for work in works}
    return [rule for rule in rules if rule.line in about]


def _limits(entry: PlanInput, bound: Bound) -> Limits:
    return Limits(
        guards=entry.state.guards,
        waivers={c.account.id: c.desired.waivers for c in bound.contracts.values()},
        approved=frozenset(),
        as_of=entry.as_of,
        currency=entry.state.currency,
    )
