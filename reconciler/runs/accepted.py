"""A contract as a person read it in BMS, held against the total that BMS shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Self

from reconciler.apply.book import Book, books
from reconciler.engine.amounts import amount, with_code
from reconciler.engine.case import Case
from reconciler.engine.drifted import edit_words, smallest_first
from reconciler.engine.handover import Failure, Handover, Open, Told, TooMuch
from reconciler.model.acceptance import Acceptance, Rest
from reconciler.model.bms import Contract, LineKey
from reconciler.model.errors import PlanError, WrongUsage
from reconciler.model.hints import choose
from reconciler.model.ledgered import Agreement, KnownFact, Remembered
from reconciler.runs.asked import PlanRun

_EVERY_LINE: Final = (
    "read the units of our lines in BMS, and give --units for every one of them, also where they"
    " did not move: what is left over is then that of the others"
)
_THOSE_THAT_MOVED: Final = (
    "read the units of the contract's lines in BMS, and give --units for each that is not as"
    " `reconciler drift` expects it"
)
_OTHERS_TOO: Final = (
    "read the units of our lines in BMS again; if they are right, somebody changed the other lines"
    " as well: read in BMS what those come to in all, and give that too, with --others AMOUNT"
)


class AcceptError(PlanError):
    """The units given do not explain what BMS shows."""


def found_contract(run: PlanRun, wanted: str, more: Collection[int]) -> Contract:
    """By its id or name, of those that the configuration names, and of ``more`` by their ids.

    Raises WrongUsage where it is not exactly one.
    """
    ids = {*run.planned.examined.managed, *more}
    found = [c for c in run.seen.contracts if c.id in ids and wanted in (str(c.id), c.name)]
    if len(found) != 1:
        accounts = {account.id: account.name for account in run.seen.accounts}
        told = (f"{c.id} of {accounts.get(c.account_id, 'an unknown account')}" for c in found)
        raise WrongUsage(
            f"{wanted!r} fits several contracts: {', '.join(told)}"
            if found
            else f"the configuration has no contract {wanted!r}",
            where="--accept",
            remedy="give the contract's id; `reconciler drift` shows it for what has drifted",
        )
    return found[0]


@dataclass(frozen=True, slots=True)
class Found:
    """One contract: what the ledger knows of it, and what BMS shows now, with all of its rows."""

    run: PlanRun
    book: Book
    earlier: Sequence[Agreement] = ()
    """Every agreement there ever was about it."""

    @classmethod
    def of(
        cls,
        run: PlanRun,
        remembered: Remembered,
        contract: Contract,
        earlier: Sequence[Agreement] = (),
    ) -> Self:
        """From the ledger as it is now: the plan itself may have added to it."""
        known = books(
            [contract],
            run.seen.rows,
            remembered.facts,
            {agreement.contract_id: agreement for agreement in remembered.agreements},
            {contract.id: run.planned.examined.managed.get(contract.id, frozenset())},
            run.state.assumptions,
            run.state.currency,
        )
        return cls(run, known[contract.id], earlier)

    @property
    def id(self) -> int:
        """BMS's id of the contract."""
        return self.book.contract.id

    @property
    def name(self) -> str:
        """Its name in BMS."""
        return self.book.contract.name

    def case(self) -> Case:
        """The contract as on the day it was read."""
        day = self.run.seen.day or self.run.as_of
        case = self.book.case(day, self.book.contract.total)
        return replace(case, wide=self.id in self.run.seen.wide)

    def with_units(self, units: Mapping[str, int], others: Decimal | None = None) -> Acceptance:
        """What is known from now on, where a person read these units on the contract's lines, and
        maybe what its ``others`` come to.

        Raises WrongUsage for a service it does not have, and AcceptError where the units do not
        come to the contract's total, or leave its other lines what nothing explains.
        """
        before = self.case()
        services = self._services()
        facts = tuple(self._fact(services, name, total) for name, total in units.items())
        if len({fact.line for fact in facts}) < len(facts):
            raise WrongUsage(
                "a service is named twice, by its name here and in BMS",
                where="--units",
                remedy="name each service once",
            )
        for fact in facts:
            self.book.facts.setdefault(fact.line.service_id, []).append(fact)
        told = Told({fact.line.service_id: fact.units for fact in facts}, others)
        handover = Handover(before, self.case(), told, self.earlier)
        rest = self._close(handover)
        return Acceptance(facts, rest, self.run.state.currency, tuple(self._also(handover)))

    def _also(self, handover: Handover) -> Iterator[str]:
        names = {service.id: service.name for service in self.run.seen.services}
        for edit in smallest_first(handover.also()):
            yield edit_words(edit, names)

    def _services(self) -> dict[str, int]:
        """BMS's and our names of its services, those that left the configuration too."""
        left = self.book.case(self.run.as_of, self.book.contract.total).left
        names = {
            service.name: service.id
            for service in self.run.seen.services
            if service.id in self.book.managed or service.id in left
        }
        ids = set(names.values())
        for account in self.run.state.accounts:
            for wanted in account.contracts:
                for line in wanted.lines:
                    by_name = line.bms_service.name
                    if line.bms_service.id in ids:
                        names[line.service] = line.bms_service.id
                    elif by_name in names:
                        names[line.service] = names[by_name]
        return names

    def _fact(self, services: Mapping[str, int], name: str, total: int) -> KnownFact:
        if name not in services:
            raise WrongUsage(
                f"{self.name} has no service {name!r} in the configuration",
                where="--units",
                remedy=choose(
                    name, services, "`reconciler explain` of the account lists its services"
                ),
            )
        service = services[name]
        newest = self.book.newest(service)
        row = newest if len(self.book.rows.get(service, ())) == 1 else None
        return KnownFact(
            line=LineKey(self.book.contract.account_id, self.id, service),
            row_id=row.id if row is not None else None,
            day=row.date if row is not None else self.run.as_of,
            effect="set",
            units=total,
            source="accepted",
        )

    def _close(self, handover: Handover) -> Rest | None:
        """What is left for lines of others."""
        if handover.told.others is not None and not handover.has_others:
            raise WrongUsage(
                f"{self.name} has no lines but those of the configuration",
                where="--others",
                remedy="leave it out: the units given must come to the total by themselves",
            )
        failure = handover.failure()
        if failure is not None:
            raise AcceptError(
                self._why(failure, handover.told.others),
                where=f"{self.name} (id {self.id})",
                remedy=_remedy(failure, handover),
            )
        return handover.rest()

    def _why(self, failure: Failure, others: Decimal | None) -> str:
        if isinstance(failure, TooMuch):
            return (
                f"these units are worth {self._money(failure.over)} more than the contract's total"
                " in BMS, which would leave its other lines less than nothing"
            )
        if isinstance(failure, Open):
            given = "" if others is None else f" and {self._money(others)} of its other lines"
            total = self._money(failure.total)
            return (
                f"with these units{given} the contract's total would be {total}, and BMS shows"
                f" {self._money(self.book.contract.total)}"
            )
        rest = failure.rest
        return (
            f"these units would leave {self._money(rest.now)} for the contract's other lines, where"
            f" {self._money(rest.before or Decimal(0))} was agreed on {rest.agreed}, and no"
            " change of theirs explains that"
        )

    def _money(self, value: Decimal) -> str:
        currency = self.run.state.currency
        return with_code(amount(value, currency), currency)


def _remedy(failure: Failure, handover: Handover) -> str:
    if isinstance(failure, TooMuch):
        return "read the units of our lines in BMS again, and give those that it shows"
    if not isinstance(failure, Open):
        return _OTHERS_TOO
    if handover.told.others is not None:
        return "read the units of our lines in BMS again, and what the other lines come to"
    return _EVERY_LINE if handover.has_others else _THOSE_THAT_MOVED
