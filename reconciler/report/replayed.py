"""What a change of policy would have billed, for the pull request that makes it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report import simulate_markdown
from reconciler.report.markdown_table import details, fitting, table
from reconciler.report.money import amount, signed, with_code
from reconciler.report.outside import markdown
from reconciler.report.sections import name, words
from reconciler.report.simulate_view import checked, missed, month_rows, span
from reconciler.report.words import counted

if TYPE_CHECKING:
    from decimal import Decimal

    from reconciler.engine.simulated import Month, Simulation

ACCOUNTS: Final = 5
MISSED: Final = 5
COLUMNS: Final = ("Before", "With this", "Difference")


@dataclass(frozen=True, slots=True)
class Replayed:
    """Past months under the policies of a pull request, against those it is merged into."""

    found: Simulation | None
    left_out: str = ""
    """What was not replayed, so that it takes no longer."""
    why: str = ""
    """Nothing could be replayed at all."""


def fold(replayed: Replayed, limit: int) -> str:
    """In at most ``limit`` bytes of UTF-8: totals, and the accounts that differ most."""
    found = replayed.found
    if found is None:
        why = markdown(replayed.why)
        return f"What these settings would have billed in past months cannot be told: {why}.\n"
    if not found.months:
        return ""  # as with a new customer; the summary says why
    parts = [*_months(found), *_accounts(found), *_notes(replayed, found)]
    shown = fitting(parts, limit - 500)
    if shown < len(parts):
        parts[shown:] = ["… the summary of the run has the rest."]
    return details(markdown(_title(found)), "\n\n".join(parts)) + "\n"


def whole(replayed: Replayed, limit: int) -> str:
    """Line by line, for the job's summary."""
    if replayed.found is None:
        return fold(replayed, limit)
    left_out = f"\n{markdown(replayed.left_out)}.\n" if replayed.left_out else ""
    room = limit - len(left_out.encode())
    return simulate_markdown.render(replayed.found, limit=room) + left_out


def _title(found: Simulation) -> str:
    when = f"{span(found)} under these settings"
    if not any(one.difference for one in found.months):
        of_it = " in what could be replayed" if found.not_replayed else ""
        return f"{when}: no difference{of_it}"
    return f"{when}: {with_code(signed(found.difference, found.currency), found.currency)}"


def _months(found: Simulation) -> list[str]:
    if not any(one.difference for one in found.months):
        return []
    return [table(("Month", *COLUMNS), month_rows(found), frozenset(COLUMNS))]


def _accounts(found: Simulation) -> list[str]:
    by_account: dict[tuple[int, str], list[Month]] = defaultdict(list)
    for one in found.months:
        by_account[one.line.account_id, one.line.account].append(one)
    moved = {key: months for key, months in by_account.items() if _difference(months)}
    ordered = sorted(moved, key=lambda key: (-abs(_difference(moved[key])), key[1], key[0]))
    rows = [_row(key[1], moved[key], found.currency) for key in ordered[:ACCOUNTS]]
    if not rows:
        return []
    parts = [table(("Account", *COLUMNS), rows, frozenset(COLUMNS))]
    if more := len(ordered) - len(rows):
        parts.append(f"… and {counted(more, 'more account')}, with smaller differences.")
    return parts


def _row(account: str, months: list[Month], currency: str) -> tuple[str, ...]:
    base = sum((one.base for one in months[1:]), months[0].base)
    would = sum((one.would for one in months[1:]), months[0].would)
    more = signed(would - base, currency)
    return (name(account), amount(base, currency), amount(would, currency), more)


def _difference(months: list[Month]) -> Decimal:
    return sum((one.difference for one in months[1:]), months[0].difference)


def _notes(replayed: Replayed, found: Simulation) -> list[str]:
    notes = [f"- {markdown(sentence)}" for sentence in checked(found) if found.months]
    if replayed.left_out:
        notes.append(f"- {markdown(replayed.left_out)}")
    parts = ["\n".join(notes)] if notes else []
    sentences = missed(found)
    if sentences:
        lines = [f"- {words(sentence)}" for sentence in sentences[:MISSED]]
        if more := len(sentences) - len(lines):
            lines.append(f"- … and {more:,} more")
        parts.append("\n".join(["Not replayed, and in no total:", "", *lines]))
    return parts
