"""Parts of a Markdown text that must stay under a size, and the names in them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from reconciler.report.alike import Alike, alike
from reconciler.report.markdown_table import fitting, table
from reconciler.report.money import of_finding
from reconciler.report.outside import markdown, markdown_code
from reconciler.report.plan_view import by_cause
from reconciler.report.remedies import on_github
from reconciler.report.words import counted, in_turn, move, needs_person
from reconciler.report.worth import figure, per_month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Change, LineRef

NAME: Final = 100
WORDS: Final = 600
"""In characters; no name or message takes the room of all others."""

COLUMNS: Final = ("Account", "Service", "Units", "From", "Per month", "Why")
RIGHT: Final = frozenset({"Changes", "Units", "Per month"})
_NOTE_BYTES: Final = 400
"""For a heading, and for what is said of what was left out."""


def name(text: str) -> str:
    """A name from outside, cut in its middle where it is very long."""
    return markdown(cut(text))


def words(text: str) -> str:
    """A message, with what stands between backticks as code."""
    return markdown_code(cut(text, WORDS))


def joined(sections: Sequence[Callable[[int], str]], room: int) -> str:
    """The sections in their order; none takes more than half of what is left, but the last."""
    parts = []
    for number, section in enumerate(sections, start=1):
        part = section(room if number == len(sections) else room // 2)
        if part:
            parts.append(part)
            room -= len(part.encode()) + 2
    return "\n\n".join(parts)


def changes(
    title: str, rows: Sequence[tuple[Change, str]], currency: str, room: int, *, lead: str = ""
) -> str:
    """A table of changes, each with why; what does not fit is counted, with its money."""
    if not rows:
        return ""
    cells = [_row(change, why, currency) for change, why in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    shown = fitting(lines, room - _NOTE_BYTES)
    parts = [f"### {title}", lead, table(COLUMNS, cells[:shown], RIGHT) if shown else ""]
    if more := len(rows) - shown:
        money = per_month((change for change, _ in rows[shown:]), currency)
        left = markdown(f"… and {counted(more, 'more change')}, {money}.")
        parts.append(f"**{left}** The run has them all.")
    return "\n\n".join(filter(None, parts))


def findings(title: str, found: Iterable[Finding], currency: str, room: int) -> str:
    """Findings by cause, each cause with what to do."""
    lines: list[str] = []
    counts: list[int] = []
    for group in by_cause(found):
        told = alike(group.findings, room - _NOTE_BYTES)
        lines += [f"- **{group.code}** {_finding(one, currency)}" for one in told]
        lines.append(f"  → {words(on_github(group.code, group.remedy))}")
        counts += [*(one.findings for one in told), 0]
    if not lines:
        return ""
    shown = fitting(lines, room - _NOTE_BYTES)
    more = sum(counts[shown:])
    rest = [f"- **… and {counted(more, 'more finding')}.** The run has them all."] if more else []
    return "\n".join([f"### {title}", "", *lines[:shown], *rest])


def by_line(some: Iterable[Change]) -> list[Change]:
    """The steps of a line together and in order; the line that moves most money first."""
    ordered = sorted(some, key=lambda change: (_place(change.line), in_turn(change)))
    lines = [list(steps) for _, steps in groupby(ordered, key=lambda change: change.line)]
    lines.sort(key=lambda steps: -sum(abs(change.money.monthly) for change in steps))
    return [change for steps in lines for change in steps]


def _finding(told: Alike, currency: str) -> str:
    one = told.first
    parts = [f"{about}:"] if (about := told.about(name)) else []
    parts.append(words(one.message))
    if money := of_finding(one, currency, markdown(currency)):
        parts.append(f"(money that waits: {money})" if needs_person(one) else f"({money})")
    return " ".join(parts)


def _row(change: Change, why: str, currency: str) -> tuple[str, ...]:
    line = change.line
    return (
        name(line.account),
        f"{name(line.service)} ({name(line.contract)})",
        move(change, currency),
        change.day.isoformat(),
        figure([change], currency),
        words(why),
    )


def _place(line: LineRef) -> tuple[str, str, str, int, int]:
    return (line.account, line.contract, line.service, line.contract_id, line.service_id)


def cut(text: str, most: int = NAME) -> str:
    """A very long text without its middle."""
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-(most // 2) :]}"
