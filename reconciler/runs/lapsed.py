"""What lines lost for good, as the first run found it that looks at it no more: it had the readings
of all these days, and later ones have ever fewer of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger import Ledger
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import Lapsed, LapsedDays
from reconciler.runs.batches import batches

if TYPE_CHECKING:
    from reconciler.runs.asked import PlanRun

KIND: Final = "lapsed"
"""Of the runs that the ledger has for it, each with some lines."""


def lapsed_since(ledger: Ledger, day: date) -> tuple[Lapsed, ...]:
    """What runs as of that day or later found, oldest first."""
    return tuple(one for run in ledger.runs_of(KIND, day) for one in _loaded(run.detail))


def keep_lapsed(ledger: Ledger, run: PlanRun, at: datetime) -> None:
    """For the plans of later days."""
    found = run.planned.examined.learned.lapsed
    for some in batches(found):
        lines = "1 line has" if len(some) == 1 else f"{len(some)} lines have"
        outcome = f"{lines} days that no plan looks at any more"
        detail = json.dumps([_row(one) for one in some])
        ledger.append_run(run.row(KIND, at, outcome, detail))


def _row(one: Lapsed) -> Mapping[str, Any]:
    key = one.line
    return {
        "line": [key.account_id, key.contract_id, key.service_id],
        "before": one.before.isoformat(),
        "counts_from": one.counts_from.isoformat(),
        "days": [_days_row(days) for days in one.days],
        "at_least": one.at_least,
    }


def _days_row(one: LapsedDays) -> Sequence[Any]:
    return [one.first.isoformat(), one.last.isoformat(), one.wanted, one.has, str(one.money)]


def _loaded(detail: str) -> Iterator[Lapsed]:
    for row in json.loads(detail):
        yield Lapsed(
            LineKey(*row["line"]),
            date.fromisoformat(row["before"]),
            date.fromisoformat(row["counts_from"]),
            tuple(map(_days, row["days"])),
            at_least=row["at_least"],
        )


def _days(row: Sequence[Any]) -> LapsedDays:
    first, last, wanted, has, money = row
    return LapsedDays(
        date.fromisoformat(first), date.fromisoformat(last), wanted, has, Decimal(money)
    )
