"""True-ups that wait for the merge of their month's pull request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from reconciler.engine.entry import PlanInput
from reconciler.engine.trueup import next_invoice_run
from reconciler.findings import finding
from reconciler.model.desired import DesiredState
from reconciler.model.finding import Finding
from reconciler.model.plan import Change

LAST_DAY: Final = timedelta(hours=24)
"""The last daily run before the invoices comes within it."""


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The end of each true-up's period, by the id of its change."""

    state: DesiredState
    now: datetime
    ends: Mapping[str, date]

    def findings(self, changes: Iterable[Change]) -> Iterator[Finding]:
        """TRU002, once per month, of the changes that are held for it."""
        months: dict[date, list[Change]] = defaultdict(list)
        for change in changes:
            if "TRU002" in change.because:
                months[self.ends[change.id]].append(change)
        for end, changes in sorted(months.items()):
            money = sum((change.money.monthly for change in changes), Decimal(0))
            yield finding("TRU002", self._message(end, len(changes)), money=money)

    def _message(self, end: date, count: int) -> str:
        run = next_invoice_run(self.state.invoice_run, end)
        over = run <= self.now
        what = f"{count} change{'' if count == 1 else 's'} of the true-up of"
        month = f"{end - timedelta(days=1):%Y-%m}"
        if over:
            return f"{what} {month} {_be(count)} not merged by {_when(run, self.state)}"
        then = (
            "the last daily run before writes what the guards allow"
            if self.state.true_up.if_unmerged == "apply-within-guards"
            else "nothing is written"
        )
        return (
            f"{what} {month} wait{'s' if count == 1 else ''} to be merged by"
            f" {_when(run, self.state)}; if nobody does, {then}"
        )


def unmerged(changes: Iterable[Change], state: DesiredState, now: datetime) -> Unmerged:
    """The true-ups among them that only a merge lets be written, as billing.yaml has it; ``now``:
    the local time."""
    ends = {
        change.id: change.month_end
        for change in changes
        if is_true_up(change, state)
        and change.month_end is not None
        and not _falls_back(state, change.month_end, now)
    }
    return Unmerged(state, now, ends)


def is_true_up(change: Change, state: DesiredState) -> bool:
    """Does a month's pull request ask for it? Whether usage or settings moved the count of it."""
    by_merge = state.true_up.by == "pull-request"
    return by_merge and change.month_end is not None and change.cause in ("usage", "config")


def local_time(entry: PlanInput) -> datetime:
    """Of the plan; the beginning of its day where nobody knows better."""
    return entry.local or datetime.combine(entry.as_of, time.min)


def _falls_back(state: DesiredState, end: date, now: datetime) -> bool:
    """Is this the last day before the invoices, on which it is written though nobody merged it?"""
    run = next_invoice_run(state.invoice_run, end)
    return state.true_up.if_unmerged == "apply-within-guards" and run - LAST_DAY <= now


def _when(run: datetime, state: DesiredState) -> str:
    return f"{run:%Y-%m-%d %H:%M} ({state.time_zone})"


def _be(count: int) -> str:
    return "was" if count == 1 else "were"
