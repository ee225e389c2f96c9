"""The results of policy tests: as text, JSON, and as annotations on a pull request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from reconciler.findings import CODES
from reconciler.model.finding import Problem
from reconciler.report import problems as report
from reconciler.report.outside import plain
from reconciler.report.words import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from reconciler.engine.compared import Unlike
    from reconciler.model.place import Position


class Result(Protocol):
    """A case that was run."""

    @property
    def name(self) -> str: ...
    @property
    def position(self) -> Position: ...
    @property
    def differences(self) -> Sequence[Unlike]: ...


def render(results: Sequence[Result], console: Console) -> None:
    """Each failed case with everything that differs, then a count."""
    for one in failed(results):
        title = Text(plain(f"{one.position}"), style="bold")
        title.append(": ")
        title.append("FAILED", style="red")
        title.append(plain(f" {one.name}"))
        console.print(title, soft_wrap=True)
        for difference in one.differences:
            console.print(Text(f"  {difference.what}"))
            console.print(Text(f"    expected  {difference.expected}"), soft_wrap=True)
            console.print(Text(f"    found     {difference.found}"), soft_wrap=True)
    console.print(Text(summary(results)))


def summary(results: Sequence[Result]) -> str:
    """How many passed."""
    if not results:
        return "there is no policy test"
    wrong = len(failed(results))
    tests = counted(len(results), "policy test")
    return f"{wrong} of {tests} failed" if wrong else f"{tests} passed"


def failed(results: Sequence[Result]) -> list[Result]:
    """Those in which something came out otherwise."""
    return [one for one in results if one.differences]


def dumps(results: Sequence[Result]) -> str:
    """The object of `problems`, valid where every test passed, with the tests beside it."""
    document = json.loads(report.dumps(problems_of(results)))
    document["tests"] = [
        {
            "name": one.name,
            "file": one.position.file,
            "line": one.position.line,
            "passed": not one.differences,
            "differences": [
                {"what": d.what, "expected": d.expected, "found": d.found} for d in one.differences
            ],
        }
        for one in results
    ]
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def github(results: Sequence[Result]) -> str:
    """GitHub workflow commands, one per failed case."""
    return report.github(problems_of(results))


def problems_of(results: Sequence[Result]) -> list[Problem]:
    """Failed cases as mistakes with a place."""
    code = CODES["CFG020"]
    return [
        Problem(
            code.code,
            f"`{one.name}` fails: {'; '.join(map(str, one.differences))}",
            code.remedy,
            one.position,
        )
        for one in failed(results)
    ]
