"""``reconciler prorate``: the calculator behind the plan, one JSON case per line."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, get_args

import click

from reconciler.cli.json_lines import (
    BadLine,
    Document,
    answer_lines,
    choice,
    day,
    number,
    only,
    pair,
)
from reconciler.engine.calculator import Bill, Case, Change, bill
from reconciler.engine.periods import Period
from reconciler.engine.proration import DayCount, RoundingMode

KEYS: Final = frozenset(
    {
        "id",
        "period",
        "segment",
        "unit_price",
        "units",
        "changes",
        "day_count",
        "rounding",
        "currency",
    }
)


@click.command("prorate")
def command() -> int:
    """Compute what a period comes to.

    Reads one JSON object per line, such as {"id": "x", "period": ["2024-03-01", "2024-04-01"],
    "unit_price": "10.00", "units": "3", "changes": [{"date": "2024-03-20", "units": "4"}]}, and
    writes one per line. Exit code 1 when a line was bad.
    """
    return answer_lines(answer)


def answer(case: Document) -> Document:
    """One case's bill."""
    only(case, KEYS)
    return {"id": case.get("id"), **_shown(bill(_case(case)))}


def _case(case: Document) -> Case:
    whole_first, whole_end = pair(case, "period")
    first, end = pair(case, "segment") if case.get("segment") else (whole_first, whole_end)
    return Case(
        period=Period(first, end, whole_first, whole_end),
        unit_price=number(case, "unit_price"),
        units=number(case, "units"),
        changes=[_change(change) for change in _changes(case)],
        day_count=choice(case, "day_count", get_args(DayCount), "actual"),
        rounding=choice(case, "rounding", get_args(RoundingMode), "half-up"),
        currency=_currency(case),
    )


def _changes(case: Document) -> list[object]:
    found = case.get("changes", [])
    if not isinstance(found, list):
        raise BadLine("changes is not a list")
    return found


def _change(found: object) -> Change:
    if not isinstance(found, dict):
        raise BadLine("a change is not a JSON object")
    only(found, frozenset({"date", "units"}))
    return Change(day(found, "date"), number(found, "units"))


def _currency(case: Document) -> str:
    found = case.get("currency", "USD")
    if not isinstance(found, str) or len(found) != 3 or not found.isupper():
        raise BadLine(f"currency {found!r} is not a code such as USD")
    return found


def _shown(found: Bill) -> dict[str, object]:
    return {
        "base": f"{found.base:f}",
        "adjustments": [
            {
                "date": part.day.isoformat(),
                "units": _plain(part.units),
                "days": part.days,
                "of": part.of,
                "amount": f"{part.amount:f}",
            }
            for part in found.adjustments
        ],
        "total": f"{found.total:f}",
    }


def _plain(units: Decimal) -> str:
    text = f"{units:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
