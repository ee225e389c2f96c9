"""The page of a finding's code, and the list of all codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from reconciler.findings import HOLDS, MISFITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from reconciler.findings import Code
    from reconciler.model.finding import Severity

_OF_TESTS: Final = "a mistake in `tests/` fails only `reconciler validate`"
"""No plan is made of what lies there."""

_STYLES: Final[dict[Severity, str]] = {"error": "red", "warning": "yellow", "info": "cyan"}


def render(code: Code, console: Console) -> None:
    """What the code means, whether it holds anything back, and what to do."""
    title = Text()
    title.append(f"{code.severity} {code.code}", style=_STYLES[code.severity])
    title.append(f" {code.title}", style="bold")
    console.print(title)
    for paragraph in (code.meaning, _effect(code), f"What to do: {code.remedy}."):
        console.print()
        console.print(Text(paragraph))


def render_list(codes: Iterable[Code], console: Console) -> None:
    """Every code on a line of its own."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Code", "Severity", "Holds", "Title"):
        table.add_column(name, overflow="fold")
    for code in codes:
        severity = Text(code.severity, style=_STYLES[code.severity])
        table.add_row(code.code, severity, _holds(code), Text(code.title))
    console.print(table)


def markdown(code: Code) -> str:
    """The page as Markdown; codes' own texts are Markdown already."""
    return (
        f"## {code.code} {code.title}\n\n{code.meaning}\n\n{_effect(code)}\n\n"
        f"**What to do:** {code.remedy}.\n"
    )


def pages(codes: Iterable[Code]) -> dict[str, str]:
    """A page per code and an index of them, by file name."""
    found = list(codes)
    rows = "\n".join(
        f"| [{code.code}]({code.code}.md) | {code.severity} | {_holds(code)} | {code.title} |"
        for code in found
    )
    index = (
        "# Findings\n\nEvery finding has a code. `reconciler rule CODE` shows the same pages.\n\n"
        "What holds is not written until a person has acted: `yes` is what the finding concerns,"
        f" `all` is everything; {_OF_TESTS}.\n\n"
        f"| code | severity | holds | title |\n|---|---|---|---|\n{rows}\n"
    )
    return {"README.md": index, **{f"{c.code}.md": markdown(c)[1:] for c in found}}


def dumps(codes: Iterable[Code]) -> str:
    """The codes as a JSON array."""
    return json.dumps([_document(code) for code in codes], indent=2, sort_keys=True) + "\n"


def _holds(code: Code) -> str:
    if code.code.startswith("CFG"):
        return "all"
    return "yes" if code.code in HOLDS else "no"


def _effect(code: Code) -> str:
    if code.code in HOLDS:
        effect = "What it concerns is not written until a person has acted."
    elif code.code.startswith("CFG"):
        effect = f"Nothing is planned until it is mended; {_OF_TESTS}."
    elif code.code in MISFITS and code.severity == "error":
        effect = (
            "Its lines are written all the same; a plan with it needs a person, and the status of a"
            " pull request fails."
        )
    else:
        effect = "Nothing waits for a person because of it."
    return f"Severity: {code.severity}. {effect}"


def _document(code: Code) -> dict[str, Any]:
    return {
        "code": code.code,
        "severity": code.severity,
        "title": code.title,
        "meaning": code.meaning,
        "remedy": code.remedy,
        "blocks": code.code in HOLDS,
    }
