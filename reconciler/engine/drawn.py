"""What the contracts' differences come to: changes, and what to say about their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.changes import changes_of
from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.correcting import (
    brought_back,
    check_billed,
    price_reversal,
    reversal,
    reversals,
)
from reconciler.engine.ended import day_of_plan
from reconciler.engine.entry import PlanInput
from reconciler.engine.frame import Frame, by_line
from reconciler.engine.freshness import Freshness
from reconciler.engine.kept import KeptLine, kept_line
from reconciler.engine.lapsed_findings import lapsed_finding
from reconciler.engine.lapses import Lapse, lapses_of
from reconciler.engine.lines import LineWork
from reconciler.engine.misfits import misfit_findings
from reconciler.engine.reversal_prices import otherwise_billed
from reconciler.engine.settled import is_settled, unsettled
from reconciler.engine.standings import WAITS, WRITES
from reconciler.engine.states import (
    contract_findings,
    line_findings,
    units_unknown,
    unknown_lines,
)
from reconciler.engine.taken_back import taken_back
from reconciler.engine.too_old import Looked, lapsed_of, looked
from reconciler.engine.trueup import Trued, is_past, periods_set, true_up
from reconciler.findings import finding
from reconciler.model.bms import LineKey
from reconciler.model.errors import PlanError
from reconciler.model.finding import Finding
from reconciler.model.ledgered import Lapsed
from reconciler.model.plan import Change


@dataclass(slots=True)
class Drawn:
    """Changes before the guards, findings, and the lines that the plan is about."""

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    works: list[LineWork] = field(default_factory=list)
    trued: list[Trued] = field(default_factory=list)
    kept: list[KeptLine] = field(default_factory=list)
    lapses: list[Lapse] = field(default_factory=list)
    told: Mapping[LineKey, Sequence[Lapsed]] = field(default_factory=dict)
    """What earlier runs found lost for good."""
    lapsed: list[Lapsed] = field(default_factory=list)
    """What this plan finds so."""
    past: int = 0
    """How many lines the month of a true-up is past for."""
    twice: Mapping[LineKey, Finding] = field(default_factory=dict)
    """Lines that would bill the same usage as another one."""


def draw(
    entry: PlanInput,
    outcomes: Sequence[ContractOutcome],
    fresh: Freshness,
    twice: Mapping[LineKey, Finding],
) -> Drawn:
    """Of every line, or of those that the plan was asked for; lines of ``twice`` wait."""
    holds_all = tuple(_holds_all(entry))
    blocks = tuple(found.code for found in holds_all if found.blocks)
    frame = Frame(
        entry.state.assumptions,
        entry.as_of,
        entry.state.currency,
        blocks,
        named=entry.remembered.named_prices,
        zone=entry.zone,
        replaced=by_line(entry.remembered.replaced_prices),
    )
    drawn = Drawn(findings=list(holds_all), twice=twice, told=_by_line(entry.lapsed))
    for outcome in outcomes:
        _contract(entry, outcome, fresh, frame, drawn)
    _check_found(entry, drawn)
    return drawn


def _contract(
    entry: PlanInput, outcome: ContractOutcome, fresh: Freshness, frame: Frame, drawn: Drawn
) -> None:
    of_contract = [] if is_settled(outcome) else contract_findings(outcome, entry.state.currency)
    of_contract.extend(outcome.repriced)
    frame = replace(frame, as_of=_day(outcome, entry.as_of))
    blocked = tuple(dict.fromkeys(f.code for f in of_contract if f.blocks))
    before = len(drawn.works)
    mine: list[Change] = []
    unknown: list[LineWork] = []
    looks = looked(outcome.works[0].bound.contract, entry.as_of) if outcome.works else None
    for work in outcome.works:
        of_line = line_findings(work, frame.as_of)
        codes = [*blocked, *(f.code for f in of_line if f.blocks)]
        if units_unknown(work):
            unknown.append(work)
            codes.append("KNW001")
        if work.bound.key in drawn.twice:
            codes.append(drawn.twice[work.bound.key].code)
        changes = _line(entry, work, fresh, frame, codes, drawn)
        if changes is not None:
            mine.extend(changes)
            drawn.works.append(work)
            drawn.findings.extend(of_line)
            if changes and not entry.corrects:
                drawn.lapses.extend(lapses_of(work, changes, frame))
            if looks is not None and not entry.corrects:
                _lapsed(work, looks, frame, drawn)
                _keep(entry, work, fresh, frame.as_of, drawn)
    if len(drawn.works) == before and outcome.works:
        return
    waits = [change for change in mine if change.standing in (*WRITES, *WAITS)]
    money = sum((change.money.monthly for change in waits), Decimal(0))
    drawn.findings.extend(
        replace(f, money=f.money or (money if f.blocks else None)) for f in of_contract
    )
    drawn.findings.extend(unknown_lines(unknown))
    drawn.findings.extend(unsettled(outcome, mine, entry.state.currency))
    drawn.changes.extend(mine)


def _by_line(told: Iterable[Lapsed]) -> Mapping[LineKey, Sequence[Lapsed]]:
    found: dict[LineKey, list[Lapsed]] = defaultdict(list)
    for one in told:
        found[one.line].append(one)
    return dict(found)


def _lapsed(work: LineWork, looks: Looked, frame: Frame, drawn: Drawn) -> None:
    told = drawn.told.get(work.bound.key, ())
    lapsed = lapsed_of(work, looks, told, frame)
    if lapsed is not None:
        drawn.findings.append(lapsed_finding(work, lapsed, frame.currency))
        if lapsed not in told:
            drawn.lapsed.append(lapsed)


def _day(outcome: ContractOutcome, as_of: date) -> date:
    if not outcome.works:
        return as_of
    return day_of_plan(outcome.works[0].bound.contract.contract.end, as_of)


def _keep(entry: PlanInput, work: LineWork, fresh: Freshness, as_of: date, drawn: Drawn) -> None:
    """Lines that wait for a whole source are told of with it."""
    if work.desired.kept is None or fresh.holds(work, as_of):
        return
    kept = kept_line(work, as_of, entry.state.currency)
    if kept is not None:
        drawn.kept.append(kept)


def _line(
    entry: PlanInput,
    work: LineWork,
    fresh: Freshness,
    frame: Frame,
    codes: Sequence[str],
    drawn: Drawn,
) -> list[Change] | None:
    """None where the plan was not asked for this line."""
    if entry.corrects:
        return _reversals(entry, work, frame, codes, drawn)
    if entry.true_up is None:
        held = (*codes, *fresh.holds(work, frame.as_of))
        if not work.bound.takes_back and work.bound.price_back is None:
            return list(changes_of(work, frame, held))
        mine = [intent for intent, _ in taken_back(work)[0]]
        drawn.findings.extend(otherwise_billed(work, mine, frame))
        return list(_reverted(work, frame, held, _of_bms(codes)))
    periods = periods_set(work, entry.true_up)
    if not periods:
        drawn.past += is_past(work, entry.true_up)
        return None
    held = (*codes, *fresh.holds(work, frame.as_of))
    found = true_up(work, periods, frame, held)
    drawn.trued.append(found)
    return list(found.changes)


def _reverted(
    work: LineWork, frame: Frame, held: Sequence[str], of_bms: Sequence[str]
) -> Iterator[Change]:
    """What takes writes of a merge back waits for nothing that is wrong with the usage."""
    back, rest = taken_back(work)
    gone = {intent.ref for intent in work.bound.takes_back}
    found = [reversal(work, intent, step, frame, of_bms, gone) for intent, step in back]
    yield from found
    yield from brought_back(work, [intent for intent, _ in back], found, frame, of_bms)
    # After the units, whose rows are not to stay at the price that they are taken back at.
    yield from price_reversal(work, frame, of_bms)
    for change in changes_of(replace(work, steps=rest), frame, held):
        if change.kind != "price" or work.bound.price_back is None:
            yield change


def _reversals(
    entry: PlanInput, work: LineWork, frame: Frame, codes: Sequence[str], drawn: Drawn
) -> list[Change] | None:
    mine = [intent for intent in entry.corrects if intent.line == work.bound.key]
    check_billed(mine, entry.state.billing_starts)
    if not mine:
        return None
    drawn.findings.extend(otherwise_billed(work, mine, frame))
    return list(reversals(work, mine, frame, _of_bms(codes)))


def _of_bms(codes: Iterable[str]) -> list[str]:
    """What is wrong with the usage does not stop taking back what was written."""
    return [code for code in codes if not code.startswith("USG")]


def _check_found(entry: PlanInput, drawn: Drawn) -> None:
    found = {work.bound.key for work in drawn.works}
    for intent in entry.corrects:
        if intent.line not in found:
            raise PlanError(
                f"{intent.ref} cannot be reversed: its line is not in the plan",
                where="--correct",
                remedy="keep the line in the configuration until it is corrected",
            )


def _holds_all(entry: PlanInput) -> Iterable[Finding]:
    yield from misfit_findings(entry)
    unset = entry.state.assumptions.unset
    if unset:
        yield finding("MOD003", f"bms.assume does not set {' and '.join(unset)}")
    starts = entry.state.billing_starts
    if starts is None:
        yield finding("MOD002", "billing.yaml has no billing_starts")
    elif starts > entry.as_of:
        yield finding("MOD005", f"billing starts on {starts}")
