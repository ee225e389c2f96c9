from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reconciler.bms.calls import CONTRACTS, ROWS
from reconciler.bms.clock import SystemClock
from reconciler.bms.pace import Pace
from reconciler.model.errors import BmsUnexpected
from reconciler.sandbox import Behaviour
from tests.bms.stage import PRICE, NameFilter, stage


@pytest.mark.parametrize("name_filter", ["contains", "exact"])
def test_a_contracts_total_is_found_by_name_and_told_by_id(name_filter: NameFilter) -> None:
    here = stage(Behaviour(name_filter=name_filter))
    service = here.sandbox.add_service("Managed Server", PRICE)
    for units, account in enumerate(("A", "B", "C"), start=1):
        contract = here.contract(account)
        here.sandbox.add_line(contract, service, units, date(2026, 1, 1))
    client = here.client()
    contracts = client.contracts()
    totals = [client.contract_total(contract) for contract in contracts]
    assert totals == [PRICE, 2 * PRICE, 3 * PRICE]
    assert here.wire.count(CONTRACTS) == 1 + 3


def test_a_total_is_found_although_the_contract_was_renamed() -> None:
    here = stage()
    contract = here.contract()
    client = here.client()
    (before,) = client.contracts()
    here.sandbox.ui.rename_contract(contract, "Something Else")
    assert client.contract_total(before) == 0


def test_a_contract_that_is_gone_is_named() -> None:
    here, elsewhere = stage(), stage()
    elsewhere.contract()
    (other,) = elsewhere.client().contracts()
    with pytest.raises(BmsUnexpected, match="Managed Services"):
        here.client().contract_total(other)


def test_the_estimate_counts_what_was_already_called() -> None:
    here = stage()
    service = here.sandbox.add_service("Managed Server", PRICE)
    client = here.client(pace=Pace(3))
    client.rows(service)
    assert client.estimate({ROWS: 2}) == 0
    assert client.estimate({ROWS: 3}) > 3500


def test_a_pace_is_shared_by_clients_of_one_company() -> None:
    here, pace = stage(), Pace(2)
    for _ in range(2):
        here.client(pace=pace).accounts()
    here.client(pace=pace).accounts()
    assert "limit" in [wait.why for wait in here.waits]


def test_a_client_closes_its_connections() -> None:
    with stage().client() as client:
        client.login()
    with pytest.raises(RuntimeError, match="closed"):
        client.accounts()


def test_the_systems_clock_tells_an_instant_with_its_offset() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.001)
    assert before < clock.now() <= datetime.now(UTC)
