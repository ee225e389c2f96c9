"""An apply as it happens, and what it came to."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, Self

from rich.text import Text

from reconciler.report.money import signed, with_code
from reconciler.report.outside import plain
from reconciler.report.plan_view import total
from reconciler.report.words import before_after, counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from rich.console import Console
    from rich.status import Status

    from reconciler.model.outcome import Applied, Result
    from reconciler.model.plan import Change

RESULTS: Final[dict[Result, str]] = {
    "done": "done",
    "refused": "refused by BMS",
    "in-doubt": "in doubt",
    "does-not-fit": "read back differently",
    "not-reached": "not reached",
}
_STYLES: Final[dict[Result, str]] = {
    "done": "green",
    "refused": "red",
    "in-doubt": "bold red",
    "does-not-fit": "bold red",
    "not-reached": "yellow",
}


class ApplyProgress:
    """Shows each change as it ends; on a terminal also the one under way.

    Use it as a context manager around the run.
    """

    def __init__(self, console: Console, currency: str, changes: int) -> None:
        self._console = console
        self._currency = currency
        self._changes = changes
        self._ended = 0
        self._status: Status | None = None
        self._live: AbstractContextManager[object] = nullcontext()

    def __enter__(self) -> Self:
        self._console.print(Text(f"Writing {counted(self._changes, 'change')} to BMS"))
        if self._console.is_terminal:
            self._status = self._console.status("")
            self._live = self._status
        self._live.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def writing(self, change: Change) -> None:
        """The change is about to be posted."""
        if self._status is not None:
            self._status.update(Text(f"{self._ended + 1}/{self._changes} {self._named(change)}"))

    def ended(self, applied: Applied) -> None:
        """The change has its result."""
        self._ended += 1
        self._console.print(_line(applied, self._currency, f"{self._ended}/{self._changes}"))

    def _named(self, change: Change) -> str:
        return _named(change, self._currency)


def render_summary(applied: Sequence[Applied], currency: str, console: Console) -> None:
    """What was written first; then everything that was not, by name."""
    console.print(Text(summary(applied, currency), style="bold"))
    for one in applied:
        if one.result != "done":
            console.print(_line(one, currency, "-"))


def summary(applied: Sequence[Applied], currency: str) -> str:
    """``10 of 12 changes written, +234.00 USD per month; 1 refused by BMS and 1 in doubt.``"""
    if not applied:
        return "Nothing was to be written."
    counts = Counter(one.result for one in applied)
    money = total(one.change for one in applied if one.result == "done")
    monthly = with_code(signed(money.monthly, currency), currency)
    changes = counted(len(applied), "change")
    text = f"{counts['done']:,} of {changes} written, {monthly} per month"
    rest = [f"{counts[result]:,} {word}" for result, word in RESULTS.items() if counts[result]]
    others = rest[1:] if counts["done"] else rest
    return f"{text}; {listed(others)}." if others else f"{text}."


def dumps(applied: Sequence[Applied]) -> str:
    """A JSON array: change, result, ref and detail of each."""
    documents = [
        {"change": one.change.id, "result": one.result, "ref": one.ref, "detail": one.detail}
        for one in applied
    ]
    return json.dumps(documents, indent=2, sort_keys=True) + "\n"


def _line(applied: Applied, currency: str, lead: str) -> Text:
    text = Text(f"{lead} ")
    text.append(RESULTS[applied.result], style=_STYLES[applied.result])
    text.append(f": {_named(applied.change, currency)}")
    if applied.ref:
        text.append(f" (ref {plain(applied.ref)})", style="dim")
    if applied.detail:
        text.append(f"; {plain(applied.detail)}")
    return text


def _named(change: Change, currency: str) -> str:
    line = change.line
    return plain(
        f"{line.account} / {line.contract} / {line.service}:"
        f" {before_after(change, currency)} from {change.day.isoformat()}"
    )
