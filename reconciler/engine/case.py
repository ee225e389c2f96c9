"""One contract before its proof, and the small sums that proofs share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from reconciler.engine.diff import ByHand, Post
from reconciler.engine.known import KnownLine, worth
from reconciler.engine.proration import half_a_minor_unit
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Contract, LineKey, Row
from reconciler.model.ledgered import Agreement, RowMark

Planned: TypeAlias = "Mapping[int, Sequence[Post | ByHand]]"
"""The steps that would be made now, by BMS service id."""


@dataclass(frozen=True, slots=True)
class Case:
    """One contract. ``lines`` are ours by BMS service id; ``others`` every other row read."""

    contract: Contract
    lines: Mapping[int, KnownLine]
    others: Sequence[Row]
    wide: bool
    """Was every catalogue service searched, so that ``others`` is complete?"""
    agreement: Agreement | None
    day: date
    assume: Assumptions
    currency: str
    left: Mapping[int, KnownLine] = field(default_factory=dict)
    """Lines that left the configuration since the agreement, as they were agreed."""
    reached: date | None = None
    """A day that BMS has come to, as totals of the same run showed."""
    _known: dict[int, KnownLine] = field(default_factory=dict, init=False, repr=False)

    def known(self) -> Mapping[int, KnownLine]:
        """The lines whose units are known."""
        if not self._known:
            known = ((s, line) for s, line in self.lines.items() if line.exists and line.is_known)
            self._known.update(known)
        return self._known

    def counted(self) -> Mapping[int, KnownLine]:
        """The lines whose units are known, those that left the configuration among them."""
        return {**self.left, **self.known()} if self.left else self.known()

    def rest(self) -> list[Row]:
        """Rows whose units nobody knows: those of others, and of lines of ours nobody told of."""
        known = self.known()
        unknown = (line for service, line in self.lines.items() if service not in known)
        return [*self.others, *(row for line in unknown for row in line.rows)]

    @property
    def tolerance(self) -> Decimal:
        """What two totals may differ by and be the same."""
        return half_a_minor_unit(self.currency)

    @property
    def effect(self) -> Literal["add", "set"]:
        """What a row's units say about its line."""
        return "set" if self.assume.line_update == "upsert" else "add"

    def key(self, service: int) -> LineKey:
        """The line of one of our services."""
        return LineKey(self.contract.account_id, self.contract.id, service)

    def worth(self, lines: Mapping[int, KnownLine], day: date | None = None) -> Decimal:
        """What these lines add to the total on that day; today where none is given."""
        on, mode = day or self.day, self.assume.total_price
        return sum((worth(line, on, mode) for line in lines.values()), Decimal(0))

    def is_nothing(self, money: Decimal) -> bool:
        """Is it less than the currency can show?"""
        return abs(money) < self.tolerance

    def whole_units(self, money: Decimal, price: Decimal) -> int | None:
        """How many units that money is at that price; None where it is no one whole number."""
        if abs(price) < 2 * self.tolerance:
            # One unit more or fewer would not show.
            return None
        nearest = round(Fraction(money) / Fraction(price))
        return nearest if self.is_nothing(nearest * price - money) else None


def marks(rows: Sequence[Row]) -> list[RowMark]:
    """As they are remembered with an agreement."""
    if len(rows) == 1:
        row = rows[0]
        return [RowMark(row.id, row.service_id, row.date, row.price)]
    return [RowMark(r.id, r.service_id, r.date, r.price) for r in sorted(rows, key=lambda r: r.id)]
