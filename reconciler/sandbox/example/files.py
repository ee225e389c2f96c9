"""The example's usage as the files an MSP would export from its products."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.sandbox.errors import writing
from reconciler.sandbox.example.readings import COLUMNS, example_readings

if TYPE_CHECKING:
    from datetime import date


def write_usage_files(directory: str | Path, until: date, days: int) -> list[Path]:
    """One CSV per product in the directory, made if needed; gives the paths."""
    folder = Path(directory)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    by_product: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in example_readings(until, days):
        by_product[row["product"]].append(row)
    return [_write(folder / f"{product}.csv", rows) for product, rows in by_product.items()]


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with writing(path), path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
