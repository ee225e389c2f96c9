"""What a contract's proof and a line's counts mean for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.count import filled, readings
from reconciler.engine.diff import UnitsUnknown
from reconciler.engine.hand import Edit
from reconciler.engine.lines import LineWork
from reconciler.engine.others import TakenOver
from reconciler.engine.periods import DAY
from reconciler.engine.proof import Consistent, Drifted, NeedsWideRead, NotClosed, NotYet
from reconciler.engine.proration import rounded
from reconciler.engine.question import fixed_on
from reconciler.findings import finding
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Intent

NAMES_SHOWN: Final = 3
EDITS_SHOWN: Final = 3
"""Smallest first: a hand edit of a few units is likelier than one of hundreds."""


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
        remedy = f"run again later; if it stays, look at the line in BMS: {_end(intent, outcome)}"
        found.append(finding("KNW005", message, subject=subject, remedy=remedy))
    for fact in outcome.facts:
        if fact.source == "hand":
            message = f"{where}: the change of {fact.day} was made in BMS by hand"
            found.append(finding("KNW004", message, subject=subject))
    match outcome.proof:
        case Drifted() as drift:
            message = f"{where}: {_drift_words(drift, outcome, currency)}"
            remedy = f"undo the edit in BMS, or take it over: {_take_over(drift, outcome)}"
            found.append(finding("KNW002", message, subject=subject, remedy=remedy))
        case NotClosed() as rest:
            words, remedy = _not_closed(rest, outcome, currency)
            found.append(finding("KNW009", f"{where}: {words}", subject=subject, remedy=remedy))
        case Consistent(taken_over=TakenOver(rows=rows, moved=moved)):
            worth = f", {_signed(rounded(Fraction(moved), currency))} {currency}" if moved else ""
            message = f"{where}: {'; '.join(rows)}{worth}"
            found.append(finding("KNW003", message, subject=subject))
        case NeedsWideRead():
            message = f"{where}: its total cannot be proved without reading all of its rows"
            found.append(finding("KNW011", message, subject=subject))
        case NotYet():
            message = f"{where}: a line changes today or tomorrow, and it was never proved before"
            found.append(finding("KNW012", message, subject=subject))
        case _:
            pass
    return found


def line_findings(work: LineWork, as_of: date) -> list[Finding]:
    """Unknown units, rows that cannot be told apart, nothing to count, days filled."""
    return [
        *_known_findings(work),
        *_count_findings(work, as_of),
    ]


def _known_findings(work: LineWork) -> Iterator[Finding]:
    known = work.known
    if len(known.rows) == 1 and not work.steps:
        return
    subject, name = _subject(work), _name(work)
    origin = work.bound.line.origin
    if len(known.rows) > 1 and work.upsert:
        message = f"{name} has {len(known.rows)} rows"
        yield finding("KNW006", message, subject=subject, origin=origin)
    if known.rows and all(row.price == 0 for row in known.rows) and work.steps:
        yield finding("KNW008", f"{name} has no price", subject=subject, origin=origin)


def units_unknown(work: LineWork) -> bool:
    """Does BMS have the line, and nobody knows how many units?"""
    known = work.known
    unknown = known.exists and not known.is_known
    return unknown or any(isinstance(step, UnitsUnknown) for step in work.steps)


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
        message = f"{_name(work)} has nothing to count"
        yield finding("USG009", message, subject=_subject(work), origin=work.bound.line.origin)
    days = _filled_days(work, as_of)
    if days:
        message = f"{_name(work)}: filled {', '.join(map(str, days))}"
        yield finding("USG006", message, subject=_subject(work))


def _filled_days(work: LineWork, as_of: date) -> list[date]:
    gap_days, first = work.settings.gap_days, work.first
    if not gap_days or first >= as_of:
        return []
    days: set[date] = set()
    for entry in work.inputs:
        for run in filled(readings(entry), gap_days, first, as_of - DAY):
            if not run.sure and run.quantity is not None:
                days.update(run.first + n * DAY for n in range((run.last - run.first).days + 1))
    return sorted(days)


def _drift_words(drift: Drifted, outcome: ContractOutcome, currency: str) -> str:
    words = []
    if drift.difference:
        off = _signed(rounded(Fraction(drift.difference), currency))
        words.append(f"its total is {off} {currency} off what is expected")
    words.extend(drift.seen)
    words.extend(drift.others)
    if drift.difference:
        words.append(_edits(drift, outcome))
    return "; ".join(words)


def _not_closed(rest: NotClosed, outcome: ContractOutcome, currency: str) -> tuple[str, str]:
    off = rounded(Fraction(rest.difference), currency)
    if not any(work.bound.rows for work in outcome.works):
        return (
            f"its total is {off} {currency}, and BMS shows no row that makes it up",
            "look in BMS which services the contract has, and whether the API's user may see them",
        )
    words = f"its total is {_signed(off)} {currency} off its lines; {_edits(rest, outcome)}"
    return words, f"read the units in BMS again and take them over: {_take_over(rest, outcome)}"


def _edits(off: Drifted | NotClosed, outcome: ContractOutcome) -> str:
    """The single-line edits that would explain it, in words."""
    names = {w.bound.service.id: w.bound.ref.bms_service for w in outcome.works}
    smallest = sorted(off.edits, key=lambda edit: (abs(edit[2] - edit[1]), edit))
    edits = [f"{names[s]} from {before} to {after}" for s, before, after in smallest[:EDITS_SHOWN]]
    if not edits:
        return "no edit of a single line would explain it"
    if len(edits) == 1:
        return f"{edits[0]} would explain it"
    return f"one of these would explain it: {', '.join(edits)}"


def _take_over(drift: Drifted | NotClosed, outcome: ContractOutcome) -> str:
    """The command, with the likeliest edit filled in; where rows of others changed too, the total
    closes only when the units of every line are given."""
    ref = outcome.works[0].bound.ref
    likeliest = min(
        drift.edits, key=lambda edit: (abs(edit.after - edit.before), edit), default=None
    )
    others = isinstance(drift, Drifted) and drift.others
    works = outcome.works if others else [_edited(outcome, likeliest)]
    units = " ".join(f"--units {w.bound.ref.service}={_units_now(w, likeliest)}" for w in works)
    return f'`reconciler drift --accept {ref.contract_id} {units} --reason "..."`'


def _end(intent: Intent, outcome: ContractOutcome) -> str:
    """The command that ends a write in doubt, with the units that a person reads then."""
    names = {work.bound.service.id: work.bound.ref.service for work in outcome.works}
    service = names.get(intent.line.service_id, "SERVICE")
    contract = intent.line.contract_id
    return f'`reconciler drift --accept {contract} --units {service}=N --reason "..."`'


def _edited(outcome: ContractOutcome, edit: Edit | None) -> LineWork:
    mine = (w for w in outcome.works if edit is not None and w.bound.service.id == edit.service)
    return next(mine, outcome.works[0])


def _units_now(work: LineWork, edit: Edit | None) -> int | str:
    """What to give for the line: N where only BMS's screen tells."""
    if edit is None:
        return "N"
    if edit.service == work.bound.service.id:
        return edit.after
    units = work.known.timeline.steps[-1][1] if work.known.timeline.steps else None
    return "N" if units is None else units


def _signed(money: Decimal) -> str:
    return f"{money:+,f}"


def _subject(work: LineWork) -> Subject:
    ref = work.bound.ref
    return Subject(account=ref.account, contract=ref.contract, service=ref.service)


def _name(work: LineWork) -> str:
    ref = work.bound.ref
    return f"{ref.bms_service} on {ref.contract} of {ref.account}"
