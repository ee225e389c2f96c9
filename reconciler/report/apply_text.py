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
    "unproved": "written, not proved",
    "refused": "refused by BMS",
    "in-doubt": "in doubt",
    "does-not-fit": "read back differently",
    "not-reached": "not reached",
}
_STYLES: Final[dict[Result, str]] = {
    "done": "green",
    "unproved": "yellow",
    "refused": "red",
    "in-doubt": "bold red",
    "does-not-fit": "bold red",
    "not-reached": "yellow",
}


_MOMENTS: Final = {
    "starting": "recording what will be sent",
    "intended": "sending",
    "posted": "recording the answer",
    "settled": "reading back",
    "read-back": "reading the contract's total",
    "proved": "recording the total",
}


class ApplyProgress:
    """Names each change as its turn comes; on a terminal also what is under way.

    Use it as a context manager around the run, and hand it to the executor as its watch.
    """

    def __init__(self, console: Console, currency: str, changes: int) -> None:
        self._console = console
        self._currency = currency
        self._changes = changes
        self._started = 0
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
        if self._started and kind is not None and not issubclass(kind, Exception):
            self._console.print(
                Text(
                    f"Stopped at change {self._started} of {self._changes}. Those before it are"
                    " written; what became of it the next run finds out, and goes on from there."
                )
            )

    def __call__(self, moment: str, change: Change) -> None:
        """One step of writing a change."""
        if moment == "starting":
            self._started += 1
            named = _named(change, self._currency)
            self._console.print(Text(f"{self._started}/{self._changes} {named}"))
        if self._status is not None and moment in _MOMENTS:
            self._status.update(Text(_MOMENTS[moment]))


def render_summary(applied: Sequence[Applied], currency: str, console: Console) -> None:
    """What was written first; then everything that was not, by name."""
    console.print(Text(summary(applied, currency), style="bold"))
    for one in applied:
        if one.result != "done":
            console.print(_line(one, currency))


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


def _line(applied: Applied, currency: str) -> Text:
    text = Text("- ")
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
