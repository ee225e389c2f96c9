"""Starting units: a CSV with everything filled in but what a person must read in BMS."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from reconciler.ledger import Ledger
from reconciler.model.bms import LineKey, Observation, Row
from reconciler.model.errors import ReconcilerError
from reconciler.model.ledgered import KnownFact
from reconciler.runs.planning import PlanOptions, PlanRun, plan
from reconciler.runs.surroundings import Surroundings

COLUMNS: Final = (
    "contract_id",
    "contract",
    "account",
    "service_id",
    "service",
    "row_id",
    "date",
    "price",
    "units",
)

MOST_UNITS: Final = 2**31 - 1


class BaselineError(ReconcilerError):
    """The file has mistakes; all of them are listed and nothing was taken."""

    def __init__(self, path: Path, mistakes: tuple[str, ...]) -> None:
        super().__init__(
            "the baseline was not taken",
            where=str(path),
            remedy="mend what is named and import again",
        )
        self.mistakes = mistakes

    @property
    def details(self) -> tuple[str, ...]:
        """Each mistake with its row."""
        return self.mistakes


@dataclass(frozen=True, slots=True)
class Imported:
    """What a baseline file gave."""

    taken: int
    known_already: int
    not_managed: int
    """Rows of lines that the configuration does not name; they are left out."""


def template(around: Surroundings, ledger: Ledger) -> str:
    """CSV of every row whose units nobody knows yet, ``units`` left empty."""
    run = plan(around, ledger, PlanOptions())
    told = {fact.row_id for fact in ledger.remember().facts}
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _managed_rows(run):
        if row.id not in told:
            writer.writerow(_cells(row, run.seen))
    return out.getvalue()


def import_baseline(around: Surroundings, ledger: Ledger, path: Path) -> Imported:
    """Take the units of a filled file into the ledger; all of it, or nothing.

    Raises BaselineError for a row that BMS does not have (any more), units that are no whole
    number, or a row given twice. A row of a service that the configuration does not name may be
    there: BMS is not asked for it.
    """
    run = plan(around, ledger, PlanOptions())
    rows = {row.id: row for row in run.seen.rows}
    managed = {row.id for row in _managed_rows(run)}
    told = {fact.row_id: fact.units for fact in ledger.remember().facts}
    effect = "set" if run.state.assumptions.line_update == "upsert" else "add"
    mistakes: list[str] = []
    facts: list[KnownFact] = []
    known = foreign = 0
    seen: set[int] = set()
    for number, cells in _read(path):
        try:
            row_id, units, day = _row_of(cells)
        except ValueError as error:
            mistakes.append(f"row {number}: {error}")
            continue
        if row_id in seen:
            mistakes.append(f"row {number}: row_id {row_id} is given twice")
        seen.add(row_id)
        row = rows.get(row_id)
        if row_id in told and told[row_id] == units:
            known += 1
        elif row_id in told:
            mistakes.append(f"row {number}: {_otherwise(row_id, told[row_id], units)}")
        elif row is None and _was_searched(cells, run):
            mistakes.append(f"row {number}: BMS has no row {row_id} of that service")
        elif row is None or row_id not in managed:
            foreign += 1
        elif row.date != day:
            mistakes.append(
                f"row {number}: row {row_id} is dated {row.date} in BMS and {day} in the file"
            )
        else:
            key = LineKey(row.account_id, row.contract_id, row.service_id)
            facts.append(
                KnownFact(
                    key,
                    row_id,
                    row.date,
                    "set" if effect == "set" else "add",
                    units,
                    "baseline",
                    recorded_at=around.clock.now(),
                )
            )
    mistakes.extend(_below_zero(facts))
    if mistakes:
        raise BaselineError(path, tuple(mistakes))
    ledger.append_facts(facts)
    return Imported(len(facts), known, foreign)


def _otherwise(row_id: int, known: int, units: int) -> str:
    return (
        f"row {row_id} has {known} units in the ledger and {units} in the file; what was learned"
        " wrong is corrected by `reconciler drift --accept`"
    )


def _below_zero(facts: list[KnownFact]) -> Iterator[str]:
    """A row may be a credit under append; no line has fewer than 0 units in all."""
    lines: dict[LineKey, int] = {}
    for fact in facts:
        lines[fact.line] = lines.get(fact.line, 0) + fact.units
    for fact in facts:
        if lines[fact.line] < 0:
            yield f"row {fact.row_id}: the line would have {lines[fact.line]} units in all"


def _managed_rows(run: PlanRun) -> list[Row]:
    managed = run.planned.examined.managed
    rows = (r for r in run.seen.rows if r.service_id in managed.get(r.contract_id, ()))
    return sorted(rows, key=lambda row: (row.contract_id, row.service_id, row.id))


def _cells(row: Row, seen: Observation) -> dict[str, object]:
    contract = next(c for c in seen.contracts if c.id == row.contract_id)
    account = next(a for a in seen.accounts if a.id == row.account_id)
    return {
        "contract_id": row.contract_id,
        "contract": contract.name,
        "account": account.name,
        "service_id": row.service_id,
        "service": row.name,
        "row_id": row.id,
        "date": row.date,
        "price": row.price,
        "units": "",
    }


def _read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(path, (f"cannot be read: {error}",)) from error
    reader = csv.DictReader(text.splitlines())
    missing = {"row_id", "date", "units"} - set(reader.fieldnames or ())
    if missing:
        raise BaselineError(path, (f"columns missing: {', '.join(sorted(missing))}",))
    for number, cells in enumerate(reader, start=2):
        yield number, {name: value or "" for name, value in cells.items() if name}


def _was_searched(cells: dict[str, str], run: PlanRun) -> bool:
    """Would the row have been seen if BMS had it?"""
    return cells.get("service_id", "") in {str(service) for service in run.seen.searched}


def _row_of(cells: dict[str, str]) -> tuple[int, int, date]:
    try:
        row_id = int(cells["row_id"])
    except ValueError:
        raise ValueError(f"row_id {cells['row_id']!r} is not a whole number") from None
    try:
        day = date.fromisoformat(cells["date"].strip())
    except ValueError:
        raise ValueError(f"date {cells['date']!r} is not a day such as 2026-11-01") from None
    return row_id, _units(cells["units"].strip()), day


def _units(text: str) -> int:
    if not text:
        raise ValueError("units is empty")
    try:
        units = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"units {text!r} is not a number") from None
    if not units.is_finite() or units.copy_abs() > MOST_UNITS:
        raise ValueError(f"units {text!r} is not a number that BMS can hold")
    if units != units.to_integral_value():
        raise ValueError(f"units {text!r} is not a whole number")
    return int(units)
