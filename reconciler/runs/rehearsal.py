"""The demo's acts, in order, each one a run as any user would start it."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType

from reconciler.desired import load
from reconciler.desired.approving import approve
from reconciler.ledger import open_ledger
from reconciler.model.plan import Plan
from reconciler.runs.applying import ApplyOptions, ApplyRun, apply
from reconciler.runs.asked import PlanOptions
from reconciler.runs.baseline import import_baseline
from reconciler.runs.planning import plan
from reconciler.runs.stage import Stage, StageError
from reconciler.usage import Pulled, pull


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changed in BMS."""

    account: str
    service: str
    before: int
    after: int


class Rehearsal:
    """Plays on one stage; close it, or use it in a ``with`` statement."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._state = load(stage.around.config)
        self._ledger = open_ledger(stage.around.ledger, tenant=self._state.tenant)

    def __enter__(self) -> Rehearsal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ledger.close()
        self._stage.sandbox.close()

    def pull(self) -> Pulled:
        """Read the usage files."""
        around = self._stage.around
        today, now = around.today(self._state), around.clock.now()
        report = pull(self._state.sources, around.config, self._ledger, today, now)
        failed = next((one.failed for one in report.failed), None)
        if failed is not None:
            raise failed
        return report.sources[0]

    def learn_units(self) -> int:
        """Take the units that a person read on the screens; how many rows that were."""
        return import_baseline(self._stage.around, self._ledger, self._stage.baseline).taken

    def plan(self) -> Plan:
        """Plan from BMS as it is."""
        return plan(self._stage.around, self._ledger, PlanOptions()).planned.plan

    def approve(self, reason: str) -> int:
        """Approve what guards hold; how many changes that were."""
        made = self.plan()
        held = [change for change in made.changes if change.standing == "held"]
        return approve(self._stage.around.config, held, made.as_of, reason).added

    def apply(self) -> ApplyRun:
        """Write everything that is planned."""
        done = apply(self._stage.around, self._ledger, ApplyOptions("demo", "terminal"))
        if done is None:
            raise StageError("nothing was confirmed")
        return done

    def edit_by_hand(self) -> Edit:
        """A person gives the first mapped customer four more servers, past the review."""
        account = str(self._state.accounts[0].account)
        rows = [row for row in self._stage.sandbox.ui.read_units() if row.account == account]
        row = max(rows, key=lambda one: (one.price, one.row_id))
        self._stage.sandbox.ui.edit_units(row.row_id, row.units + 4)
        return Edit(account, row.service, row.units, row.units + 4)
