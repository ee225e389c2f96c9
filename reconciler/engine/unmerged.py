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

_LATE: Final = ": that invoice run has passed, and what is dated before it is billed a month later"
_STILL: Final = "review the month's pull request, and merge it before the next invoice run"


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The end of each true-up's period, by the id of its change."""

    state: DesiredState
    now: datetime
    ends: Mapping[str, date]

    def findings(self, changes: Iterable[Change]) -> Iterator[Finding]:
        """TRU002, once per month and invoice run, of the changes that are held for it."""
        months: dict[tuple[str, datetime], list[Change]] = defaultdict(list)
        for change in changes:
            if "TRU002" in change.because:
                end = self.ends[change.id]
                run = next_invoice_run(self.state.invoice_run, end)
                months[f"{end - timedelta(days=1):%Y-%m}", run].append(change)
        for (month, run), held in sorted(months.items(), key=lambda one: one[0]):
            count = len(held)
            what = f"{count} change{'' if count == 1 else 's'} of the true-up of {month}"
            money = sum((change.money.monthly for change in held), Decimal(0))
            if run <= self.now:
                message = f"{what} {_be(count)} not merged by {_when(run, self.state)}{_LATE}"
                yield finding("TRU002", message, money=money, remedy=_STILL)
            else:
                yield finding("TRU002", f"{what} {self._waits(run, count)}", money=money)

    def _waits(self, run: datetime, count: int) -> str:
        then = (
            "the last daily run before writes what the guards allow"
            if self.state.true_up.if_unmerged == "apply-within-guards"
            else f"a later merge still writes {'it' if count == 1 else 'them'}, and what is dated"
            " before that invoice run is billed a month later"
        )
        return (
            f"wait{'s' if count == 1 else ''} to be merged by {_when(run, self.state)};"
            f" if nobody does, {then}"
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
