"""What a contract's proof and a line's counts mean for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.diff import UnitsUnknown
from reconciler.engine.drifted import (
    drift_words,
    end_of_doubt,
    not_closed,
    only_noted,
    signed,
    take_over,
)
from reconciler.engine.filling import filled_days
from reconciler.engine.lines import LineWork
from reconciler.engine.others import TakenOver
from reconciler.engine.price_waits import WaitingPrice
from reconciler.engine.proof import Consistent, Drifted, NeedsWideRead, NotClosed, NotYet, OnlyNoted
from reconciler.engine.proration import rounded
from reconciler.engine.question import fixed_on, settings_on
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject

NAMES_SHOWN: Final = 3


def contract_findings(outcome: ContractOutcome, currency: str) -> list[Finding]:
    """Drift, doubt, and what was taken over; those that block hold every line of the contract."""
    if not outcome.works:
        return []
    ref = outcome.works[0].bound.ref
    subject = Subject(account=ref.account, contract=ref.contract)
    where = f"{ref.contract} of {ref.account}"
    found: list[Finding] = []
    for intent, why in outcome.doubts:
        message = (
            f"{where}: a write of {intent.at:%Y-%m-%d %H:%M} UTC"
            f" (ref {intent.ref}) got no answer; {why}"
        )
        end = end_of_doubt(intent, outcome)
        remedy = f"run again later; if it stays, look at the line in BMS: {end}"
        found.append(finding("KNW005", message, subject=subject, remedy=remedy))
    for fact in outcome.facts:
        if fact.source == "hand":
            message = f"{where}: the change of {fact.day} was made in BMS by hand"
            found.append(finding("KNW004", message, subject=subject))
    match outcome.proof:
        case Drifted() as drift:
            message = f"{where}: {drift_words(drift, outcome, currency)}"
            over = take_over(drift, outcome)
            remedy = f"read the units in BMS; undo the edit there, or take it over{over}"
            found.append(finding("KNW002", message, subject=subject, remedy=remedy))
        case NotClosed() as rest:
            words, remedy = not_closed(rest, outcome, currency)
            found.append(finding("KNW009", f"{where}: {words}", subject=subject, remedy=remedy))
        case Consistent(taken_over=TakenOver(rows=rows, moved=moved)):
            worth = f", {signed(rounded(Fraction(moved), currency))} {currency}" if moved else ""
            message = f"{where}: {'; '.join(rows)}{worth}"
            found.append(finding("KNW003", message, subject=subject))
        case NeedsWideRead():
            message = f"{where}: its total cannot be proved without reading all of its rows"
            found.append(finding("KNW011", message, subject=subject))
        case OnlyNoted(services):
            words, remedy = only_noted(services, outcome)
            found.append(finding("KNW014", f"{where}: {words}", subject=subject, remedy=remedy))
        case NotYet():
            message = f"{where}: a line changes today or tomorrow, and it was never proved before"
            found.append(finding("KNW012", message, subject=subject))
        case _:
            pass
    return found


def line_findings(work: LineWork, as_of: date) -> list[Finding]:
    """Unknown units, rows that cannot be told apart, nothing to count, days filled."""
    found = list(_count_findings(work, as_of))
    if len(work.known.rows) != 1 or work.steps:
        found[:0] = _known_findings(work)
    found.extend(_unsaid(work, as_of))
    if work.price_waits is not None and work.bound.contract.desired.mode != "observe":
        found.append(_waits(work, work.price_waits))
    return found


def _unsaid(work: LineWork, as_of: date) -> Iterator[Finding]:
    """POL010: an offer to take over an edit leaves the why to a person."""
    line = work.bound.line
    if all(dated.settings.fixed is None for dated in line.settings) or work.is_over(as_of):
        return
    fixed = fixed_on(settings_on(line, as_of), as_of)
    if fixed is not None and fixed.lacks_reason:
        ends = [day for day in (fixed.until, line.last_day) if day is not None]
        end = f"{min(ends)} as the last day" if ends else "no end"
        what = f"{fixed.units} fixed, with {end} and “{fixed.reason}” as reason"
        message = f"{_name(work)} has {what}"
        yield finding("POL010", message, subject=_subject(work), origin=line.origin)


def _waits(work: LineWork, waits: WaitingPrice) -> Finding:
    message = (
        f"{_name(work)} is to cost {waits.price}; that waits for the invoice of the days before"
        f" {waits.from_day}" + (", and none came for a whole period" if waits.overdue else "")
    )
    return finding("POL008", message, subject=_subject(work), origin=work.bound.line.origin)


def _known_findings(work: LineWork) -> Iterator[Finding]:
    known = work.known
    subject, name = _subject(work), _name(work)
    origin = work.bound.line.origin
    if len(known.rows) > 1 and work.upsert:
        message = f"{name} has {len(known.rows)} rows"
        yield finding("KNW006", message, subject=subject, origin=origin)
    prices = sorted({row.price for row in known.rows})
    if len(prices) > 1 and work.wanted_price is None:
        newest = max(known.rows, key=lambda row: row.id).price
        message = (
            f"{name} has rows at {prices[0]} and up to {prices[-1]}; what comes and what goes is"
            f" written at {newest}"
        )
        yield finding("KNW016", message, subject=subject, origin=origin)
    if known.rows and all(row.price == 0 for row in known.rows) and work.steps:
        yield finding("KNW008", f"{name} has no price", subject=subject, origin=origin)


def units_unknown(work: LineWork) -> bool:
    """Does BMS have the line, and nobody knows how many units?"""
    known = work.known
    if known.exists and not known.is_known:
        return True
    return bool(work.steps) and any(isinstance(step, UnitsUnknown) for step in work.steps)


def unknown_lines(works: Sequence[LineWork]) -> Iterator[Finding]:
    """One finding for all lines of a contract whose units nobody knows."""
    if not works:
        return
    ref = works[0].bound.ref
    names = [work.bound.ref.bms_service for work in works]
    shown = ", ".join(names[:NAMES_SHOWN])
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    message = f"{ref.contract} of {ref.account}: nobody knows the units of {shown}{more}"
    subject = Subject(account=ref.account, contract=ref.contract)
    yield finding("KNW001", message, subject=subject)


def _count_findings(work: LineWork, as_of: date) -> Iterator[Finding]:
    nothing = all(entry.subtract for entry in work.inputs if entry.counts_on(as_of))
    if nothing and fixed_on(work.settings, as_of) is None:
        message = f"{_name(work)} has nothing to count, so its units stay"
        yield finding("USG009", message, subject=_subject(work), origin=work.bound.line.origin)
    days = filled_days(work, as_of)
    if days:
        message = f"{_name(work)}: filled {', '.join(map(str, days))}"
        yield finding("USG006", message, subject=_subject(work))


def _subject(work: LineWork) -> Subject:
    ref = work.bound.ref
    return Subject(account=ref.account, contract=ref.contract, service=ref.service)


def _name(work: LineWork) -> str:
    ref = work.bound.ref
    return f"{ref.bms_service} on {ref.contract} of {ref.account}"
