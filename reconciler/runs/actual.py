"""Read the actual state as far as a plan needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from reconciler.bms.actual import Directory, read_directory, read_rows, with_totals_of_now
from reconciler.bms.client import BmsClient
from reconciler.engine.indexed import services_wanted
from reconciler.model.bms import Invoice, Observation
from reconciler.model.desired import DesiredState

MADE_BEFORE: Final = timedelta(days=62)
"""How long before its period an invoice may be made."""
LONGEST: Final = timedelta(days=460)
"""A year's period, and what may lie before it."""


@dataclass(slots=True)
class Reader:
    """Reads once; for a contract that needs all its rows, rows and totals are read again."""

    client: BmsClient
    state: DesiredState
    before: Observation | None
    """The last observation: invoices older than it need not be read again."""
    doubtful: frozenset[int] = frozenset()
    """BMS services of writes without an answer: read even where the configuration names them no
    more."""
    _directory: Directory | None = None

    def read(self, wide: frozenset[int] = frozenset()) -> Observation:
        """The directory, and the rows of every service that the configuration names, or that a
        write without an answer was for."""
        if self._directory is None:
            self._directory = directory = self._read_directory()
        else:
            directory = with_totals_of_now(self.client, self._directory)
        named = services_wanted(self.state, Observation(services=directory.services))
        wanted = self.doubtful.union(named)
        return read_rows(self.client, directory, services=wanted, wide_contracts=wide)

    def _read_directory(self) -> Directory:
        since = None
        if self.before is not None and self.before.day is not None:
            since = self.before.day - timedelta(days=1)
        found = read_directory(self.client, since=since)
        if self.before is None:
            return found
        void = self._void_since(self.before)
        known = {
            (invoice.id, invoice.contract_id): invoice
            for invoice in self.before.invoices
            if invoice.id not in void
        }
        known.update({(invoice.id, invoice.contract_id): invoice for invoice in found.invoices})
        return replace(found, invoices=tuple(known.values()))

    def _void_since(self, before: Observation) -> frozenset[int]:
        day = looked_at_again(before)
        return frozenset() if day is None else self.client.void_invoices(day)


def looked_at_again(before: Observation) -> date | None:
    """From which day on invoices are looked at again, whether they are void by now.

    The newest of every contract that still runs closes its period. BMS lists invoices by the day
    they were made, which may be before the period; a very old one is not looked for.
    """
    if before.day is None:
        return None
    running = {c.id for c in before.contracts if c.end >= before.day - MADE_BEFORE}
    newest: dict[int, Invoice] = {}
    for invoice in sorted(before.invoices, key=lambda invoice: invoice.last):
        if invoice.contract_id in running:
            newest[invoice.contract_id] = invoice
    if not newest:
        return None
    first = min(invoice.first for invoice in newest.values())
    return max(first - MADE_BEFORE, before.day - LONGEST)
