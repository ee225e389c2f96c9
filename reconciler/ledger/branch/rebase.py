"""Rows of this copy, added again after rows that another copy sent first.

What was said or done is kept: readings, intents and their ends, baselines, what a person took over.
What a plan concluded about a contract is left out where the other copy told of that contract, or of
that write, too: two runs find out the same, and the next plan finds out anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reconciler.ledger.branch.rows import TABLES, insert, of
from reconciler.ledger.statements import text
from reconciler.model.errors import LeaseLost

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from reconciler.ledger.branch.segments import Row

REFERS: Final[Mapping[str, tuple[str, str]]] = {
    "reading": ("pull_id", "pull"),
    "organization": ("pull_id", "pull"),
    "organization_alias": ("pull_id", "pull"),
    "bms_snapshot": ("read_id", "bms_read"),
}
"""Columns that hold the number of a row of another table."""

ONCE: Final[Mapping[str, tuple[str, ...]]] = {
    "meta": ("name",),
    "applied_plan": ("digest",),
    "rule_settings": ("digest",),
    "organization_alias": ("product", "name_key"),
    "settled": ("ref", "outcome"),
}
"""What tells two rows of a table apart of which the first stands."""

TOLD: Final = ("reply", "baseline", "accepted")
"""Sources of units that no plan can conclude again."""

STAYS: Final = ("misfit", "accepted")
"""Ends of an intent that say more than that it ended."""


@dataclass(slots=True)
class Rebase:
    """Our rows, on top of ``theirs``."""

    connection: Connection
    theirs: Sequence[Row]
    where: str
    _theirs_read: bool = field(init=False)
    """Has the other copy read BMS too?"""
    _numbers: dict[str, dict[int, int]] = field(default_factory=dict)
    """New row numbers by old ones, by table."""

    def __post_init__(self) -> None:
        self._theirs_read = any(True for _ in of(self.theirs, "bms_read"))

    def append(self, ours: Sequence[Row]) -> None:
        """Raises LeaseLost where another copy took a lease since ours."""
        ended = {row["ref"] for row in of(self.theirs, "settled")}
        contracts = {
            row["contract_id"]
            for table in ("known_fact", "agreement")
            for row in of(self.theirs, table)
        }
        for table in TABLES:
            kept = [
                row for row in of(ours, table) if not self._left_out(table, row, ended, contracts)
            ]
            self._add(table, kept)

    def _left_out(
        self, table: str, row: Mapping[str, Any], ended: set[str], contracts: set[int]
    ) -> bool:
        if table == "lease" or table == "intent":
            self._check_lease(row["number" if table == "lease" else "lease"])
        if table == "known_fact":
            # What a write taught goes with the write's own end.
            if row["ref"] is not None:
                return row["ref"] in ended
            return row["source"] not in TOLD and row["contract_id"] in contracts
        if table == "agreement":
            return row["contract_id"] in contracts
        if table in ("bms_read", "bms_snapshot"):
            # Pieces of two readings are none; the next plan reads BMS again.
            return self._theirs_read
        if table == "settled" and row["outcome"] not in STAYS and row["ref"] in ended:
            return True
        return table in ONCE and self._there(table, row)

    def _check_lease(self, number: int) -> None:
        newest = max((row["number"] for row in of(self.theirs, "lease")), default=0)
        if newest >= number:
            raise LeaseLost(
                f"another run took the ledger while this one asked for lease {number}",
                where=self.where,
                remedy="run again once it has ended; nothing of this run was written",
            )

    def _there(self, table: str, row: Mapping[str, Any]) -> bool:
        columns = ONCE[table]
        condition = " AND ".join(f"{column} = :{column}" for column in columns)
        found = self.connection.execute(
            text(f"SELECT 1 FROM {table} WHERE {condition}"),
            {column: row[column] for column in columns},
        )
        return found.first() is not None

    def _add(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """With new numbers where a table numbers its rows."""
        if not rows:
            return
        if "id" not in rows[0]:
            insert(self.connection, [(table, row) for row in rows])
            return
        newest = self.connection.execute(text(f"SELECT max(id) FROM {table}")).scalar_one() or 0
        numbers = self._numbers.setdefault(table, {})
        renumbered = []
        for number, row in enumerate(rows, start=newest + 1):
            numbers[row["id"]] = number
            renumbered.append((table, {**self._referring(table, row), "id": number}))
        insert(self.connection, renumbered)

    def _referring(self, table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        if table not in REFERS:
            return row
        column, other = REFERS[table]
        return {**row, column: self._numbers.get(other, {}).get(row[column], row[column])}
