"""Write changes to BMS, and keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.apply import Executor, Session, Writer
from reconciler.apply.book import Book, books
from reconciler.apply.moments import Watch
from reconciler.ledger import Approval, Ledger
from reconciler.model.bms import Observation
from reconciler.model.errors import LedgerError
from reconciler.model.outcome import Applied
from reconciler.model.plan import Change, Plan
from reconciler.report import plan_json
from reconciler.runs.asked import PlanRun
from reconciler.runs.leased import Held


@dataclass(frozen=True, slots=True)
class Writing:
    """One apply that may write: into one ledger under its lease, by somebody's word."""

    held: Held
    ledger: Ledger
    approval: Approval
    watch: Watch

    def write(self, run: PlanRun, shown: Plan, changes: Sequence[Change]) -> Executor:
        """Write the changes of the plan that was shown; what came of it is in the ledger then."""
        self.ledger.save_plan(shown.digest, plan_json.dumps(shown), self.approval)
        contracts = self._books(run)
        services = {service.id: service for service in run.seen.services}
        with self.held.around.client(run.state) as client:
            executor = Executor(self._session(client, run, shown))
            applied = executor.run(changes, contracts, services)
        try:
            self.ledger.save_observation(_as_written(run.seen, contracts))
            self._log(run, applied)
        except LedgerError as error:
            # What was written is to be told all the same; the next plan reads BMS again.
            executor.stopped = executor.stopped or error.message
        return executor

    def _books(self, run: PlanRun) -> dict[int, Book]:
        """From the ledger as it is now: the plan itself may have added to it."""
        remembered = self.ledger.remember()
        return books(
            run.seen.contracts,
            run.seen.rows,
            remembered.facts,
            {agreement.contract_id: agreement for agreement in remembered.agreements},
            run.planned.examined.managed,
            run.state.assumptions,
            run.state.currency,
        )

    def _session(self, client: Writer, run: PlanRun, shown: Plan) -> Session:
        return Session(
            writer=client,
            journal=self.ledger,
            lease=self.held.lease,
            clock=self.held.clock,
            today=lambda moment: self.held.around.today(run.state, moment),
            assume=run.state.assumptions,
            note=run.state.line_note,
            plan=shown.digest,
            watch=self.watch,
        )

    def _log(self, run: PlanRun, applied: Sequence[Applied]) -> None:
        done = sum(1 for entry in applied if entry.result == "done")
        self.ledger.append_run(
            run.row(
                "apply",
                self.approval.at,
                f"{done} of {len(applied)} changes written",
                f"{self.approval.who}, {self.approval.how}",
            )
        )


def _as_written(seen: Observation, books: Mapping[int, Book]) -> Observation:
    """What BMS shows after the writes, as far as it was read back. A total that was not read stays
    as the plan saw it: what was last agreed would hide that it has drifted."""
    totals = {i: book.total for i, book in books.items() if book.total is not None}
    theirs = [row for row in seen.rows if row.contract_id not in books]
    ours = [row for book in books.values() for rows in book.rows.values() for row in rows]
    return replace(
        seen,
        contracts=tuple(replace(c, total=totals.get(c.id, c.total)) for c in seen.contracts),
        rows=tuple(sorted((*theirs, *ours), key=lambda row: (row.contract_id, row.id))),
    )
