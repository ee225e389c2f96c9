"""Make a plan: from BMS as it is now, or offline from the last that was known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from reconciler.desired import addressed, load_counted
from reconciler.engine.caused import caused
from reconciler.engine.indexed import services_wanted
from reconciler.engine.plan import make_plan
from reconciler.git import Revisions
from reconciler.ledger import Ledger
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState
from reconciler.model.errors import LedgerError, LedgerLocked
from reconciler.runs.account_names import check_accounts
from reconciler.runs.asked import Base, PlanOptions, PlanRun, check_month
from reconciler.runs.inputs import Known, input_of
from reconciler.runs.learning import keep
from reconciler.runs.reverting import reverted_since
from reconciler.runs.surroundings import Surroundings

if TYPE_CHECKING:
    from reconciler.runs.actual import Reader

MOST_READS: Final = 3
"""A contract that needs all its rows asks once; what it finds may ask once more."""


@dataclass(frozen=True, slots=True)
class Question:
    """One plan to be made, whatever BMS shows."""

    around: Surroundings
    ledger: Ledger
    state: DesiredState
    as_of: date
    options: PlanOptions
    base: Base | None = None

    def answered(self, seen: Observation) -> PlanRun:
        """The plan of what was seen."""
        remembered = self.ledger.remember()
        known = Known(self.state, seen, remembered, self.as_of)
        entry = input_of(self.around.config, self.ledger, known, self.options)
        if self.base is None:
            return PlanRun(self.state, make_plan(entry), seen, remembered, self.as_of)
        before = Known(self.base.state, seen, remembered, self.as_of)
        old = input_of(self.base.config, self.ledger, before, self.options)
        found = caused(entry, old)
        return PlanRun(self.state, found.planned, seen, remembered, self.as_of, found, self.base)

    @property
    def connected(self) -> Surroundings:
        """With the connection of the base: no pull request says where a password is sent."""
        if self.base is None:
            return replace(self.around, state=self.state)
        return self.around.elsewhere(self.base.config, self.base.state)


def plan(around: Surroundings, ledger: Ledger, options: PlanOptions) -> PlanRun:
    """Load, read, plan; online, what was learned about BMS goes into the ledger where wished."""
    if options.base is not None:
        revisions = Revisions(around.repository)
        commit, reverts = revisions.commit(options.base), options.reverts
        if reverts is None:
            reverts = reverted_since(revisions, ledger, commit, options.commit)
        options = replace(options, base=commit, reverts=reverts)
    state = around.desired()
    check_accounts(state, options.accounts)
    as_of = options.as_of or around.today(state)
    check_month(options.true_up, as_of, state.billing_starts)
    with _base(around, options.base) as base:
        question = Question(around, ledger, state, as_of, options, base)
        return _offline(question) if options.offline else _online(question)


@contextmanager
def _base(around: Surroundings, commit: str | None) -> Iterator[Base | None]:
    if commit is None:
        yield None
        return
    with Revisions(around.repository).at(commit) as folder:
        yield Base(folder, load_counted(folder), addressed(folder))


def _offline(question: Question) -> PlanRun:
    seen = question.ledger.load_observation()
    if seen is None:
        raise LedgerError(
            "BMS was never read",
            where=question.ledger.where,
            remedy="run `reconciler plan` once without --offline",
        )
    return question.answered(seen)


def _online(question: Question) -> PlanRun:
    ledger, around = question.ledger, question.connected
    from reconciler.runs.actual import Reader

    with around.client(around.desired()) as client:
        for _ in range(MOST_READS):
            before = ledger.extent()
            seen = ledger.load_observation()
            run = _read(question, Reader(client, question.state, seen, _also(question, seen)))
            # What another run wrote meanwhile would look like an edit by hand.
            if ledger.extent() == before:
                if question.options.keep:
                    keep(ledger, run, around.clock.now())
                return run
    raise LedgerLocked(
        "other runs added to the ledger every time while BMS was read",
        where=ledger.where,
        remedy="run again when they have ended",
    )


def _also(question: Question, seen: Observation | None) -> frozenset[int]:
    """Services to read though the configuration names them no more."""
    also = {intent.line.service_id for intent in question.ledger.open_intents()}
    if question.base is not None and seen is not None:
        also.update(services_wanted(question.base.state, seen))
    return frozenset(also)


def _whole(run: PlanRun, wanted: str | None) -> frozenset[int]:
    """The contract that is to be read in full; none where the name fits several."""
    named = run.planned.examined.managed
    found = [
        contract.id
        for contract in run.seen.contracts
        if wanted == str(contract.id) or (wanted == contract.name and contract.id in named)
    ]
    return frozenset(found) if len(found) == 1 else frozenset()


def _read(question: Question, reader: Reader) -> PlanRun:
    run = question.answered(reader.read())
    for _ in range(MOST_READS):
        wide = run.seen.wide | run.planned.examined.wide | _whole(run, question.options.whole)
        if wide == run.seen.wide:
            break
        question.around.progress(
            f"Reading every line of {len(wide)} contract{'' if len(wide) == 1 else 's'}"
        )
        run = question.answered(reader.read(wide))
    return run
