"""The CSV that a person fills in with starting units."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from reconciler.engine.starting import by_line, in_all, units_of_row
from reconciler.ledger import Ledger
from reconciler.model.bms import LineKey, Observation, Row
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.baseline_file import COLUMNS
from reconciler.runs.planning import plan
from reconciler.runs.surroundings import Surroundings


def template(around: Surroundings, ledger: Ledger) -> str:
    """CSV of every row whose units nobody knows yet, ``units`` left empty."""
    run = plan(around, ledger, PlanOptions())
    facts = by_line(ledger.remember().facts)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in managed_rows(run):
        known = facts.get(LineKey(row.account_id, row.contract_id, row.service_id), ())
        if units_of_row(known, row.id) is None and not in_all(known):
            writer.writerow(_cells(row, run.seen))
    return out.getvalue()


def managed_rows(run: PlanRun) -> Iterator[Row]:
    """The rows of every line that the configuration names."""
    managed = run.planned.examined.managed
    rows = (r for r in run.seen.rows if r.service_id in managed.get(r.contract_id, ()))
    yield from sorted(rows, key=lambda row: (row.contract_id, row.service_id, row.id))


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
