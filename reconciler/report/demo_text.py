"""The demo's words, for somebody who has never heard of the project."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final

from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from reconciler.report.money import signed
from reconciler.report.outside import plain
from reconciler.report.sentences import headline
from reconciler.report.words import before_after, counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from reconciler.model.plan import Change, Plan

SHOWN: Final = 8
SILENT: Final = ("USG002", "USG012")
"""A customer of the example has a source that fell silent; its lines rightly stay as they are."""


def is_in_step(plan: Plan) -> bool:
    """Is there nothing to write and nothing to look at, but for the silent source?"""
    open_changes = any(c.standing in ("ready", "proposed", "held") for c in plan.changes)
    errors = {found.code for found in plan.findings if found.severity == "error"}
    return not open_changes and errors <= set(SILENT)


class Story:
    """Tells the demo act by act."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._act = 0

    def working(self, what: str) -> AbstractContextManager[object]:
        """A spinner while something takes a moment; nothing where output is no terminal."""
        return self._console.status(what) if self._console.is_terminal else nullcontext()

    def opening(self) -> None:
        """What this is about."""
        self._console.print(Text("Reconciler", style="bold"))
        self._say(
            "A managed service provider resells Kaseya and Datto products. What each customer used"
            " has to become the right quantity on that customer's contract in Kaseya BMS, every"
            " month. Here is how that goes, on a BMS made up on this machine."
        )

    def usage(self, readings: int, organizations: int, newest: date | None) -> None:
        """Act: usage."""
        self._title("Usage")
        self._say(
            f"{readings:,} readings of {organizations:,} customers' organizations came in from"
            f" files, up to {newest}: how much of which product, on which day."
        )

    def baseline(self, rows: int) -> None:
        """Act: starting units."""
        self._title("Starting units")
        self._say(
            f"BMS never tells how many units a line has. For {rows} lines a person read them once"
            " on the screens; from now on the ledger knows, and every contract's total price is the"
            " proof that it is still right."
        )

    def plan(self, plan: Plan) -> None:
        """Act: the plan, its largest changes first."""
        self._title("Plan")
        self._say(headline(plan))
        held = [change for change in plan.changes if change.standing == "held"]
        rest = [change for change in plan.changes if change.standing in ("ready", "proposed")]
        if held:
            self._say("Held, since units jump by more than a guard allows:", "yellow")
            self._changes(held, plan.currency)
        largest = sorted(rest, key=lambda c: (-abs(c.money.monthly), c.id))[:SHOWN]
        self._say(f"The {len(largest)} largest of {len(rest)} others:")
        self._changes(largest, plan.currency)
        self._why((held or largest)[0])

    def approved(self, count: int) -> None:
        """Act: approval."""
        self._title("Approve")
        self._say(
            f"A person looked at the {counted(count, 'held change')} and wrote an approval with a"
            " reason. It is a file in git: merging it approves exactly these numbers. What else"
            " waits for approval is approved by whoever answers apply with yes."
        )

    def applied(self, summary: str, changes: int) -> None:
        """Act: apply."""
        self._title("Apply")
        self._say(
            f"{counted(changes, 'write')}, each noted in the ledger before it was sent, answered by"
            " BMS, read back, and proved by the contract's total."
        )
        self._say(summary, "green")

    def in_step(self, plan: Plan) -> None:
        """Act: plan again."""
        self._title("Plan again")
        if not is_in_step(plan):
            self._say(headline(plan), "bold red")
            return
        looked = plan.checked
        lines = f"{looked.lines_counted} of {looked.lines} lines"
        self._say(
            f"In step: {lines} on {looked.contracts} contracts have the units they should have.",
            "bold green",
        )
        for found in plan.findings:
            if found.code in SILENT:
                why = plain(found.message)
                self._say(
                    f"The others keep theirs until their source speaks again: {why}", "yellow"
                )

    def drift(self, service: str, account: str, before: int, after: int) -> None:
        """Act: somebody edits BMS by hand."""
        self._title("Drift")
        self._say(
            f"Now somebody changes {plain(service)} of {plain(account)} in BMS by hand, from"
            f" {before} to {after}. The next look finds it:"
        )

    def ending(self, folder: Path | None) -> None:
        """Where to go from here."""
        self._title("That was all")
        if folder is not None:
            self._say(f"Everything is in {folder}: the configuration, the ledger, the sandbox.")
        self._say("The README says how to use it on your own BMS, first only watching.")

    def _title(self, title: str) -> None:
        self._act += 1
        self._console.print()
        self._console.print(Rule(Text(f"{self._act}. {title}"), align="left", style="dim"))

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))

    def _changes(self, changes: Sequence[Change], currency: str) -> None:
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        table.add_column("  Customer", overflow="ellipsis", no_wrap=True, max_width=32)
        table.add_column("Service", overflow="ellipsis", no_wrap=True, max_width=24)
        table.add_column("Units", justify="right", no_wrap=True)
        table.add_column("Per month", justify="right", no_wrap=True)
        for change in changes:
            table.add_row(
                Text(f"  {plain(change.line.account)}"),
                Text(plain(change.line.service)),
                before_after(change, currency),
                signed(change.money.monthly, currency),
            )
        self._console.print(table)

    def _why(self, change: Change) -> None:
        ref = change.line
        self._say(
            f"Every number can say why. {plain(ref.service)} of {plain(ref.account)}, from"
            f" {change.day}:"
        )
        for step in change.steps:
            self._say(f"    {plain(step.what)}: {plain(step.value)}", "dim")
