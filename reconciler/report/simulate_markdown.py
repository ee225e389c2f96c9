"""A simulation as Markdown, for the pull request that changes a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reconciler.report.markdown_table import details, fitting, table
from reconciler.report.money import signed, with_code
from reconciler.report.outside import markdown
from reconciler.report.simulate_view import (
    cells,
    checked,
    columns,
    headline,
    lines_of,
    missed,
    month_rows,
)
from reconciler.report.words import counted, listed_few

if TYPE_CHECKING:
    from reconciler.engine.simulated import Simulation, Steps
    from reconciler.report.simulate_view import Line

SUMMARY_BYTES: Final = 1_000_000
"""GitHub drops a job summary above 1 MiB whole."""
STEPS_SHOWN: Final = 4

_PART: Final = 4
"""The table of lines, the folded months and what is missing take no more than this part of the
limit each."""


def render(found: Simulation, *, limit: int = SUMMARY_BYTES) -> str:
    """In at most ``limit`` bytes of UTF-8; months and what is not replayed are folded."""
    names = tuple(markdown(name) for name in columns(found))
    parts = [f"## Simulation: {markdown(headline(found))}"]
    if found.months:
        parts.append(table(("Month", *names), month_rows(found), frozenset(names)))
    parts += _lines(found, names, limit // _PART)
    parts.append("\n".join(f"- {markdown(sentence)}" for sentence in checked(found)))
    if found.not_replayed:
        bullets = [f"- {markdown(sentence)}" for sentence in missed(found)]
        shown = _some(bullets, limit // _PART, "entry", "entries")
        summary = f"Not replayed, and in no total ({len(bullets):,})"
        parts.append(details(summary, "\n".join(shown)))
    return "\n\n".join(parts) + "\n"


def _lines(found: Simulation, names: tuple[str, ...], room: int) -> list[str]:
    lines = lines_of(found)
    if not lines:
        return []
    rows = [(*map(markdown, line.names), *cells(line, found.currency)) for line in lines]
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
            *cells(one, currency),
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
    return listed_few([f"{units} from {day}" for day, units in steps], STEPS_SHOWN)
