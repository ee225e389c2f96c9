"""What a month's issue tells once: it goes on every day, and asks somebody to act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from reconciler import __version__
from reconciler.engine.unclaimed import only
from reconciler.ledger import Ledger, Run
from reconciler.report.daily import NEWS
from reconciler.report.words import needs_person
from reconciler.runs.known_news import What, abouts, details, whats

if TYPE_CHECKING:
    from reconciler.model.finding import Finding
    from reconciler.model.plan import Plan

KIND: Final = "news"
_ONCE: Final = frozenset({"POL007"})
"""Codes of what is over: who settled it by hand must not be asked again by the next month."""


@dataclass(frozen=True, slots=True)
class News:
    """Of one day. What the ledger has of the day itself is told again by a job that runs again."""

    ledger: Ledger
    today: date

    def of(self, plan: Plan) -> tuple[Finding, ...]:
        """What this month's issue has not told on an earlier day."""
        return tuple(_left(plan, self._told(lambda day: day < self.today)))

    def since(self, plan: Plan) -> tuple[Finding, ...]:
        """What no earlier run of this day has told either."""
        return tuple(_left(plan, self._told()))

    def keep(self, found: Iterable[Finding], at: datetime, config: str, commit: str | None) -> None:
        """They were told."""
        told = self._told()
        new = dict.fromkeys(what for one in found for what in abouts(one) if what not in told)
        for code, detail in details(new):
            self.ledger.append_run(
                Run(KIND, at, __version__, config, commit, self.today, code, detail)
            )

    def _told(self, on: Callable[[date], bool] = lambda _: True) -> Set[What]:
        """Of this month, as a new issue tells again what goes on; of what is over, ever."""
        month = self.today.replace(day=1)
        runs = (run for run in self.ledger.runs_of(KIND, date.min) if on(run.as_of))
        days = (run for run in runs if run.as_of >= month or run.outcome in _ONCE)
        return {what for run in days for what in whats(run.outcome, run.detail)}


def _left(plan: Plan, told: Set[What]) -> Iterator[Finding]:
    """Of a finding that names organizations, those that are new."""
    for found in filter(_goes_on, plan.findings):
        new = [one not in told for one in abouts(found)]
        if found.organizations and any(new):
            named = zip(found.organizations, new, strict=True)
            yield only(found, tuple(one for one, is_new in named if is_new))
        elif any(new):
            yield found


def _goes_on(found: Finding) -> bool:
    """Where billing.yaml makes it an error, every day tells it, and where an info, none."""
    return found.code in NEWS and found.severity == "warning" and not needs_person(found)
