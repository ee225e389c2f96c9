"""What a plan is asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from reconciler import __version__
from reconciler.engine.caused import Caused
from reconciler.engine.line_months import month_after
from reconciler.engine.plan import Planned
from reconciler.ledger import Run
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState
from reconciler.model.errors import WrongUsage
from reconciler.model.ledgered import Remembered


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What a plan is asked for."""

    as_of: date | None = None
    """Today in the tenant's time zone when None."""
    accounts: tuple[str, ...] = ()
    offline: bool = False
    commit: str | None = None
    true_up: date | None = None
    """The first day of the month to set."""
    correct: tuple[str, ...] = ()
    """Refs of writes to reverse."""
    back_to: date | None = None
    """Contracts that ended on that day or later are looked at too."""
    whole: str | None = None
    """A contract, by its id or name, whose every row is read."""
    keep: bool = True
    """Goes what was learned about BMS into the ledger?"""
    base: str | None = None
    """A commit whose configuration it is compared with: only what is caused since."""
    reverts: tuple[str, ...] | None = None
    """Commits that are reverted since the base; None: those that git says are."""


@dataclass(frozen=True, slots=True)
class Base:
    """The configuration of another commit, laid out once for all that looks at it."""

    config: Path
    """Gone when the plan is made."""
    state: DesiredState
    reached: Mapping[str, str]
    """How BMS is, as its billing.yaml has it."""


@dataclass(frozen=True, slots=True)
class PlanRun:
    """A plan with what it was made of; an apply goes on from here."""

    state: DesiredState
    planned: Planned
    seen: Observation
    remembered: Remembered
    as_of: date
    caused: Caused | None = None
    """What goes on beside it, where it is compared with another configuration."""
    base: Base | None = None
    """That configuration."""

    def row(self, kind: str, at: datetime, outcome: str, detail: str = "") -> Run:
        """What the ledger keeps of it, as of its day and under its configuration."""
        commit = self.planned.plan.commit
        return Run(kind, at, __version__, self.state.digest, commit, self.as_of, outcome, detail)


def check_month(month: date | None, as_of: date, billing_starts: date | None) -> None:
    """WrongUsage for a month that has not begun, or that is over before anything is billed."""
    if month is None:
        return
    if billing_starts is not None and month_after(month) <= billing_starts:
        raise WrongUsage(
            f"{month:%Y-%m} is before billing starts: nothing up to {billing_starts} is written",
            where="--true-up",
            remedy=f"name a month from {billing_starts:%Y-%m} on, or set an earlier"
            " `billing_starts` in billing.yaml",
        )
    if month > as_of:
        raise WrongUsage(
            f"{month:%Y-%m} has not begun: on {as_of} there is nothing to forecast it from",
            where="--true-up",
            remedy="plan it from its first day on",
        )
