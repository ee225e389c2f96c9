"""Runs and writes, newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from rich.table import Table
from rich.text import Text

from reconciler.report.outside import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from rich.console import Console

    from reconciler.model.bms import LineKey
    from reconciler.model.ledgered import Intent, Outcome, Settled

    Named = Callable[[LineKey], tuple[str, str, str]]
    """The names of a line's account, contract and service, as last seen in BMS."""

OUTCOMES: Final[dict[Outcome, str]] = {
    "answered": "written",
    "refused": "refused by BMS",
    "proved": "written, answer lost",
    "absent": "not written",
    "misfit": "did not fit",
    "accepted": "did not fit, accepted",
}


class LeaseEntry(Protocol):
    """A run's claim on the ledger that it did not give back."""

    @property
    def holder(self) -> str: ...
    @property
    def since(self) -> datetime: ...


class RunEntry(Protocol):
    """A run as the ledger keeps it."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def as_of(self) -> date: ...
    @property
    def outcome(self) -> str: ...
    @property
    def detail(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown, newest first."""

    runs: Sequence[RunEntry]
    writes: Sequence[tuple[Intent, Settled | None]]
    let: Mapping[str, object | None]
    """Who let a write, and how, by its ref; None where the ledger does not say."""
    approved: Mapping[str, str]
    """What approved it, where it needed that."""
    counts: tuple[int, int]
    """How many runs and writes there are, shown or not."""
    unended: Sequence[LeaseEntry] = ()
    """Of runs that nothing tells the end of."""


def render(told: Told, named: Named, console: Console) -> None:
    """Two tables."""
    for lease in told.unended:
        console.print(Text(plain(_unended(lease))))
    if not told.runs and not told.writes:
        console.print(Text("Nothing was written yet."))
        return
    if told.unended:
        console.print()
    runs, writes = told.counts
    console.print(_runs(told.runs))
    _render_cut(console, len(told.runs), runs, "runs")
    console.print()
    console.print(_writes(told, named))
    _render_cut(console, len(told.writes), writes, "writes")


def _render_cut(console: Console, shown: int, of: int, what: str) -> None:
    if shown < of:
        more = f"The newest {shown:,} of {of:,} {what}; --limit N or --all shows more."
        console.print(Text(more))


def dumps(told: Told) -> str:
    """A JSON object with both lists, and how many there are of each."""
    runs, writes = told.counts
    document = {
        "all": {"runs": runs, "writes": writes},
        "runs": [
            {
                "kind": run.kind,
                "at": run.at.isoformat(),
                "as_of": run.as_of.isoformat(),
                "outcome": run.outcome,
                "detail": run.detail,
            }
            for run in told.runs
        ],
        "unended": [
            {"holder": lease.holder, "since": lease.since.isoformat()} for lease in told.unended
        ],
        "writes": [
            {
                "ref": intent.ref,
                "at": intent.at.isoformat(),
                "kind": intent.kind,
                "account_id": intent.line.account_id,
                "contract_id": intent.line.contract_id,
                "service_id": intent.line.service_id,
                "day": intent.day.isoformat(),
                "units_before": intent.units_before,
                "units_after": intent.units_after,
                "price": str(intent.price),
                "plan": intent.plan,
                "change": intent.change,
                "approved_by": str(told.let[intent.ref] or ""),
                "approval": told.approved.get(intent.ref, ""),
                "outcome": None if settled is None else settled.outcome,
                "row_id": None if settled is None else settled.row_id,
                "detail": "" if settled is None else settled.detail,
            }
            for intent, settled in told.writes
        ],
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _unended(lease: LeaseEntry) -> str:
    begun = f"{lease.holder}, begun {lease.since:%Y-%m-%d %H:%M} UTC"
    return f"{begun}: nothing tells how it ended; the next run goes on from what was written."


def _runs(runs: Sequence[RunEntry]) -> Table:
    table = _table("Run", "At (UTC)", "As of", "Outcome", "Who")
    for run in runs:
        table.add_row(
            run.kind,
            f"{run.at:%Y-%m-%d %H:%M}",
            str(run.as_of),
            Text(plain(run.outcome)),
            Text(plain(run.detail)),
        )
    return table


def _writes(told: Told, named: Named) -> Table:
    table = _table("Ref", "At (UTC)", "Line", "From", "Units", "Outcome")
    for intent, settled in told.writes:
        line = " / ".join(named(intent.line))
        let, approval = told.let[intent.ref], told.approved.get(intent.ref)
        who = [] if let is None else [f"let by {let}"]
        who += [] if approval is None else [f"approved: {approval}"]
        table.add_row(
            intent.ref,
            f"{intent.at:%Y-%m-%d %H:%M}",
            Text("\n".join(map(plain, (line, *who)))),
            str(intent.day),
            _moved(intent),
            "in doubt" if settled is None else OUTCOMES[settled.outcome],
        )
    return table


def _moved(intent: Intent) -> str:
    if intent.kind == "price":
        return f"price {intent.price}"
    return f"{intent.units_before} -> {intent.units_after}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        # Wrapped where there are words; days, instants and units stay whole.
        wraps = column in ("Line", "Outcome", "Who")
        table.add_column(column, overflow="fold", no_wrap=not wraps)
    return table
