"""What was invoiced by when: a period is closed once an invoice covers it, and not before."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reconciler.engine.periods import DAY
from reconciler.model.bms import Invoice
from reconciler.model.desired import Billing


@dataclass(frozen=True, slots=True)
class Closing:
    """An invoice closes everything up to ``last``; made on ``day``, after that night's run."""

    day: date
    last: date
    at: datetime | None = None
    """The moment of it; None where nobody knows."""


def run_on_or_after(day: date, run: int) -> date:
    """The next day on which BMS bills; a short month bills on its last day."""
    while day.day != min(run, monthrange(day.year, day.month)[1]):
        day += DAY
    return day


def closings(invoices: Iterable[Invoice], billing: Billing, run: int) -> tuple[Closing, ...]:
    """Of one contract's invoices; ``run``: the day of the month on which BMS bills."""
    return tuple(Closing(_made(one, billing, run), one.last, one.at) for one in invoices)


def _made(invoice: Invoice, billing: Billing, run: int) -> date:
    """Where nobody knows the day, the first one on which BMS could have made it."""
    if invoice.made is not None:
        return invoice.made
    return run_on_or_after(invoice.last + DAY if billing.at_end else invoice.first, run)


def closed_on(found: Sequence[Closing], night: date) -> date | None:
    """The last day that an invoice covers, as that night's run knows it."""
    return max((one.last for one in found if one.day < night), default=None)


def made_for(found: Iterable[Closing], day: date) -> datetime | None:
    """When the first invoice was made that covers a day or a later one; None: nobody knows."""
    moments = [one.at for one in found if one.last >= day]
    known = [at for at in moments if at is not None]
    return min(known) if known and len(known) == len(moments) else None


def by_contract(invoices: Iterable[Invoice]) -> Mapping[int, Sequence[Invoice]]:
    """The invoices of each contract."""
    found: dict[int, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        found[invoice.contract_id].append(invoice)
    return found
