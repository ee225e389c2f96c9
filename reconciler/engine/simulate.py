"""What another configuration would have billed over past months, line by line.

A period counts in the month it begins in. Every amount is exact until one rounding per line and
month, so the totals are the sums of what is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.engine.billed import Prices
from reconciler.engine.bind import bind
from reconciler.engine.ended import Ledgered
from reconciler.engine.known import known_line
from reconciler.engine.line_months import Counted, LineCase, Span, line_months, month_after
from reconciler.engine.organizations import Directory
from reconciler.engine.periods import DAY
from reconciler.engine.rest import settle_rest
from reconciler.engine.simulated import Month, NotReplayed, Simulation
from reconciler.model.bms import LineKey, Observation
from reconciler.model.desired import DesiredState
from reconciler.model.finding import Finding
from reconciler.model.ledgered import KnownFact, Remembered
from reconciler.model.reading import Usage


@dataclass(frozen=True, slots=True)
class SimulationInput:
    """Everything a simulation depends on."""

    state: DesiredState
    against: DesiredState | None
    """None: compared with what was billed."""
    seen: Observation
    usage: Usage
    remembered: Remembered
    span: Span
    prices: Mapping[int, Prices] = field(default_factory=dict)
    """By row id, where a price was changed."""
    only: tuple[str, ...] = ()
    """Accounts by name; empty for all."""


def simulate(entry: SimulationInput) -> Simulation:
    """Replay every line of the configuration over whole periods that are over."""
    would, problems = _counted(entry, entry.state)
    base, more = ({}, []) if entry.against is None else _counted(entry, entry.against)
    facts: dict[LineKey, list[KnownFact]] = defaultdict(list)
    for fact in entry.remembered.facts:
        facts[fact.line].append(fact)
    months: list[Month] = []
    missed = [_unbound(one) for one in (*problems, *more)]
    named = dict.fromkeys((*would, *base))
    for case in _cases(entry, named, would, base, facts):
        done, failed = line_months(case)
        months.extend(done)
        missed.extend(failed)
    accounts = {key.account_id for key in named}
    return Simulation(
        tenant=entry.state.tenant,
        currency=entry.state.currency,
        config=entry.state.digest,
        against=None if entry.against is None else entry.against.digest,
        first=entry.span.first,
        last=entry.span.last,
        as_of=entry.span.as_of,
        months=tuple(sorted(months, key=_order)),
        not_replayed=tuple(sorted(set(missed), key=_missed_order)),
        left_alone=sum(key.account_id in accounts and key not in named for key in facts),
    )


def _cases(
    entry: SimulationInput,
    named: Mapping[LineKey, None],
    would: Mapping[LineKey, Counted],
    base: Mapping[LineKey, Counted],
    facts: Mapping[LineKey, list[KnownFact]],
) -> list[LineCase]:
    agreed = {(a.contract_id, service) for a in entry.remembered.agreements for service in a.lines}
    rules = defaultdict(list)
    for rule in entry.remembered.rules:
        rules[rule.line].append((rule.day, rule.settings))
    cases = []
    for key in named:
        line = (would.get(key) or base[key]).line
        agreed_here = (key.contract_id, key.service_id) in agreed
        known = known_line(line.rows, facts.get(key, ()), agreed=agreed_here)
        cases.append(
            LineCase(
                base=base.get(key),
                would=would.get(key),
                known=known,
                prices=entry.prices,
                billed_by=rules.get(key, ()),
                span=entry.span,
                assume=entry.state.assumptions,
                currency=entry.state.currency,
            )
        )
    return cases


def _counted(
    entry: SimulationInput, state: DesiredState
) -> tuple[dict[LineKey, Counted], list[Finding]]:
    """Lines of contracts that run at the span's end, or ended in it; what is wrong."""
    span = entry.span
    end = max(span.first, min(month_after(span.last), span.as_of) - DAY)
    directory = Directory.of(state, entry.usage, end + DAY)
    names, known = entry.remembered.names, _known(entry.remembered)
    # What BMS does is the same for both configurations.
    ours = entry.state
    state = replace(state, assumptions=ours.assumptions, invoice_run=ours.invoice_run)
    bound = bind(state, entry.seen, names, end, entry.only, known, back_to=span.first)
    settle_rest(bound.lines, directory)
    lines: dict[LineKey, Counted] = {}
    for line in bound.lines:
        terms = line.line.settings[0].settings.count
        inputs = directory.inputs(line.contract.desired, line.line, terms)
        lines[line.key] = Counted(line, inputs)
    there = {(c.line.ref.account, c.line.ref.contract) for c in lines.values()}
    problems = [
        found
        for found in bound.findings
        if found.severity == "error"
        and (found.subject.service or (found.subject.account, found.subject.contract) not in there)
    ]
    return lines, [*problems, *(f for f in directory.findings if f.severity == "error")]


def _known(remembered: Remembered) -> Ledgered:
    return Ledgered({fact.line for fact in remembered.facts}, remembered.rules)


def _unbound(found: Finding) -> NotReplayed:
    about = found.subject
    service = about.service or about.product or ""
    return NotReplayed(about.account or "", about.contract or "", service, (), found.message)


def _order(month: Month) -> tuple[object, ...]:
    ref = month.line
    return (ref.account, ref.contract, ref.service, ref.contract_id, ref.service_id, month.month)


def _missed_order(one: NotReplayed) -> tuple[object, ...]:
    return one.account, one.contract, one.service, one.why, one.months
