"""What a run that looks at lines for themselves leaves in the ledger for those that come later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.engine.entered import to_remember
from reconciler.ledger import Ledger
from reconciler.model.ledgered import EnteredPeriod
from reconciler.model.plan import Change
from reconciler.runs.asked import PlanRun
from reconciler.runs.lapsed import keep_lapsed


@dataclass(frozen=True, slots=True)
class Remembering:
    """With what lines enter their periods, what they lost, and that a run looked at them."""

    run: PlanRun
    ledger: Ledger
    changes: Sequence[Change]
    """About to be written."""

    def before_writing(self, at: datetime) -> None:
        """A run that dies while it writes leaves what waits on other lines."""
        learned = self.run.planned.examined.learned.facts
        known = self.ledger.remember() if learned else self.run.remembered
        self.ledger.append_entered(to_remember(self._found(moving=False), known), at)
        keep_lapsed(self.ledger, self.run, at)

    def after_writing(self, at: datetime, *, all_of_it: bool) -> None:
        """``all_of_it``: it looked at every line, and came to its end."""
        if found := self._found(moving=True):
            known = self.ledger.remember({one.line.account_id for one in found})
            self.ledger.append_entered(to_remember(found, known), at)
        if all_of_it:
            self.ledger.append_look(self.run.as_of, at)

    def _found(self, *, moving: bool) -> list[EnteredPeriod]:
        lines = {change.line.key for change in self.changes}
        found = self.run.planned.examined.learned.entered
        return [one for one in found if (one.line in lines) == moving]
