"""Invoices and the contracts they bill."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Final

from reconciler.bms import calls
from reconciler.bms.dates import Dates
from reconciler.bms.listing import Lister
from reconciler.bms.record import Record
from reconciler.model.bms import Invoice, InvoiceLine, IssuedInvoice

AT_ONCE: Final = 100


def read_invoices(lister: Lister, dates: Dates, since: date | None) -> tuple[Invoice, ...]:
    """The invoices created on or after ``since`` (None: all), one entry per contract billed.

    An invoice that is void, or without a period of its own, closes none and is left out; so is one
    that bills no contract.
    """
    periods = {
        record.integer("Id"): (*period, *_made(record, dates))
        for record in _listed(lister, dates, since)
        if (period := _period(record, dates)) is not None
    }
    return tuple(
        Invoice(invoice, contract, *periods[invoice])
        for invoice, contract in sorted(_billed(lister, sorted(periods)))
    )


def read_void(lister: Lister, dates: Dates, since: date) -> frozenset[int]:
    """The ids of invoices created on or after ``since`` that are void by now."""
    listed = _listed(lister, dates, since)
    return frozenset(record.integer("Id") for record in listed if _is_void(record))


def read_issued(lister: Lister, dates: Dates, since: date | None) -> tuple[IssuedInvoice, ...]:
    """The invoices created on or after ``since`` (None: all) with all their lines, oldest first.

    Void ones, and those without a period of their own, are left out.
    """
    heads = {
        record.integer("Id"): (record, *period)
        for record in _listed(lister, dates, since)
        if (period := _period(record, dates)) is not None
    }
    lines = defaultdict[int, list[InvoiceLine]](list)
    for record in _lines(lister, sorted(heads)):
        lines[record.integer("InvoiceId")].append(_line(record, dates))
    issued = (_issued(head, dates, lines[number]) for number, head in heads.items())
    return tuple(sorted(issued, key=lambda invoice: (invoice.created, invoice.id)))


def _issued(
    head: tuple[Record, date, date], dates: Dates, lines: Sequence[InvoiceLine]
) -> IssuedInvoice:
    record, first, last = head
    return IssuedInvoice(
        id=record.integer("Id"),
        number=record.text_or_blank("InvoiceNumber") or f"#{record.integer('Id')}",
        first=first,
        last=last,
        created=record.converted(_moment(record), dates.instant, "a date and time"),
        sent=record.get("SentOn") is not None,
        lines=tuple(sorted(lines, key=lambda line: line.id)),
    )


def _moment(record: Record) -> str:
    """Both are moments of its making; BMS may leave either out."""
    return "GeneratedOn" if record.get("CreatedOn") is None else "CreatedOn"


def _made(record: Record, dates: Dates) -> tuple[date, datetime] | tuple[None, None]:
    name = _moment(record)
    if record.get(name) is None:
        return None, None
    at = record.converted(name, dates.instant, "a date and time")
    return dates.day(at), at


def _line(record: Record, dates: Dates) -> InvoiceLine:
    quantity, price = record.decimal("Qty"), record.decimal("UnitPrice")
    total = quantity * price if record.get("TotalPrice") is None else record.decimal("TotalPrice")
    return InvoiceLine(
        id=record.integer("Id"),
        invoice_id=record.integer("InvoiceId"),
        contract_id=record.integer("ContractId"),
        name=record.text_or_blank("Name"),
        description=record.text_or_blank("Description"),
        kind=record.text_or_blank("TypeName"),
        quantity=quantity,
        unit_price=price,
        total=total,
        day=record.day_or_none("ValueDate", dates),
    )


def _listed(lister: Lister, dates: Dates, since: date | None) -> tuple[Record, ...]:
    filters = {} if since is None else {"CreatedFrom": dates.write(since)}
    return lister.read(calls.INVOICES, filters)


def _period(record: Record, dates: Dates) -> tuple[date, date] | None:
    first = record.day_or_none("InvoiceFrom", dates)
    last = record.day_or_none("InvoiceTo", dates)
    return None if first is None or last is None or _is_void(record) else (first, last)


def _is_void(record: Record) -> bool:
    return record.text_or_blank("StatusName").lower().startswith("void")


def _lines(lister: Lister, invoices: Sequence[int]) -> Iterator[Record]:
    """The lines of these invoices; what BMS adds of others is left out."""
    asked = frozenset(invoices)
    for chunk in _chunks(invoices):
        filters = {"ListInvoiceIds": ",".join(map(str, chunk))}
        for line in lister.read(calls.INVOICE_LINES, filters):
            if line.get("InvoiceId") is not None and line.integer("InvoiceId") in asked:
                yield line


def _billed(lister: Lister, invoices: Sequence[int]) -> set[tuple[int, int]]:
    """(invoice, contract) of every invoice line; contract 0 is no contract."""
    pairs = (
        (line.integer("InvoiceId"), line.integer("ContractId")) for line in _lines(lister, invoices)
    )
    return {pair for pair in pairs if pair[1]}


def _chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
