"""Mistakes in the configuration: as text, JSON, and as annotations on a pull request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from rich.text import Text

from reconciler.findings import CODES
from reconciler.report.outside import annotation, annotation_property, plain
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reconciler.model.finding import Problem, Severity

_STYLES: Final[dict[Severity, str]] = {"error": "red", "warning": "yellow", "info": "cyan"}
_COMMANDS: Final[dict[Severity, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def render(problems: Sequence[Problem], console: Console) -> None:
    """One line each, ``file:line:column: CODE message; remedy``, then a count."""
    for problem in problems:
        text = Text()
        text.append(plain(f"{problem.position}"), style="bold")
        text.append(": ")
        text.append(problem.code, style=_STYLES[problem.severity])
        text.append(plain(f" {problem.message}; {problem.remedy}"))
        console.print(text, soft_wrap=True)
    console.print(Text(summary(problems)))


def summary(problems: Sequence[Problem]) -> str:
    """``2 errors and 1 warning``, or that there are none."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    parts = [counted(errors, "error")] if errors else []
    parts += [counted(warnings, "warning")] if warnings else []
    return f"{' and '.join(parts)} in the configuration" if parts else "the configuration is valid"


def dumps(problems: Sequence[Problem]) -> str:
    """A JSON object with ``valid`` and ``problems``; a warning alone leaves it valid."""
    document = {
        "valid": not any(problem.severity == "error" for problem in problems),
        "problems": [_document(problem) for problem in problems],
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def github(problems: Sequence[Problem]) -> str:
    """GitHub workflow commands, one line each; GitHub shows them at their place in the diff."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def _document(problem: Problem) -> dict[str, str | int]:
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "remedy": problem.remedy,
        "file": problem.position.file,
        "line": problem.position.line,
        "column": problem.position.column,
    }


def _annotation(problem: Problem) -> str:
    entry = CODES.get(problem.code)
    title = f"{problem.code} {entry.title}" if entry else problem.code
    place = (
        f"file={annotation_property(plain(problem.position.file))}"
        f",line={problem.position.line},col={problem.position.column}"
        f",title={annotation_property(title)}"
    )
    message = annotation(plain(f"{problem.message}; {problem.remedy}"))
    return f"::{_COMMANDS[problem.severity]} {place}::{message}"
