"""Prices of lines of ours that a person changed in BMS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from reconciler.engine.amounts import price, signed, with_code
from reconciler.engine.contracts import ContractOutcome
from reconciler.engine.known import worth
from reconciler.engine.lines import LineWork
from reconciler.engine.proration import monthly, rounded
from reconciler.findings import finding
from reconciler.model.bms import Row
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import Agreement


def repriced(
    outcome: ContractOutcome, agreements: Mapping[int, Agreement], currency: str
) -> Iterator[Finding]:
    """Of lines that the agreed total counted, and of which the configuration names no price: where
    it does, a change of price back to it is in the plan, or it was wanted so.

    A price of units that count moves the total; where it stayed, no row is looked at.
    """
    if not outcome.works:
        return
    contract = outcome.works[0].bound.contract.contract
    agreement = agreements.get(contract.id)
    if agreement is None or agreement.total == contract.total:
        return
    before = {mark.row_id: mark.price for mark in agreement.rows}
    for work in outcome.works:
        edited = [row for row in work.known.rows if _is_edited(row, work, before)]
        if edited:
            yield _finding(work, edited, before, currency)


def _is_edited(row: Row, work: LineWork, before: Mapping[int, Decimal]) -> bool:
    return work.wanted_price is None and before.get(row.id, row.price) != row.price


def _finding(
    work: LineWork, edited: list[Row], before: Mapping[int, Decimal], currency: str
) -> Finding:
    ref, row = work.bound.ref, edited[-1]
    accept = f'`reconciler drift --accept {ref.contract_id} --reason "..."`'
    money = _money(work, before, currency)
    was, now = price(before[row.id], currency), price(row.price, currency)
    message = (
        f"{ref.bms_service} on {ref.contract} of {ref.account}: its price was changed in BMS from"
        f" {was} to {now}, {with_code(signed(money, currency), currency)} a month"
    )
    subject = Subject(account=ref.account, contract=ref.contract, service=ref.service)
    return finding(
        "KNW013",
        message,
        subject=subject,
        origin=work.bound.line.origin,
        money=money,
        remedy=f"change it back in BMS, set `price` for the line, or take it over: {accept}, or"
        " all such prices at once with `--accept-prices`",
    )


def _money(work: LineWork, before: Mapping[int, Decimal], currency: str) -> Decimal:
    """What it comes to in a month, of every row, whether its day has come or not."""
    now = work.known
    rows = tuple(replace(row, price=before.get(row.id, row.price)) for row in now.rows)
    day = work.bound.contract.contract.end
    more = worth(now, day, "all") - worth(replace(now, rows=rows), day, "all")
    return rounded(monthly(1, more, work.bound.contract.schedule.cycle), currency)
