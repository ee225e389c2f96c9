"""Bulk updates of a service's rows: carried out in the background, a while after the call."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from reconciler.sandbox import lines

if TYPE_CHECKING:
    import sqlite3

    from reconciler.sandbox.store import Store


def start(store: Store, service_id: int, body: dict[str, object], due: str, looks: int) -> int:
    """Begin a job; `body` has rows ([contract, row]), name, description, price, cost, day."""
    return store.run(
        "INSERT INTO jobs (service_id, body, due, looks_left, done) VALUES (?,?,?,?,0)",
        service_id,
        json.dumps(body),
        due,
        looks,
    )


def running(store: Store, service_id: int) -> int | None:
    """The id of the job at work on a service's rows."""
    found = store.row("SELECT id FROM jobs WHERE service_id = ? AND NOT done", service_id)
    return None if found is None else found["id"]


def look(store: Store, service_id: int, now: str) -> int | None:
    """As `running`; so many looks also finish a job."""
    job_id = running(store, service_id)
    if job_id is None:
        return None
    store.run("UPDATE jobs SET looks_left = looks_left - 1 WHERE id = ?", job_id)
    finish_due(store, now)
    return running(store, service_id)


def finish_due(store: Store, now: str) -> None:
    """Carry out the jobs whose time has come."""
    sql = "SELECT * FROM jobs WHERE NOT done AND (due <= ? OR looks_left <= 0) ORDER BY id"
    for job in store.rows(sql, now):
        _carry_out(store, job, now)
        store.run("UPDATE jobs SET done = 1 WHERE id = ?", job["id"])


def _carry_out(store: Store, job: sqlite3.Row, now: str) -> None:
    body = json.loads(job["body"])
    for contract_id, line_id in body["rows"]:
        line = lines.get(store, line_id)
        fits = line and (line.contract_id, line.service_id) == (contract_id, job["service_id"])
        if line and fits and not line.no_bulk:
            lines.change(store, line, _updated(line, body, now), via="api", action="bulk update")


def _updated(line: lines.Line, body: dict[str, str | None], now: str) -> lines.Line:
    price, cost, day = body["price"], body["cost"], body["day"]
    return replace(
        line,
        name=body["name"] or line.name,
        description=body["description"] or line.description,
        price=line.price if price is None else Decimal(price),
        cost=line.cost if cost is None else Decimal(cost),
        day=line.day if day is None else date.fromisoformat(day),
        modified=now,
    )
