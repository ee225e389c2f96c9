"""Take over into the ledger what a person changed in BMS by hand. Never writes to BMS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from reconciler import __version__
from reconciler.engine.evidence import SETTLE
from reconciler.engine.totals import agree
from reconciler.ledger import Ledger, Run
from reconciler.model.acceptance import Acceptance
from reconciler.model.ledgered import Agreement, Intent, KnownFact, Outcome, Settled
from reconciler.model.plan import Change
from reconciler.runs.accepted import AcceptError, Found, found_contract
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.holder import person
from reconciler.runs.leased import Held, leased
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings


def accept(
    around: Surroundings,
    ledger: Ledger,
    contract: str,
    units: Mapping[str, int],
    reason: str,
    who: str | None = None,
    others: Decimal | None = None,
) -> Acceptance:
    """Take over what a person changed in BMS: the units of our services on a contract, as they
    are there now.

    ``contract`` is its id, or its name where only one has it; ``who`` takes it over, by default
    whoever runs this; ``others``: what its lines that the configuration does not name come to.
    Raises AcceptError where the units do not explain the contract's total or a write may still land
    on it, and LedgerLocked while an apply is at work. Intents in doubt on the contract end with it,
    and its writes that did not fit hold nothing any more.
    """
    with leased(around, ledger, "drift --accept") as held:
        run = plan(held.around, ledger, PlanOptions(whole=contract))
        over = Over(held, ledger, run, reason, who or person())
        if not units and over.orphans(contract):
            return over.unanswered(contract)
        return over.contract(contract, units, others)


def accept_prices(
    around: Surroundings, ledger: Ledger, reason: str, who: str | None = None
) -> tuple[str, ...]:
    """Take over every price that was changed in BMS by hand; the contracts' names.

    Only where nothing else of the contract is unclear.
    """
    with leased(around, ledger, "drift --accept-prices") as held:
        run = plan(held.around, ledger, PlanOptions())
        return Over(held, ledger, run, reason, who or person()).prices()


@dataclass(frozen=True, slots=True)
class Over:
    """One taking over: kept in the ledger wholly, or not at all."""

    held: Held
    ledger: Ledger
    run: PlanRun
    reason: str
    who: str

    def contract(
        self, wanted: str, units: Mapping[str, int], others: Decimal | None = None
    ) -> Acceptance:
        """A contract as it is: its units, and the end of what was unsure on it."""
        remembered = self.ledger.remember()
        misfits = {misfit.intent: misfit for misfit in remembered.misfits}
        on = {intent.line.contract_id for intent in misfits}
        contract = found_contract(self.run, wanted, on)
        earlier = self.ledger.agreements_of(contract.id)
        found = Found.of(self.run, remembered, contract, earlier)
        doubted = [i for i in remembered.open_intents if i.line.contract_id == found.id]
        _nothing_on_its_way(found.name, doubted, self.held.clock.now())
        taken = found.with_units(units, others)
        unfit = [intent for intent in misfits if intent.line.contract_id == found.id]
        ended = (*self._ended(doubted, "absent"), *self._ended(unfit, "accepted"))
        told = f"took over {found.name} (id {found.id})"
        self._keep(told, ended, taken.facts, (agree(found.case()),))
        return replace(taken, back=self._back(taken.facts))

    def _back(self, facts: Sequence[KnownFact]) -> tuple[Change, ...]:
        """What the next run does about units taken over, from what was read just now."""
        asked = PlanOptions(as_of=self.run.as_of, offline=True, keep=False)
        lines = {fact.line for fact in facts}
        changes = plan(self.held.around, self.ledger, asked).planned.plan.changes if lines else ()
        mine = (one for one in changes if one.line.key in lines and one.kind == "units")
        return tuple(one for one in mine if (one.mode, one.standing) == ("apply", "ready"))

    def prices(self) -> tuple[str, ...]:
        """Every contract of which only prices are to be looked at."""
        remembered = self.ledger.remember()
        contracts = {contract.id: contract for contract in self.run.seen.contracts}
        found = [
            Found.of(self.run, remembered, contracts[contract])
            for contract in sorted(self.run.planned.examined.repriced)
        ]
        names = tuple(f"{one.name} (id {one.id})" for one in found)
        if found:
            told = f"took over the prices of {', '.join(names)}"
            self._keep(told, (), (), [agree(one.case()) for one in found])
        return names

    def orphans(self, contract: str) -> list[Intent]:
        """Writes in doubt on a contract, by its id, that the configuration has no more."""
        managed = self.run.planned.examined.managed
        return [
            intent
            for intent in self.ledger.open_intents()
            if str(intent.line.contract_id) == contract and intent.line.contract_id not in managed
        ]

    def unanswered(self, contract: str) -> Acceptance:
        """Only the end of the writes in doubt on such a contract."""
        orphans = self.orphans(contract)
        _nothing_on_its_way(f"contract {contract}", orphans, self.held.clock.now())
        outcome = f"ended what was in doubt on contract {contract}"
        self._keep(outcome, self._ended(orphans, "absent"))
        return Acceptance((), None, self.run.state.currency)

    def _ended(self, intents: Sequence[Intent], outcome: Outcome) -> tuple[Settled, ...]:
        now = self.held.clock.now()
        return tuple(Settled(one.ref, outcome, now, detail=self.reason) for one in intents)

    def _keep(
        self,
        outcome: str,
        ended: Sequence[Settled],
        facts: Sequence[KnownFact] = (),
        agreements: Sequence[Agreement] = (),
    ) -> None:
        now = self.held.clock.now()
        self.ledger.take_over(
            self.held.lease.number,
            now,
            ended=ended,
            known=[replace(fact, recorded_at=now) for fact in facts],
            agreements=agreements,
            run=Run(
                kind="drift --accept",
                at=now,
                version=__version__,
                config=self.run.state.digest,
                commit=None,
                as_of=self.run.as_of,
                outcome=outcome,
                detail=f"{self.who}: {self.reason}",
            ),
        )


def _nothing_on_its_way(contract: str, doubted: Sequence[Intent], now: datetime) -> None:
    """A write whose answer was lost may land later than a person looks: what they read is not yet
    what BMS will have, and the next run would write the same again."""
    last = max((intent.at + SETTLE for intent in doubted), default=now)
    if last > now:
        raise AcceptError(
            f"a write to {contract} got no answer and may still land, until"
            f" {last:%Y-%m-%d %H:%M} UTC",
            where="--accept",
            remedy="look again after that, and give the units that BMS has then",
        )
