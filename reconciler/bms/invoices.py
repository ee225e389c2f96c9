"""Invoices and the contracts they bill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Final

from reconciler.bms import calls
from reconciler.bms.dates import Dates
from reconciler.bms.listing import Lister
from reconciler.bms.record import Record
from reconciler.model.bms import Invoice

AT_ONCE: Final = 100


def read_invoices(lister: Lister, dates: Dates, since: date | None) -> tuple[Invoice, ...]:
    """The invoices created on or after ``since`` (None: all), one entry per contract billed.

    An invoice that is void, or without a period of its own, closes none and is left out; so is one
    that bills no contract.
    """
    filters = {} if since is None else {"CreatedFrom": dates.write(since)}
    periods = dict(_periods(lister.read(calls.INVOICES, filters), dates))
    return tuple(
        Invoice(invoice, contract, *periods[invoice])
        for invoice, contract in sorted(_billed(lister, sorted(periods)))
    )


def _periods(found: Iterable[Record], dates: Dates) -> Iterator[tuple[int, tuple[date, date]]]:
    for record in found:
        first = record.day_or_none("InvoiceFrom", dates)
        last = record.day_or_none("InvoiceTo", dates)
        void = record.text_or_blank("StatusName").lower().startswith("void")
        if first is not None and last is not None and not void:
            yield record.integer("Id"), (first, last)


def _billed(lister: Lister, invoices: Sequence[int]) -> set[tuple[int, int]]:
    """(invoice, contract) of every invoice line; contract 0 is no contract."""
    asked = frozenset(invoices)
    pairs = set[tuple[int, int]]()
    for chunk in _chunks(invoices):
        filters = {"ListInvoiceIds": ",".join(map(str, chunk))}
        for line in lister.read(calls.INVOICE_LINES, filters):
            contract = line.integer("ContractId")
            if contract and line.get("InvoiceId") is not None:
                pairs.add((line.integer("InvoiceId"), contract))
    return {pair for pair in pairs if pair[0] in asked}


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
