from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from reconciler.model.bms import Account, CatalogueService, Contract
from reconciler.sandbox import Behaviour
from tests.bms.stage import NameFilter, Stage, stage

BOTH = [(spelling, zone) for spelling in ("camel", "pascal") for zone in ("local", "utc")]


@pytest.fixture(params=BOTH, ids="-".join)
def here(request: pytest.FixtureRequest) -> Stage:
    spelling, zone = request.param
    return stage(Behaviour(field_names=spelling, date_zone=zone))


def test_accounts_come_with_currency_and_inactive_ones_too(here: Stage) -> None:
    first = here.sandbox.add_account("Brass Building Supplies", currency="CAD")
    second = here.sandbox.add_account("Copper Kettle Foods", active=False)
    assert here.client().accounts() == (
        Account(first, "Brass Building Supplies", is_active=True, currency="CAD"),
        Account(second, "Copper Kettle Foods", is_active=False, currency="USD"),
    )


def test_contracts_come_with_their_own_days_and_exact_total(here: Stage) -> None:
    service = here.sandbox.add_service("Managed Server", "4.10")
    contract = here.contract()
    here.sandbox.add_line(contract, service, 3, date(2026, 1, 1))
    (found,) = here.client().contracts()
    assert (found.start, found.end) == (date(2025, 1, 1), date(2027, 12, 31))
    assert str(found.total) == "12.30"
    assert found.account_name == "Brass Building Supplies"
    assert found.of_account(7) == Contract(
        contract,
        7,
        "Managed Services",
        "Recurring Services",
        "Active",
        "Monthly",
        date(2025, 1, 1),
        date(2027, 12, 31),
        Decimal("12.30"),
    )


def test_contracts_of_every_type_are_kept(here: Stage) -> None:
    account = here.sandbox.add_account("Brass Building Supplies")
    span = (date(2025, 1, 1), date(2027, 12, 31))
    here.sandbox.add_contract(account, "Hours", *span, type="Time and Material")
    assert [found.type for found in here.client().contracts()] == ["Time and Material"]


@pytest.mark.parametrize(("name_filter", "count"), [("contains", 2), ("exact", 1)])
def test_a_name_finds_contracts_as_bms_compares_names(name_filter: NameFilter, count: int) -> None:
    here = stage(Behaviour(name_filter=name_filter))
    here.contract("A", "Managed Services")
    here.contract("B", "Managed Services Plus")
    assert len(here.client().contracts("Managed Services")) == count


def test_the_lookup_tells_an_accounts_contracts_expired_ones_too(here: Stage) -> None:
    account = here.sandbox.add_account("Brass Building Supplies")
    old = here.sandbox.add_contract(account, "Old", date(2020, 1, 1), date(2021, 12, 31))
    new = here.sandbox.add_contract(account, "New", date(2025, 1, 1), date(2027, 12, 31))
    here.contract("Other")
    assert here.client().contracts_of_account(account) == {old, new}


def test_the_catalogue_has_inactive_services_too(here: Stage) -> None:
    service = here.sandbox.add_service(
        "Old Backup", "10.05", cost="3.10", description="Backups", active=False
    )
    assert here.client().services() == (
        CatalogueService(
            service, "Old Backup", Decimal("10.05"), Decimal("3.10"), "Backups", is_active=False
        ),
    )
