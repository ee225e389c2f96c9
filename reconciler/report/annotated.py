"""Mistakes as annotations, as many as GitHub takes and shows, and the others in a job's summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reconciler.report import problems as report
from reconciler.report.markdown_table import fitting, table
from reconciler.report.outside import annotation, inert, markdown, markdown_code, plain
from reconciler.report.sections import cut, words
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reconciler.model.finding import Problem, Severity

MOST: Final = 10
"""GitHub takes no more errors of one step, and no more warnings."""

SUMMARY_BYTES: Final = 200_000

_KINDS: Final[tuple[Severity, ...]] = ("error", "warning", "info")
_COMMANDS: Final = {"error": "error", "warning": "warning", "info": "notice"}
_HEADER: Final = ("Where", "Code", "What is wrong", "What to do")


@dataclass(frozen=True, slots=True)
class Annotated:
    """Each mistake once."""

    shown: tuple[Problem, ...]
    """As annotations."""
    others: tuple[Problem, ...]
    """Not on lines that the pull request changes, or too many."""


NOTHING: Final = Annotated((), ())


def arranged(inside: Iterable[Problem], outside: Iterable[Problem] = ()) -> Annotated:
    """Of each severity as many as fit, with a line for the others where there are some."""
    shown: list[Problem] = []
    others: list[Problem] = []
    ours, rest = list(inside), list(outside)
    for kind in _KINDS:
        here = [one for one in ours if one.severity == kind]
        there = [one for one in rest if one.severity == kind]
        most = MOST if len(here) <= MOST and not there else MOST - 1
        shown += here[:most]
        others += [*here[most:], *there]
    return Annotated(tuple(shown), tuple(others))


def commands(found: Annotated) -> str:
    """GitHub's workflow commands, and the others as text, so that the log has all of them."""
    lines = [report.github(found.shown)]
    for kind in _KINDS:
        some = [one for one in found.others if one.severity == kind]
        if some:
            told = f"{counted(len(some), f'more {_word(kind)}')}: see the summary of this run"
            lines.append(f"::{_COMMANDS[kind]}::{annotation(told)}\n")
            lines += [f"  {_text(one)}\n" for one in some]
    return "".join(lines)


def summary(found: Annotated, *, limit: int = SUMMARY_BYTES) -> str:
    """The others, in at most ``limit`` bytes of UTF-8; nothing where there are none."""
    if not found.others:
        return ""
    rows = [_row(one) for one in found.others]
    shown = fitting([" | ".join(row) for row in rows], limit - 1_000)
    title = markdown(report.summary(found.others)).replace(" in the configuration", "")
    parts = [
        f"## Not shown in the diff: {title}",
        table(_HEADER, rows[:shown], frozenset()),
    ]
    if more := len(rows) - shown:
        parts.append(f"**… and {more:,} more.** `reconciler validate` lists them all.")
    return "\n\n".join(parts) + "\n"


def _word(kind: Severity) -> str:
    return "remark" if kind == "info" else kind


def _text(one: Problem) -> str:
    """Nothing in it is a command to the runner, which also knows `##[...]` anywhere in a line."""
    return inert(plain(str(one)))


def _row(one: Problem) -> Sequence[str]:
    place = one.position
    where = f"{markdown(cut(place.file))}:{place.line}"
    return (where, one.code, words(one.message), markdown_code(one.remedy))
