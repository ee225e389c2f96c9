"""Do units that a person read on our lines of a contract explain its total?

Where the contract has other lines, whose units nobody knows, any number would leave them some rest.
So the rest is held against what was agreed of them before: it moves only where something shows that
they changed, or where a person says what they come to as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from reconciler.engine.case import Case
from reconciler.engine.closing import others_owe_nothing
from reconciler.engine.edits import Edit, edits_of_others, edits_of_ours
from reconciler.engine.others import RowChange, row_changes
from reconciler.engine.proof import Drifted, NotClosed, prove
from reconciler.engine.totals import days_near, differences, expected_totals, residual_of
from reconciler.model.acceptance import Rest
from reconciler.model.ledgered import Agreement


@dataclass(frozen=True, slots=True)
class Told:
    """What a person told of a contract."""

    units: Mapping[int, int]
    """Of which BMS services of ours."""
    others: Decimal | None = None
    """What the other lines come to."""


@dataclass(frozen=True, slots=True)
class Open:
    """The units come to ``total``, which is not what BMS shows."""

    total: Decimal


@dataclass(frozen=True, slots=True)
class TooMuch:
    """They are worth more than the total, which leaves the other lines less than nothing."""

    over: Decimal


@dataclass(frozen=True, slots=True)
class Unlike:
    """They leave the other lines something else than was agreed, and nothing shows why."""

    rest: Rest


Failure: TypeAlias = "Open | TooMuch | Unlike"


@dataclass(frozen=True, slots=True)
class Handover:
    """A contract before and after; all of its rows were read."""

    before: Case
    after: Case
    told: Told
    earlier: Sequence[Agreement] = ()
    """Every agreement there ever was about it."""

    def failure(self) -> Failure | None:
        """Why the units cannot be taken over; None where they explain the total."""
        rest = max(self._rests())
        too_much = rest < 0 and not self.after.is_nothing(rest)
        if self.has_others and too_much and others_owe_nothing(self.after):
            return TooMuch(-rest)
        if self.told.others is not None:
            return self._with_others(self.told.others)
        if self.after.agreement is None and not self.has_others:
            return self._open(self.after.worth(self.after.known()))
        found = self._open(min(expected_totals(self.after), key=self._distance))
        if found is None or not (self.has_others and self._all_told()):
            return found
        return None if self._moved_with_reason() else Unlike(self._rest())

    @property
    def has_others(self) -> bool:
        """Has it rows that are neither ours nor were?"""
        return any(row.service_id not in self.after.left for row in self.after.others)

    def rest(self) -> Rest | None:
        """What is left for its other lines, and was before; None where it has none."""
        return self._rest() if self.has_others else None

    def also(self) -> tuple[Edit, ...]:
        """Edits of our lines that would explain its total as well as the units told do."""
        proof = prove(self.before, {})
        if self.told.others is not None or not isinstance(proof, Drifted | NotClosed):
            return ()
        return tuple(
            edit for edit in proof.edits if self.told.units.get(edit.service) != edit.after
        )

    def _rest(self) -> Rest:
        held, agreement = residual_of(self.after), self.after.agreement
        if agreement is None:
            return Rest(held)
        return Rest(held + self._moved, held, agreement.day)

    @property
    def _moved(self) -> Decimal:
        return min(differences(self.after), key=abs)

    def _distance(self, value: Decimal) -> Decimal:
        return abs(self.after.contract.total - value)

    def _rests(self) -> list[Decimal]:
        """What is left beyond our lines, on every day that BMS may have."""
        case = self.after
        lines = case.counted()
        return [case.contract.total - case.worth(lines, day) for day in days_near(case, lines)]

    def _with_others(self, others: Decimal) -> Open | None:
        total = self.after.contract.total
        return self._open(min((total - r + others for r in self._rests()), key=self._distance))

    def _open(self, total: Decimal) -> Open | None:
        closes = self.after.is_nothing(self.after.contract.total - total)
        return None if closes else Open(total)

    def _all_told(self) -> bool:
        return self.after.counted().keys() <= self.told.units.keys()

    def _moved_with_reason(self) -> bool:
        agreement = self.after.agreement
        if agreement is None:
            return True
        changes = row_changes(self.after, agreement)
        if changes and self._may_come_of(changes):
            return True
        return self._agreed_before(agreement) or (not changes and self._theirs_alone())

    def _may_come_of(self, changes: Sequence[RowChange]) -> bool:
        """Of several rows nobody knows; one moves the rest by whole units of it."""
        (first, *more) = changes
        known = {row.id for line in self.after.left.values() for row in line.rows}
        if more or first.row_id in known:
            return True
        units = (self.after.whole_units(self._moved, price) for price in first.a_unit)
        return any(found is not None for found in units)

    def _agreed_before(self, agreement: Agreement) -> bool:
        """Was this the rest at another time, with the same rows? Then what was said since was a
        slip."""
        now = agreement.residual + self._moved
        return any(
            self.after.is_nothing(old.residual - now)
            for old in self.earlier
            if old.lines == agreement.lines and set(old.others) == set(agreement.others)
        )

    def _theirs_alone(self) -> bool:
        """Are our lines as they were known, and is no single edit of ours the only reason?"""
        moved = self._moved
        if not any(self.after.is_nothing(moved - off) for off in differences(self.before)):
            return False
        theirs = any(True for _ in edits_of_others(self.before, moved))
        return theirs or not any(True for _ in edits_of_ours(self.before, moved))
