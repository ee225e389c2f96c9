"""The client: every call the project makes to BMS, typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import TracebackType

import httpx

from reconciler.bms import invoices, k1, lines, listed
from reconciler.bms.calls import Call
from reconciler.bms.clock import Clock, SystemClock
from reconciler.bms.dates import Dates
from reconciler.bms.lines import NewRow, PostedRow, Repricing
from reconciler.bms.listed import ListedContract
from reconciler.bms.listing import Lister
from reconciler.bms.pace import Pace
from reconciler.bms.patience import Progress
from reconciler.bms.record import unexpected
from reconciler.bms.wire import Wire
from reconciler.model.assumptions import Assumptions
from reconciler.model.bms import Account, CatalogueService, Contract, Invoice, IssuedInvoice, Row
from reconciler.model.desired import BmsConnection


class BmsClient:
    """One login at one BMS company; not for several threads at once.

    Every method raises an error of ``reconciler.model.errors``: ``BmsUnreachable`` and
    ``BmsThrottled`` when nothing was done, ``BmsLoginFailed``, ``BmsRefused``, ``BmsUnexpected``
    for an answer that cannot be read, and for the writes ``BmsAnswerLost`` when their end is not
    known. Reads are tried again a few times; a write only where BMS surely has not begun it.
    """

    def __init__(
        self,
        connection: BmsConnection,
        assumptions: Assumptions,
        *,
        time_zone: str,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        pace: Pace | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.dates = Dates(time_zone, assumptions.date_zone)
        self._wire = Wire(
            connection,
            transport=transport,
            clock=self.clock,
            pace=pace or Pace(),
            progress=progress,
        )
        self._lister = Lister(self._wire, assumptions)

    def __repr__(self) -> str:
        return f"<BmsClient on {self._wire!r}>"

    def __enter__(self) -> BmsClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def login(self) -> None:
        """Make sure that BMS accepts the credentials. Every other call does so by itself."""
        self._wire.login()

    def estimate(self, planned: Mapping[Call, int]) -> float:
        """Seconds of waiting, at least, that these calls will need under the hourly limit."""
        return self._wire.pace.estimate(planned, self.clock.now())

    def accounts(self) -> tuple[Account, ...]:
        """Every account, inactive ones too, with its currency's name."""
        return listed.read_accounts(self._lister)

    def contracts(self, name: str | None = None) -> tuple[ListedContract, ...]:
        """Every contract of any type; with a name, those BMS finds by it."""
        return listed.read_contracts(self._lister, self.dates, name)

    def contracts_of_account(self, account_id: int) -> frozenset[int]:
        """The ids of an account's contracts, expired ones too."""
        return listed.look_up_contracts(self._wire, account_id)

    def contract_total(self, contract: Contract | ListedContract) -> Decimal:
        """The contract's billing price now, in the account's currency."""
        for name in (contract.name or None, None):
            for found in self.contracts(name):
                if found.id == contract.id:
                    return found.total
        raise unexpected(
            "contracts",
            f"BMS no longer lists the contract {contract.name!r} (id {contract.id})",
            "look in BMS whether it was deleted",
        )

    def services(self) -> tuple[CatalogueService, ...]:
        """The catalogue, inactive services too."""
        return listed.read_services(self._lister)

    def rows(self, service_id: int, *, contract_name: str | None = None) -> tuple[Row, ...]:
        """The rows of a catalogue service: all, or those on contracts of exactly that name."""
        return lines.read_rows(self._lister, self.dates, service_id, contract_name)

    def invoices(self, since: date | None = None) -> tuple[Invoice, ...]:
        """The periods invoiced, per contract, by invoices created on or after a day."""
        return invoices.read_invoices(self._lister, self.dates, since)

    def void_invoices(self, since: date) -> frozenset[int]:
        """The ids of invoices created on or after a day that are void by now."""
        return invoices.read_void(self._lister, self.dates, since)

    def issued_invoices(self, since: date | None = None) -> tuple[IssuedInvoice, ...]:
        """Invoices created on or after a day, with their lines; void ones are left out."""
        return invoices.read_issued(self._lister, self.dates, since)

    def post_service(self, contract_id: int, row: NewRow) -> PostedRow:
        """Write: post one line. Never repeated once BMS may have seen it."""
        return lines.post_row(self._wire, self.dates, contract_id, row)

    def bulk_price(
        self,
        service_id: int,
        rows: Sequence[tuple[int, int]],
        price: Decimal,
        *,
        name: str | None = None,
        description: str | None = None,
        cost: Decimal | None = None,
        effective: date | None = None,
    ) -> None:
        """Write: start the background job that reprices rows, given as (contract id, row id).

        None leaves a value as it is. ``job_running`` tells when the job is over; only reading the
        rows tells whether it did its work.
        """
        values = Repricing(price, name, description, cost, effective)
        lines.start_repricing(self._wire, self.dates, service_id, rows, values)

    def job_running(self, service_id: int) -> bool:
        """Whether a background job of the service is under way."""
        return lines.job_runs(self._wire, service_id)

    def status(self) -> k1.K1Status:
        """BMS's connection to KaseyaOne."""
        return k1.read_status(self._wire)

    def k1_modules(self) -> tuple[k1.K1Module, ...]:
        """The products KaseyaOne knows."""
        return k1.read_modules(self._wire)

    def k1_mappings(self, products: Collection[int]) -> tuple[k1.K1Mapping, ...]:
        """Which organizations of these products are mapped to which account."""
        return k1.read_mappings(self._lister, products)
