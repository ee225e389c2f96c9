"""A simulation as text, as JSON, and as Markdown for the pull request that changes a policy."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from reconciler.report.markdown_table import details, fitting, table
from reconciler.report.money import amount, signed, with_code
from reconciler.report.outside import markdown, plain
from reconciler.report.words import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from rich.console import Console

    from reconciler.engine.simulated import Month, NotReplayed, Simulation, Steps

SUMMARY_BYTES: Final = 1_000_000
"""GitHub drops a job summary above 1 MiB whole."""
ROWS_SHOWN: Final = 25
"""Of lines on a terminal; JSON has all."""
MONTHS_NAMED: Final = 3
STEPS_SHOWN: Final = 4

_PART: Final = 4
"""The table of lines and the folded months take no more than this part of the limit each."""


@dataclass(frozen=True, slots=True)
class Line:
    """All months of one line."""

    months: tuple[Month, ...]
    several_contracts: bool = False

    @property
    def names(self) -> tuple[str, str]:
        """Account and service; with the contract where the account has several."""
        ref = self.months[0].line
        contract = f" ({ref.contract})" if self.several_contracts else ""
        return ref.account, ref.service + contract

    @property
    def base(self) -> Decimal:
        """Over its months."""
        return sum((one.base for one in self.months[1:]), self.months[0].base)

    @property
    def would(self) -> Decimal:
        """Over its months."""
        return sum((one.would for one in self.months[1:]), self.months[0].would)

    @property
    def difference(self) -> Decimal:
        """What more would have been billed."""
        return self.would - self.base


def lines_of(found: Simulation) -> list[Line]:
    """The lines that differ, the largest difference first."""
    by_line: dict[tuple[int, ...], list[Month]] = defaultdict(list)
    for one in found.months:
        ref = one.line
        by_line[ref.account_id, ref.contract_id, ref.service_id].append(one)
    contracts = Counter(account for account, _ in {key[:2] for key in by_line})
    lines = [Line(tuple(months), contracts[key[0]] > 1) for key, months in by_line.items()]
    moved = [line for line in lines if any(one.difference for one in line.months)]
    return sorted(moved, key=lambda line: (-abs(line.difference), line.names))


def headline(found: Simulation) -> str:
    """The whole in a sentence."""
    if not found.months:
        return f"Nothing of {_span(found)} could be replayed."
    base, would = (with_code(amount(m, found.currency), found.currency) for m in _both(found))
    if found.against is None:
        text = f"{_span(found)}: {base} was billed, {would} would have been"
    else:
        other = f"{base} under the other configuration"
        text = f"{_span(found)}: {would} would have been billed, {other}"
    more = found.difference
    if not more:
        return f"{text}: the same in all."
    size = with_code(amount(abs(more), found.currency), found.currency)
    return f"{text}: {size} {'more' if more > 0 else 'less'}."


def checked(found: Simulation) -> list[str]:
    """What was looked at, and what is not in the totals."""
    lines = len({(m.line.contract_id, m.line.service_id) for m in found.months})
    moved = len(lines_of(found))
    short = sum(bool(one.days_missing) for one in found.months)
    out = [
        f"{counted(len(found.months), 'month')} of {counted(lines, 'line')} replayed;"
        f" {counted(moved, 'line')} would have been billed otherwise",
    ]
    if short:
        out.append(
            f"in {counted(short, 'of them a day', 'of them some days')} had no complete reading:"
            " the line kept its units then"
        )
    if found.left_alone:
        out.append(
            f"{counted(found.left_alone, 'line')} that no configuration names would stay as is"
        )
    out.append(
        "periods count in the month they begin in; proration as the plan computes it, not read"
        " from invoices"
    )
    return out


def missed(found: Simulation) -> list[str]:
    """What is not in the totals, and why: lines of a contract with one reason together."""
    groups: dict[tuple[object, ...], list[NotReplayed]] = defaultdict(list)
    for one in found.not_replayed:
        groups[one.account, one.contract, one.months, one.why].append(one)
    return [_missed(group) for group in groups.values()]


def _missed(group: Sequence[NotReplayed]) -> str:
    one = group[0]
    what = one.service if len(group) == 1 else counted(len(group), "line")
    who = " / ".join(part for part in (one.account, one.contract, what) if part)
    shown = [f"{month:%Y-%m}" for month in one.months[:MONTHS_NAMED]]
    if more := len(one.months) - len(shown):
        shown.append(f"{more} more")
    about = ", ".join([*([who] if who else []), *shown])
    return f"{about}: {one.why}" if about else one.why


def render(found: Simulation, console: Console) -> None:
    """Totals by month, then the lines that differ most, then what is not in them."""
    console.print(Text(headline(found), style="bold"))
    if found.months:
        console.print()
        console.print(_table(("Month", *_money(found)), _month_rows(found), found.currency))
    lines = lines_of(found)
    if lines:
        console.print()
        rows = [(*line.names, *_cells(line, found.currency)) for line in lines[:ROWS_SHOWN]]
        console.print(_table(("Account", "Service", *_money(found)), rows, found.currency))
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


def to_markdown(found: Simulation, *, limit: int = SUMMARY_BYTES) -> str:
    """In at most ``limit`` bytes of UTF-8; months and what is not replayed are folded."""
    names = tuple(markdown(name) for name in _money(found))
    parts = [f"## Simulation: {markdown(headline(found))}"]
    if found.months:
        parts.append(table(("Month", *names), _month_rows(found), frozenset(names)))
    parts += _markdown_lines(found, names, limit // _PART)
    parts.append("\n".join(f"- {markdown(sentence)}" for sentence in checked(found)))
    if found.not_replayed:
        bullets = [f"- {markdown(sentence)}" for sentence in missed(found)]
        shown = _some(bullets, limit // _PART, "entry", "entries")
        summary = f"Not replayed, and in no total ({len(bullets):,})"
        parts.append(details(summary, "\n".join(shown)))
    return "\n\n".join(parts) + "\n"


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
    base, would = _both(found)
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


def _both(found: Simulation) -> tuple[Decimal, Decimal]:
    return found.base, found.would


def _span(found: Simulation) -> str:
    first, last = f"{found.first:%Y-%m}", f"{found.last:%Y-%m}"
    return first if first == last else f"{first} to {last}"


def _money(found: Simulation) -> tuple[str, str, str]:
    base = "Billed" if found.against is None else "Compared with"
    return base, "Would have", "Difference"


def _cells(one: Line | Month, currency: str) -> tuple[str, str, str]:
    return (
        amount(one.base, currency),
        amount(one.would, currency),
        signed(one.difference, currency),
    )


def _month_rows(found: Simulation) -> list[tuple[str, ...]]:
    by_month: dict[date, list[Month]] = defaultdict(list)
    for one in found.months:
        by_month[one.month].append(one)
    rows: list[tuple[str, ...]] = [
        (f"{month:%Y-%m}", *_cells(Line(tuple(by_month[month])), found.currency))
        for month in sorted(by_month)
    ]
    if len(rows) > 1:
        rows.append(("Total", *_cells(Line(found.months), found.currency)))
    return rows


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], currency: str) -> Table:
    out = Table(box=None, pad_edge=False, header_style="dim")
    for name in header:
        text = f"{name} {currency}" if name == "Difference" else name
        out.add_column(text, justify="left" if name in ("Month", "Account", "Service") else "right")
    for row in rows:
        out.add_row(*(Text(plain(cell)) for cell in row))
    return out


def _markdown_lines(found: Simulation, names: tuple[str, ...], room: int) -> list[str]:
    lines = lines_of(found)
    if not lines:
        return []
    rows = [(*map(markdown, line.names), *_cells(line, found.currency)) for line in lines]
    shown = fitting([" | ".join(row) for row in rows], room)
    parts = [table(("Account", "Service", *names), rows[:shown], frozenset(names))]
    if more := len(rows) - shown:
        parts.append(f"**… and {counted(more, 'more line')}, smaller ones.**")
    folds = [_fold(line, names, found.currency) for line in lines]
    return [*parts, *_some(folds, room, "line", "lines")]


def _some(texts: list[str], room: int, one: str, many: str) -> list[str]:
    shown = fitting(texts, room)
    more = len(texts) - shown
    if not more:
        return texts
    return [*texts[:shown], f"… and {counted(more, f'more {one}', f'more {many}')}"]


def _fold(line: Line, names: tuple[str, ...], currency: str) -> str:
    rows = [
        (
            f"{one.month:%Y-%m}",
            *_cells(one, currency),
            _units(one.base_units),
            _units(one.would_units),
        )
        for one in line.months
    ]
    who = ": ".join(markdown(name) for name in line.names)
    title = f"{who}, {with_code(signed(line.difference, currency), currency)}"
    header = ("Month", *names, "Units", "Would be")
    return details(title, table(header, rows, frozenset(names)))


def _units(steps: Steps) -> str:
    shown = [f"{units} from {day}" for day, units in steps[:STEPS_SHOWN]]
    more = len(steps) - len(shown)
    return listed([*shown, f"{more} more"] if more else shown)
