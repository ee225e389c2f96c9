"""Everything a plan is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from reconciler.engine.misspelt import Suspects
from reconciler.engine.retracted import Behind
from reconciler.model.approval import Approval
from reconciler.model.bms import LineKey, Observation
from reconciler.model.desired import DesiredState
from reconciler.model.ledgered import Intent, Lapsed, Remembered, Reverted
from reconciler.model.reading import Usage
from reconciler.model.rules import LineRule


@dataclass(frozen=True, slots=True)
class PlanInput:
    """Everything a plan depends on; the clock among it, as ``now``."""

    state: DesiredState
    seen: Observation
    usage: Usage
    remembered: Remembered
    as_of: date
    now: datetime | None = None
    local: datetime | None = None
    """The same in the tenant's local time, where that is on the day of the plan."""
    zone: tzinfo = UTC
    """The tenant's: whose day it was when something was written."""
    commit: str | None = None
    approved: tuple[Approval, ...] = ()
    """Changes that a person approved in spite of a guard."""
    only: tuple[str, ...] = ()
    """Accounts by name; empty for all."""
    true_up: date | None = None
    """The first day of the month whose periods are set; None: an ordinary plan."""
    back_to: date | None = None
    """Contracts that ended on that day or later are looked at too."""
    corrects: tuple[Intent, ...] = ()
    """Writes to reverse; empty: an ordinary plan."""
    retracts: tuple[Behind, ...] = ()
    """The edits that they came from."""
    base: str | None = None
    """The commit whose configuration it is compared with; None: an ordinary plan."""
    reverts: tuple[Reverted, ...] = ()
    """Merges that commits since the base say they revert."""
    left: tuple[Intent, ...] = ()
    """Writes that merged reverts left for a person to take back in BMS."""
    lapsed: tuple[Lapsed, ...] = ()
    """What earlier runs found lost for good, oldest first."""
    suspects: Suspects = field(default_factory=dict)
    """Types that services name and no reading ever did, with those that may be meant."""
    before: Mapping[LineKey, LineRule] | None = None
    """What the base says of their lines; None: nothing is taken back."""
