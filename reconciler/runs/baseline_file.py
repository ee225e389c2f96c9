"""The CSV of starting units: its columns, and its rows as they were filled in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from reconciler.engine.starting import Given
from reconciler.model.errors import ReconcilerError

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


def read_baseline(path: Path) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """The rows that can be read, and what is wrong with the others.

    Raises BaselineError for a file that cannot be read, or without its columns.
    """
    given: list[Given] = []
    mistakes: list[str] = []
    seen: set[int] = set()
    for number, cells in _cells(path):
        try:
            row = _given(number, cells)
        except ValueError as error:
            mistakes.append(f"row {number}: {error}")
            continue
        if row.row_id in seen:
            mistakes.append(f"row {number}: row_id {row.row_id} is given twice")
            continue
        seen.add(row.row_id)
        given.append(row)
    return tuple(given), tuple(mistakes)


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BaselineError(path, ("the file is not UTF-8; save it as UTF-8",)) from error
    except OSError as error:
        said = error.strerror or str(error)
        raise BaselineError(path, (f"the file cannot be read: {said}",)) from error
    reader = csv.DictReader(text.splitlines())
    missing = {"row_id", "date", "units"} - set(reader.fieldnames or ())
    if missing:
        raise BaselineError(path, (f"columns missing: {', '.join(sorted(missing))}",))
    for number, cells in enumerate(reader, start=2):
        yield number, {name: value or "" for name, value in cells.items() if name}


def _given(number: int, cells: dict[str, str]) -> Given:
    try:
        row_id = int(cells["row_id"])
    except ValueError:
        raise ValueError(f"row_id {cells['row_id']!r} is not a whole number") from None
    try:
        day = date.fromisoformat(cells["date"].strip())
    except ValueError:
        raise ValueError(f"date {cells['date']!r} is not a day such as 2026-11-01") from None
    units = _units(cells["units"].strip())
    service, contract = (cells.get(name, "").strip() for name in ("service_id", "contract_id"))
    return Given(number, row_id, units, day, service, contract)


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
