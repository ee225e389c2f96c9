"""What a contract's total should be, and what to hold it against the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from reconciler.engine.case import Case, marks
from reconciler.engine.known import KnownLine, worth
from reconciler.engine.periods import DAY
from reconciler.model.ledgered import Agreement, RowMark


def expected_totals(case: Case) -> tuple[Decimal, ...]:
    """As the ledger expects it: today's first; around a step's day also on its other side, since
    nobody knows when BMS's midnight is.

    A line that left the configuration is part of it until the total is agreed without it.
    """
    residual, lines = residual_of(case), case.counted()
    totals = (residual + case.worth(lines, day) for day in days_near(case, lines))
    return tuple(dict.fromkeys(totals))


def differences(case: Case) -> tuple[Decimal, ...]:
    """The total less what is expected, for every day that BMS may have."""
    return tuple(case.contract.total - value for value in expected_totals(case))


def days_near(case: Case, lines: Mapping[int, KnownLine]) -> tuple[date, ...]:
    """The days that BMS may have now, if these lines are not worth the same on all of them."""
    if case.assume.total_price == "all":
        return (case.day,)
    before, after = case.day - DAY, case.day + DAY
    for line in lines.values():
        for fact in line.facts:
            if before < fact.day <= after:
                return _come(case, (case.day, before, after))
    return (case.day,)


def _come(case: Case, days: tuple[date, ...]) -> tuple[date, ...]:
    """Those that BMS may still have, after the days that totals showed it to have come to."""
    shown = [day for day in (case.reached, reached(case)) if day is not None]
    return tuple(day for day in days if not shown or day >= max(shown)) or days


def reached(case: Case) -> date | None:
    """The earliest day that BMS can have had when the total was agreed; None where that is unclear.

    What the total held beyond the residual is what our lines were worth to BMS. Where that is with
    the steps of a day, and not without them, the day had come; and no day comes twice.
    """
    agreement = case.agreement
    if agreement is None:
        return None
    held = agreement.total - agreement.residual
    lines = {s: line for s, line in case.counted().items() if s in agreement.lines}
    days = (agreement.day - DAY, agreement.day, agreement.day + DAY)
    return next((day for day in days if case.is_nothing(case.worth(lines, day) - held)), None)


def agree(case: Case) -> Agreement:
    """The contract as it is now, to hold later reads against."""
    return agree_moved(case, min(differences(case), key=abs))


def agree_moved(case: Case, moved: Decimal) -> Agreement:
    """The same where the total is off what was expected by so much, and that is not ours.

    The residual stays to the last digit where nothing moved. Taken anew from the total, it would
    take in what BMS rounds, and around a step's day the step itself.
    """
    if case.agreement is None:
        return agree_on(case, case.contract.total - case.worth(case.known()))
    over = {service: line for service, line in case.left.items() if _is_over(case, line)}
    residual = residual_of(case) + case.worth(over)
    if not case.is_nothing(moved):
        residual += moved
    staying = {service: line for service, line in case.left.items() if service not in over}
    return agree_on(case, residual, staying)


def agree_on(
    case: Case, residual: Decimal, staying: Mapping[int, KnownLine] | None = None
) -> Agreement:
    """The contract with this residual; ``staying``: lines that left, and whose steps are not over,
    so that they are counted on."""
    lines = {**case.known(), **(staying or {})}
    ours = tuple([mark for _, line in sorted(lines.items()) for mark in marks(line.rows)])
    mine = {mark.row_id for mark in ours}
    return Agreement(
        contract_id=case.contract.id,
        day=case.day,
        total=case.contract.total,
        residual=residual,
        lines=tuple(sorted(lines)),
        rows=ours,
        others=tuple([mark for mark in _others(case) if mark.row_id not in mine]),
    )


def _others(case: Case) -> Sequence[RowMark]:
    """Rows that are not ours; where not every row was read, as they were."""
    if case.wide or case.agreement is None:
        return marks(case.rest())
    left = [mark for line in case.left.values() for mark in marks(line.rows)]
    return (*case.agreement.others, *left)


def _is_over(case: Case, line: KnownLine) -> bool:
    """Is it worth the same from now on, whatever day BMS has?"""
    return case.assume.total_price == "all" or all(fact.day < case.day for fact in line.facts)


def residual_of(case: Case) -> Decimal:
    """The agreed residual, less the lines that became ours (and known) since."""
    agreement = case.agreement
    if agreement is None:
        return case.contract.total - case.worth(case.known())
    residual = agreement.residual
    joined = case.known().keys() - set(agreement.lines)
    if joined:
        theirs = {mark.row_id for mark in agreement.others}
        for line in (case.known()[service] for service in joined):
            if any(row.id in theirs for row in line.rows):
                residual -= worth(line, agreement.day, case.assume.total_price)
    return residual
