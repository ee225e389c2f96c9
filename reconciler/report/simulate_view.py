"""What is said of a simulation, whatever it is written as: its sentences, lines and months."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report.money import amount, signed, with_code
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from reconciler.engine.simulated import Month, NotReplayed, Simulation

MONTHS_NAMED: Final = 3


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
        return f"Nothing of {span(found)} could be replayed."
    base, would = (with_code(amount(m, found.currency), found.currency) for m in both(found))
    if found.against is None:
        text = f"{span(found)}: {base} was billed, {would} would have been"
    else:
        other = f"{base} under the other configuration"
        text = f"{span(found)}: {would} would have been billed, {other}"
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
        f"{counted(lines, 'line')} replayed, {counted(len(found.months), 'month')} in all;"
        f" {counted(moved, 'line')} would have been billed otherwise",
    ]
    if short:
        out.append(
            f"in {counted(short, 'of these months a day', 'of these months some days')} had no"
            " complete reading: the line kept its units then"
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


def columns(found: Simulation) -> tuple[str, str, str]:
    """The names of the columns of money."""
    base = "Billed" if found.against is None else "Compared with"
    return base, "Would have", "Difference"


def cells(one: Line | Month, currency: str) -> tuple[str, str, str]:
    """The money in them."""
    return (
        amount(one.base, currency),
        amount(one.would, currency),
        signed(one.difference, currency),
    )


def month_rows(found: Simulation) -> list[tuple[str, ...]]:
    """A row per month, and their sum where there are several."""
    by_month: dict[date, list[Month]] = defaultdict(list)
    for one in found.months:
        by_month[one.month].append(one)
    rows: list[tuple[str, ...]] = [
        (f"{month:%Y-%m}", *cells(Line(tuple(by_month[month])), found.currency))
        for month in sorted(by_month)
    ]
    if len(rows) > 1:
        rows.append(("Total", *cells(Line(found.months), found.currency)))
    return rows


def both(found: Simulation) -> tuple[Decimal, Decimal]:
    """What it is compared with, and what it would have been."""
    return found.base, found.would


def span(found: Simulation) -> str:
    """``2026-08 to 2026-10``."""
    first, last = f"{found.first:%Y-%m}", f"{found.last:%Y-%m}"
    return first if first == last else f"{first} to {last}"
