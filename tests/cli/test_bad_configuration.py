from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from shutil import rmtree

import pytest

from tests.cli.bad import told
from tests.cli.shop import BRASS, Shop

BRASS_FILE, COBALT_FILE = "accounts/brass.yaml", "accounts/cobalt.yaml"
SERVICES_FILE = "services/datto-edr.yaml"

MISTAKES = {
    "broken YAML": (
        "billing.yaml", "currency: USD", "currency: [USD",
        "CFG001", "billing-config/billing.yaml:3:11", "close it with `]`",
    ),
    "unknown key": (
        "billing.yaml", "currency: USD", "currencie: USD",
        "CFG002 unknown key `currencie`", "billing-config/billing.yaml:3:1", "currency",
    ),
    "wrong type": (
        "billing.yaml", "percent: 30,", "percent: many,",
        "CFG003", "billing-config/billing.yaml:15:", "many",
    ),
    "unknown version": (
        BRASS_FILE, "version: 1", "version: 7",
        "CFG004", "billing-config/accounts/brass.yaml:1:", "write `version: 1`",
    ),
    "unknown product": (
        SERVICES_FILE, "product: datto-edr", "product: datto-erd",
        "CFG005", "billing-config/services/datto-edr.yaml:2:", "datto-edr",
    ),
    "unknown metric": (
        SERVICES_FILE, "metric: total-devices", "metric: totaldevices",
        "CFG006", "billing-config/services/datto-edr.yaml:6:", "total-devices",
    ),
    "unknown policy": (
        BRASS_FILE, "endpoint: {}", "endpoint: {policy: weekly}",
        "CFG007", "billing-config/accounts/brass.yaml:9:", "take one of `daily`",
    ),
    "unknown service": (
        BRASS_FILE, "endpoint: {}", "endpont: {}",
        "CFG008", "billing-config/accounts/brass.yaml:9:", "endpoint",
    ),
    "one organization, two accounts": (
        COBALT_FILE, "datto-edr: Cobalt Communications Inc.", f"datto-edr: {BRASS}",
        "CFG009", "billing-config/accounts/cobalt.yaml:5:", "leave it in one place",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_mistake_stops_the_run_with_its_place_and_remedy(
    shop: Shop, mistake: str, command: str
) -> None:
    file, old, new, code, where, remedy = MISTAKES[mistake]
    shop.edit(file, old, new)
    told(shop(command), 1, code, where, remedy)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_validate_lists_it_too(shop: Shop, mistake: str) -> None:
    file, old, new, code, where, _ = MISTAKES[mistake]
    shop.edit(file, old, new)
    shown = shop("validate", "--format", "json")
    assert shown.code == 1
    assert code.split()[0] in shown.out
    assert where.split(":")[0] in shown.out


def test_every_mistake_is_told_at_once(shop: Shop) -> None:
    shop.edit(BRASS_FILE, "endpoint: {}", "endpont: {}")
    shop.edit(COBALT_FILE, "version: 1", "version: 7")
    told(shop("plan"), 1, "2 problems in the configuration", "cobalt.yaml", "reconciler validate")


def test_a_configuration_directory_that_is_missing(shop: Shop) -> None:
    told(shop("plan", "--config", "nowhere"), 1, "nowhere is not there", "CFG012", "check the path")


def test_a_path_that_is_no_configuration_says_which_folder_is_meant(shop: Shop) -> None:
    for given, why in (
        ("billing-config/billing.yaml", "billing.yaml is a file"),
        ("billing-config/accounts", "accounts has no billing.yaml"),
    ):
        shown = shop("plan", "--config", given)
        told(shown, 1, why, "CFG012", "--config takes the folder that has billing.yaml")


def test_a_directory_where_a_file_should_be(shop: Shop) -> None:
    (shop.config / BRASS_FILE).unlink()
    (shop.config / BRASS_FILE).mkdir()
    told(shop("plan"), 1, "CFG012", "accounts/brass.yaml", "check the path and its permissions")


def test_a_link_to_nothing(shop: Shop) -> None:
    (shop.config / "accounts" / "gone.yaml").symlink_to(shop.folder / "gone")
    told(shop("plan"), 1, "CFG012", "accounts/gone.yaml", "check the path and its permissions")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(shop: Shop) -> None:
    (shop.config / BRASS_FILE).chmod(0)
    told(shop("plan"), 1, "CFG012", "accounts/brass.yaml", "permissions")


def test_an_account_that_the_configuration_lacks(shop: Shop) -> None:
    told(shop("plan", "--account", "Brass"), 2, "no account 'Brass'", "account", BRASS)


@pytest.mark.parametrize("name", ["BMS_USERNAME", "BMS_PASSWORD"])
def test_a_secret_that_is_not_set(shop: Shop, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    told(
        shop("plan"), 1, f"CFG013 environment variable {name} is not set", "billing.yaml:", "set it"
    )


def test_two_contracts_that_fit_one_name_on_one_day_need_a_person(shop: Shop) -> None:
    account = shop.sandbox.ui.read_units()[0].account_id
    shop.sandbox.add_contract(account, "Managed Services", date(2026, 6, 1), date(2028, 5, 31))
    shown = shop("plan")
    assert shown.code == 3
    told_text = " ".join(shown.out.split())
    assert "BMS004 Contract name fits two contracts" in told_text
    assert BRASS in told_text
    assert "write the id of the right one: `contract: {id: ..., name: ...}`" in told_text


def test_accounts_that_are_no_folder(shop: Shop) -> None:
    rmtree(shop.config / "accounts")
    (shop.config / "accounts").write_text("", encoding="utf-8")
    told(shop("plan"), 1, "CFG", "billing-config/accounts:", "")


def test_the_path_of_a_ledger_under_a_file(shop: Shop) -> None:
    (shop.folder / "file").write_text("", encoding="utf-8")
    shown = shop("plan", "--ledger", str(Path("file") / "ledger.db"))
    told(shown, 1, "ledger", "file/ledger.db", "")
