"""Read the actual state as far as a plan needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from reconciler.bms.actual import Directory, read_directory, read_rows
from reconciler.bms.client import BmsClient
from reconciler.engine.bind import services_wanted
from reconciler.model.bms import Observation
from reconciler.model.desired import DesiredState


@dataclass(slots=True)
class Reader:
    """Reads once; a contract that needs all its rows is read again with them."""

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
            self._directory = self._read_directory()
        directory = self._directory
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
        known = {(invoice.id, invoice.contract_id): invoice for invoice in self.before.invoices}
        known.update({(invoice.id, invoice.contract_id): invoice for invoice in found.invoices})
        return replace(found, invoices=tuple(known.values()))
