"""True-ups that wait for the merge of their month's pull request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from reconciler.engine.trueup import next_invoice_run
from reconciler.findings import finding
from reconciler.model.desired import DesiredState
from reconciler.model.finding import Finding
from reconciler.model.plan import Change


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The end of each true-up's period, by the id of its change."""

    state: DesiredState
    as_of: date
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
        what = f"{count} change{'' if count == 1 else 's'} of the true-up of"
        month = f"{end - timedelta(days=1):%Y-%m}"
        if run.date() <= self.as_of:
            return f"{what} {month} {_be(count)} not merged by {_when(run, self.state)}"
        then = (
            "the run of that day writes what the guards allow"
            if self.state.true_up.if_unmerged == "apply-within-guards"
            else "nothing is written"
        )
        return (
            f"{what} {month} wait{'s' if count == 1 else ''} to be merged by"
            f" {_when(run, self.state)}; if nobody does, {then}"
        )


def unmerged(changes: Iterable[Change], state: DesiredState, as_of: date) -> Unmerged:
    """The true-ups among them that only a merge lets be written, as billing.yaml has it."""
    if state.true_up.by == "schedule":
        return Unmerged(state, as_of, {})
    return Unmerged(
        state,
        as_of,
        {
            change.id: change.month_end
            for change in changes
            if change.month_end is not None
            and change.cause == "usage"
            and not _falls_back(state, change.month_end, as_of)
        },
    )


def _falls_back(state: DesiredState, end: date, as_of: date) -> bool:
    """Has the day come on which it is written though nobody merged it?"""
    day = next_invoice_run(state.invoice_run, end).date()
    return state.true_up.if_unmerged == "apply-within-guards" and day <= as_of


def _when(run: datetime, state: DesiredState) -> str:
    return f"{run:%Y-%m-%d %H:%M} ({state.time_zone})"


def _be(count: int) -> str:
    return "was" if count == 1 else "were"
