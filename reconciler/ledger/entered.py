"""What runs found periods to be entered with, where BMS does not show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.ledger.chosen import select
from reconciler.ledger.statements import text
from reconciler.ledger.texts import instant_text
from reconciler.model.bms import LineKey
from reconciler.model.ledgered import EnteredPeriod

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from reconciler.ledger.texts import Reader


def append_entered(connection: Connection, found: Sequence[EnteredPeriod], at: datetime) -> None:
    """Adds what a run found; of one line and day the last one holds."""
    if not found:
        return
    connection.execute(
        text(
            "INSERT INTO entered_period (at, account_id, contract_id, service_id, day, units)"
            " VALUES (:at, :account, :contract, :service, :day, :units)"
        ),
        [
            {
                "at": instant_text(at),
                "account": one.line.account_id,
                "contract": one.line.contract_id,
                "service": one.line.service_id,
                "day": one.day.isoformat(),
                "units": one.units,
            }
            for one in found
        ],
    )


def load_entered(
    connection: Connection, reader: Reader, accounts: Collection[int] | None
) -> tuple[EnteredPeriod, ...]:
    """The newest of each line and day, of these accounts' lines; None: of all."""
    rows = select(
        connection,
        "SELECT at, account_id, contract_id, service_id, day, units FROM entered_period"
        " WHERE {chosen} ORDER BY id",
        "account_id",
        accounts,
    )
    found = (
        EnteredPeriod(
            LineKey(account, contract, service), reader.day(day), units, reader.instant(at)
        )
        for at, account, contract, service, day, units in rows
    )
    return tuple({(one.line, one.day): one for one in found}.values())
