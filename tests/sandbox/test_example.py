"""The example: the same 62 customers every time."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.catalog import load_catalogue
from reconciler.sandbox import Behaviour, Sandbox
from reconciler.sandbox.example import example_readings, example_services, write_usage_files
from reconciler.sandbox.example.clients import CONTRACTS_END, clients, organizations
from tests.vendor_contract import DOCUMENT

ACCOUNTS = DOCUMENT.parents[1] / "catalog" / "accounts.csv"
UNTIL = date(2026, 11, 22)


@pytest.fixture(scope="module")
def example() -> Sandbox:
    sandbox = Sandbox.create(":memory:", behaviour=Behaviour())
    sandbox.seed_example()
    return sandbox


@pytest.fixture(scope="module")
def readings() -> list[dict[str, str]]:
    return list(example_readings(UNTIL, 30))


def test_the_example_is_the_same_every_time(example: Sandbox) -> None:
    again = Sandbox.create(":memory:")
    again.seed_example()
    assert again.tables().rows() == example.tables().rows()
    assert again.tables().history() == example.tables().history()
    assert again.today() == example.today() == date(2026, 11, 23)


def test_62_customers_each_with_a_contract_and_lines(example: Sandbox) -> None:
    rows = example.tables().rows()
    assert len(clients()) == len({client.name for client in clients()}) == 62
    assert {row.account_id for row in rows} == set(range(1001, 1063))
    assert min(Counter(row.account_id for row in rows).values()) >= 5
    assert all(row.units > 0 and row.price > 0 for row in rows)


@pytest.mark.skipif(
    not ACCOUNTS.is_file(), reason="the list of accounts is not beside this project"
)
def test_the_named_accounts_have_the_names_their_products_know() -> None:
    known = {(each.product, each.name) for each in organizations()}
    with ACCOUNTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["account"] for row in rows] == [client.name for client in clients()[: len(rows)]]
    for row in rows:
        for product in ("compliance-manager", "cyber-hawk", "network-detective-pro"):
            assert (product, row[product]) in known


def test_services_count_every_metric_we_know(readings: list[dict[str, str]]) -> None:
    known = {
        (product.id, metric) for product in load_catalogue().values() for metric in product.metrics
    }
    counted = {
        (service.product, count.metric)
        for service in example_services()
        for count in service.counts
    }
    assert counted == known
    assert {(row["product"], row["metric"]) for row in readings} == known


def test_a_few_contracts_are_out_of_the_ordinary(example: Sandbox) -> None:
    rows = example.tables().rows()
    contracts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        contracts[row.account].add(row.contract)
    assert contracts["Graphite Granite Works"] == {"Managed Services", "Backup Services"}
    assert "Managed Services 2024" in contracts["Copper Construction Co."]
    doubled = Counter((row.contract_id, row.service_id) for row in rows)
    assert [count for count in doubled.values() if count > 1] == [2]


def test_units_are_near_what_was_used(example: Sandbox) -> None:
    used: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in example_readings(date(2026, 10, 31), 1):
        if row["metric"] == "total-devices" and row["product"] == "datto-rmm":
            used[row["organization"], "Monitored Device"] += Decimal(row["quantity"])
    billed = {(row.account, row.service): row.units for row in example.tables().rows()}
    for place, quantity in used.items():
        if place in billed:
            assert abs(billed[place] - quantity) <= 1
    assert sum(place in billed for place in used) > 40


def series(readings: list[dict[str, str]]) -> dict[tuple[str, str, str], list[tuple[str, Decimal]]]:
    found: dict[tuple[str, str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    for row in readings:
        key = (row["organization_id"], row["metric"], row["dimension"])
        found[key].append((row["day"], Decimal(row["quantity"])))
    return found


def test_the_month_has_growth_loss_a_jump_a_silence_and_a_switch(
    readings: list[dict[str, str]],
) -> None:
    ids = {(each.name, each.product): each.id for each in organizations()}
    found = series(readings)
    moves = [days[-1][1] - days[0][1] for days in found.values()]
    assert sum(move > 0 for move in moves) > sum(move < 0 for move in moves) > 20
    jumped = found[ids["FutureTech Solutions", "datto-rmm"], "total-devices", ""]
    assert jumped[-1][1] > jumped[0][1] * Decimal("1.3")
    silent = found[ids["Teal Tech Inc.", "rocketcyber"], "agents", ""]
    assert silent[-1][0] == "2026-11-16"
    switched = found[ids["Olive Oil Trading Co. LLC", "compliance-manager"], "enabled", ""]
    assert [switched[0][1], switched[-1][1]] == [Decimal(1), Decimal(0)]


def test_a_day_reads_the_same_from_every_window() -> None:
    alone = list(example_readings(date(2026, 11, 10), 1))
    window = [row for row in example_readings(UNTIL, 20) if row["day"] == "2026-11-10"]
    assert alone == window


def levels(day: date) -> list[dict[str, str]]:
    return [row | {"day": ""} for row in example_readings(day, 1)]


def test_usage_moves_until_the_contracts_end_and_stays_there() -> None:
    last = levels(CONTRACTS_END)
    assert last != levels(CONTRACTS_END.replace(day=1))
    assert last == levels(date(2199, 12, 31))  # so no day needs the steps of a century


def test_names_are_as_many_as_are_counted(readings: list[dict[str, str]]) -> None:
    named = [row for row in readings if row["names"]]
    assert named
    assert all(len(row["names"].split(";")) == Decimal(row["quantity"]) for row in named)


def test_usage_comes_as_one_file_per_product(tmp_path: Path) -> None:
    paths = write_usage_files(tmp_path / "usage", UNTIL, 2)
    assert {path.stem for path in paths} == set(load_catalogue())
    with (tmp_path / "usage" / "datto-rmm.csv").open(encoding="utf-8") as file:
        assert file.readline() == (
            "product,organization_id,organization,metric,dimension,day,quantity,names\n"
        )
        assert {row.split(",")[5] for row in file} == {"2026-11-21", "2026-11-22"}


def test_some_organizations_are_mapped_and_some_are_not(example: Sandbox) -> None:
    mapped = {organization for _, _, organization in example.tables().mappings()}
    every = {each.id for each in organizations()}
    assert mapped < every
    assert len(mapped) > len(every) / 2
    assert "datto-rmm-9000" not in mapped
