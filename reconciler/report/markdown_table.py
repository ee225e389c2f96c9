"""The two shapes GitHub Markdown has for much text: a table, and a fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str]) -> str:
    """Cells must be safe Markdown already; columns named in ``right`` hold numbers."""
    rule = ["---:" if name in right else "---" for name in header]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows))


def details(summary: str, body: str) -> str:
    """``body`` folded under one line. The blank lines let GitHub read the body as Markdown."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def fitting(lines: Sequence[str], room: int) -> int:
    """How many of the lines, from the first on, fit into ``room`` bytes of UTF-8."""
    for number, line in enumerate(lines):
        room -= len(line.encode()) + 1
        if room < 0:
            return number
    return len(lines)
