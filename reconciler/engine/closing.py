"""Do starting units come to a contract's total? Lines of others have the rest of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import TypeAlias

from reconciler.engine.case import Case
from reconciler.engine.periods import DAY
from reconciler.engine.proof import NotClosed, closes
from reconciler.model.bms import Row


@dataclass(frozen=True, slots=True)
class Exceeded:
    """The units known are worth more than the total, which leaves the other lines less than
    nothing. ``difference``: the total less what they are worth."""

    difference: Decimal


Off: TypeAlias = "NotClosed | Exceeded"


def off_total(case: Case) -> Off | None:
    """None too where the total closes on the other side of a midnight, which BMS may be on."""
    days = [case.day]
    if case.assume.total_price == "effective":
        days += [case.day - DAY, case.day + DAY]
    found = [_off(replace(case, day=day)) for day in days]
    return None if None in found else found[0]


def _off(case: Case) -> Off | None:
    rest = case.contract.total - case.worth(case.known())
    if rest < 0 and not case.is_nothing(rest) and others_owe_nothing(case):
        return closes(case) or Exceeded(rest)
    return closes(case)


def others_owe_nothing(case: Case) -> bool:
    """Is no other line worth less than zero? A discount may be, and so may a line whose rows have
    several prices: its credit may stand at the highest."""
    unknown = (row for s, line in case.lines.items() if s not in case.known() for row in line.rows)
    rows = sorted((*case.others, *unknown), key=_service)
    lines = (list(line) for _, line in groupby(rows, key=_service))
    return all(line[0].price >= 0 and len({row.price for row in line}) == 1 for line in lines)


def _service(row: Row) -> int:
    return row.service_id
