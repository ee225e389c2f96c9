"""A simulation on a terminal, or as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from reconciler.report.outside import plain
from reconciler.report.simulate_view import (
    both,
    cells,
    checked,
    columns,
    headline,
    lines_of,
    missed,
    month_rows,
)
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reconciler.engine.simulated import Month, Simulation, Steps

SERVICE_WIDTH: Final = 24
"""Account names have spaces to wrap at, those of services have none."""
WIDE: Final = 80
"""From here on an account's name has room beside a service's."""
ROWS_SHOWN: Final = 25
"""Of lines; JSON has all."""


def render(found: Simulation, console: Console) -> None:
    """Totals by month, then the lines that differ most, then what is not in them."""
    wide = console.width >= WIDE
    console.print(Text(headline(found), style="bold"))
    if found.months:
        console.print()
        console.print(
            _table(("Month", *columns(found)), month_rows(found), found.currency, wide=wide)
        )
    lines = lines_of(found)
    if lines:
        console.print()
        rows = [(*line.names, *cells(line, found.currency)) for line in lines[:ROWS_SHOWN]]
        console.print(
            _table(("Account", "Service", *columns(found)), rows, found.currency, wide=wide)
        )
        if len(lines) > ROWS_SHOWN:
            more = counted(len(lines) - ROWS_SHOWN, "more line")
            console.print(Text(f"and {more}; `--format json` has all"))
    console.print()
    for sentence in checked(found):
        console.print(Text(plain(sentence), style="dim"))
    if found.not_replayed:
        console.print(Text("\nNot replayed, and in no total", style="bold yellow"))
        for sentence in missed(found):
            console.print(Text(f"  {plain(sentence)}"))


def dumps(found: Simulation) -> str:
    """A JSON object; money as text, months as ``2026-05``."""
    document = {
        "tenant": found.tenant,
        "currency": found.currency,
        "config": found.config,
        "against": found.against,
        "compared_with": "billed" if found.against is None else "configuration",
        "from": f"{found.first:%Y-%m}",
        "to": f"{found.last:%Y-%m}",
        "as_of": found.as_of.isoformat(),
        "totals": _totals(found),
        "lines": [_document(one) for one in found.months],
        "not_replayed": [
            {
                "account": one.account,
                "contract": one.contract,
                "service": one.service,
                "months": [f"{month:%Y-%m}" for month in one.months],
                "why": one.why,
            }
            for one in found.not_replayed
        ],
        "left_alone": found.left_alone,
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _totals(found: Simulation) -> dict[str, str]:
    base, would = both(found)
    return {"base": f"{base:f}", "would": f"{would:f}", "difference": f"{found.difference:f}"}


def _document(one: Month) -> dict[str, Any]:
    ref = one.line
    return {
        "account": ref.account,
        "account_id": ref.account_id,
        "contract": ref.contract,
        "contract_id": ref.contract_id,
        "service": ref.service,
        "bms_service": ref.bms_service,
        "service_id": ref.service_id,
        "month": f"{one.month:%Y-%m}",
        "base": f"{one.base:f}",
        "would": f"{one.would:f}",
        "difference": f"{one.difference:f}",
        "base_units": _dated(one.base_units),
        "would_units": _dated(one.would_units),
        "days": one.days,
        "days_missing": one.days_missing,
    }


def _dated(steps: Steps) -> list[dict[str, str | int | None]]:
    return [{"day": day.isoformat(), "units": units} for day, units in steps]


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], currency: str, *, wide: bool
) -> Table:
    out = Table(box=None, pad_edge=False, header_style="dim")
    for at, name in enumerate(header):
        text = f"{name} {currency}" if name == "Difference" else name
        if name in ("Account", "Service"):
            # Wrapped and never cut: two names that begin alike stay apart.
            whole = max([len(name), *(len(plain(row[at])) for row in rows)])
            kept = name == "Service" and whole <= SERVICE_WIDTH and wide
            out.add_column(text, overflow="fold", no_wrap=kept)
        else:
            out.add_column(text, justify="left" if name == "Month" else "right", no_wrap=True)
    for row in rows:
        out.add_row(*(Text(plain(cell)) for cell in row))
    return out
