"""What a month's issue tells once: it goes on every day, and asks somebody to act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from reconciler import __version__
from reconciler.ledger import Ledger, Run
from reconciler.report.daily import NEWS
from reconciler.report.words import needs_person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.model.finding import Finding
    from reconciler.model.plan import Plan

KIND: Final = "news"
RECENT: Final = 10_000


@dataclass(frozen=True, slots=True)
class News:
    """Of one day. What the ledger has of the day itself is told again by a job that runs again."""

    ledger: Ledger
    today: date

    def of(self, plan: Plan) -> tuple[Finding, ...]:
        """What this month's issue has not told on an earlier day."""
        told = {which for day, which in self._told() if day < self.today}
        return tuple(
            found for found in plan.findings if _goes_on(found) and _which(found) not in told
        )

    def keep(self, found: Iterable[Finding], at: datetime, config: str, commit: str | None) -> None:
        """They were told."""
        told = {which for _, which in self._told()}
        for code, what in dict.fromkeys(map(_which, found)):
            if (code, what) not in told:
                self.ledger.append_run(
                    Run(KIND, at, __version__, config, commit, self.today, what, code)
                )

    def _told(self) -> Iterable[tuple[date, tuple[str, str]]]:
        """Of this month: a new issue tells again what goes on."""
        month = self.today.replace(day=1)
        for run in self.ledger.history(RECENT):
            if run.kind == KIND and run.as_of >= month:
                yield run.as_of, (run.detail, run.outcome)


def _goes_on(found: Finding) -> bool:
    """Where billing.yaml makes it an error, every day tells it, and where an info, none."""
    return found.code in NEWS and found.severity == "warning" and not needs_person(found)


def _which(found: Finding) -> tuple[str, str]:
    """The total of a contract that was left behind may move: it is the same contract."""
    subject = found.subject
    if found.code == "KNW015":
        return found.code, f"{subject.contract} of {subject.account}"
    return found.code, found.message
