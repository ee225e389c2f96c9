"""One use of every call the client has."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from reconciler.bms.lines import NewRow
from tests.bms.stage import NOW, PRICE, Stage


def everything(here: Stage) -> None:
    sandbox = here.sandbox
    service = sandbox.add_service("Managed Server", PRICE)
    contract = here.contract()
    account = here.contract("Cobalt Freight", name="Other")
    row = sandbox.add_line(contract, service, 12, date(2026, 1, 1))
    sandbox.add_invoice(contract, date(2026, 10, 1), date(2026, 10, 31))
    sandbox.add_module(7, "Datto RMM")
    sandbox.add_organization(7, "org-1", "Brass")
    with here.client() as client:
        client.login()
        client.accounts()
        client.contracts()
        client.contracts("Managed Services")
        client.contracts_of_account(account)
        client.services()
        client.rows(service, contract_name="Managed Services")
        client.invoices(date(2026, 1, 1))
        client.post_service(contract, NewRow(service, "Server", "more", 2, PRICE, Decimal(0), NOW))
        client.bulk_price(
            service,
            [(contract, row)],
            Decimal("24.10"),
            name="Server",
            description="dearer",
            cost=Decimal("1.00"),
            effective=NOW,
        )
        client.job_running(service)
        client.status()
        client.k1_modules()
        client.k1_mappings([7])
        # An access token that is about to end is renewed.
        sandbox.advance(timedelta(seconds=sandbox.behaviour.access_token_seconds - 30))
        client.status()
