"""One contract while it is being written: rows and facts as they become known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from reconciler.engine.case import Case
from reconciler.engine.known import KnownLine, known_line
from reconciler.engine.left import left_lines
from reconciler.engine.periods import DAY
from reconciler.engine.proof import Consistent, prove
from reconciler.engine.totals import expected_totals, reached
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import CatalogueService, Contract, Row
from reconciler.model.ledgered import Agreement, KnownFact, RowMark
from reconciler.model.plan import Change


@dataclass(slots=True)
class Book:
    """A contract's lines by BMS service id, and what was last agreed about its total."""

    contract: Contract
    agreement: Agreement | None
    assume: Assumptions
    currency: str
    rows: dict[int, tuple[Row, ...]] = field(default_factory=dict)
    facts: dict[int, list[KnownFact]] = field(default_factory=dict)
    managed: frozenset[int] = frozenset()
    """BMS services of the contract that the configuration names."""
    total: Decimal | None = None
    """As it was read last in this run; None where it was not read."""
    reached: date | None = None
    """The latest day that BMS must have come to, as totals of this run show."""

    def case(self, day: date, total: Decimal) -> Case:
        """The contract as a proof wants it, with a total just read."""
        return Case(
            contract=replace(self.contract, total=total),
            lines=self._lines(),
            others=[
                row
                for service, rows in self.rows.items()
                if service not in self.managed
                for row in rows
            ],
            wide=False,
            agreement=self.agreement,
            day=day,
            assume=self.assume,
            currency=self.currency,
            left=left_lines(self.contract, self.agreement, self.facts, self.managed),
            reached=self.reached,
        )

    def _lines(self) -> dict[int, KnownLine]:
        agreed = set(self.agreement.lines) if self.agreement is not None else set()
        return {
            service: known_line(
                self.rows.get(service, ()), self.facts.get(service, ()), agreed=service in agreed
            )
            for service in self.managed
        }

    def prove(self, day: date, total: Decimal, come: date | None = None) -> bool:
        """Is the total what the writes give? If so, it is agreed from now on.

        ``come``: a day that BMS has come to, as totals of other contracts showed.
        """
        self.reached = come
        case = self.case(day, total)
        proof = prove(case, {})
        if not isinstance(proof, Consistent):
            return False
        self.agreement = proof.agreement
        came = reached(replace(case, agreement=proof.agreement)) or day - DAY
        self.reached = max(came, come or came)
        return True

    def shows(self, change: Change) -> bool:
        """Does the total that was agreed last hold the change? It cannot tell of one whose row is
        worth nothing: the row is the proof then."""
        worthless = change.price == 0 or change.posts == 0
        if self.assume.total_price == "all" or change.kind == "price" or worthless:
            return True
        return self.reached is not None and change.day <= self.reached

    def expected(self, day: date) -> Decimal:
        """The total as the ledger expects it on that day."""
        return expected_totals(self.case(day, self.contract.total))[0]

    def posted(self, service: int, row_id: int, change: Change) -> None:
        """A write that updates a row gives it its day and price; a row that it adds is there once
        it is read."""
        self.rows[service] = tuple(
            replace(row, date=change.day, price=change.price) if row.id == row_id else row
            for row in self.rows.get(service, ())
        )

    def marks(self, service: int) -> tuple[RowMark, ...]:
        """The line's rows, as an intent remembers them."""
        return tuple(
            RowMark(row.id, row.service_id, row.date, row.price)
            for row in self.rows.get(service, ())
        )

    def newest(self, service: int) -> Row | None:
        """The row whose words and cost a new post repeats."""
        return max(self.rows.get(service, ()), key=lambda row: row.id, default=None)


def books(
    contracts: Iterable[Contract],
    rows: Iterable[Row],
    facts: Iterable[KnownFact],
    agreements: Mapping[int, Agreement],
    managed: Mapping[int, frozenset[int]],
    assume: Assumptions,
    currency: str,
) -> dict[int, Book]:
    """A book per contract that has managed lines."""
    out = {
        contract.id: Book(
            contract, agreements.get(contract.id), assume, currency, managed=managed[contract.id]
        )
        for contract in contracts
        if contract.id in managed
    }
    for row in rows:
        if row.contract_id in out:
            lines = out[row.contract_id].rows
            lines[row.service_id] = (*lines.get(row.service_id, ()), row)
    for fact in facts:
        if fact.line.contract_id in out:
            known = out[fact.line.contract_id].facts
            known.setdefault(fact.line.service_id, []).append(fact)
    return out


@dataclass(frozen=True, slots=True)
class Words:
    """What a posted row repeats: name, description without our note, cost."""

    name: str
    description: str
    cost: Decimal


def words_for(book: Book, service: CatalogueService) -> Words:
    """Of the line's newest row; of the catalogue for a new line."""
    row = book.newest(service.id)
    if row is None:
        return Words(service.name, service.description, service.cost)
    return Words(row.name, row.description, row.cost)


def on_contract(rows: Sequence[Row], contract_id: int) -> tuple[Row, ...]:
    """Those of one contract: a search by name may find others of the same name."""
    return tuple(row for row in rows if row.contract_id == contract_id)
