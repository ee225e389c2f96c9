"""Lines that the configuration does not name any more, and that a contract's total still holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from reconciler.engine.known import KnownLine, known_line
from reconciler.model.bms import Contract, Row
from reconciler.model.ledgered import Agreement, KnownFact, RowMark


def left_lines(
    contract: Contract,
    agreement: Agreement | None,
    facts: Mapping[int, Sequence[KnownFact]],
    named: Collection[int],
) -> dict[int, KnownLine]:
    """Those of the last agreement, with their rows as they were agreed, by BMS service."""
    if agreement is None:
        return {}
    return {
        service: known_line(
            [_row(contract, mark) for mark in agreement.rows if mark.service_id == service],
            known,
            agreed=True,
        )
        for service in agreement.lines
        if service not in named and (known := facts.get(service, ()))
    }


def _row(contract: Contract, mark: RowMark) -> Row:
    return Row(
        id=mark.row_id,
        contract_id=contract.id,
        account_id=contract.account_id,
        service_id=mark.service_id,
        name="",
        description="",
        date=mark.day,
        price=mark.price,
        cost=Decimal(0),
    )
