from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime

import pytest

from tests.cli.shop import BRASS, COBALT, Shop

DECEMBER = datetime(2026, 12, 1, 17, tzinfo=UTC)


@pytest.fixture
def november(shop: Shop) -> Shop:
    """Planned once, so that the ledger knows BMS; then November is over."""
    assert shop("plan").code == 3
    shop.clock.move_to(DECEMBER)
    return shop


def test_what_november_would_have_billed(november: Shop) -> None:
    result = november("simulate", "--from", "2026-11")
    assert (result.code, result.err) == (0, "")
    assert "USD was billed" in result.out
    assert "windows" in result.out


def test_json_is_data_and_money_is_exact(november: Shop) -> None:
    result = november("simulate", "--from", "2026-11", "--format", "json")
    lines = {(one["account"], one["service"]): one for one in json.loads(result.out)["lines"]}
    endpoint = lines[BRASS, "endpoint"]
    assert (endpoint["base"], endpoint["would"]) == ("50.00", "57.00")
    assert endpoint["days_missing"] == 8
    assert lines[COBALT, "endpoint"]["difference"] == "3.50"


def test_markdown_is_for_a_pull_request(november: Shop) -> None:
    result = november("simulate", "--from", "2026-11", "--format", "markdown")
    assert result.out.startswith("## Simulation: 2026-11: ")
    assert "<details>" in result.out


def test_one_account_alone(november: Shop) -> None:
    result = november("simulate", "--from", "2026-11", "--account", COBALT, "--format", "json")
    assert {one["account"] for one in json.loads(result.out)["lines"]} == {COBALT}


def test_two_configurations(november: Shop) -> None:
    shutil.copytree(november.config, november.folder / "base")
    november.edit("accounts/cobalt.yaml", "endpoint: {}", "endpoint: {minimum: 30}")
    result = november("simulate", "--from", "2026-11", "--against", "base", "--format", "json")
    document = json.loads(result.out)
    assert document["compared_with"] == "configuration"
    moved = {one["account"]: one for one in document["lines"] if one["difference"] != "0.00"}
    assert set(moved) == {COBALT}
    assert moved[COBALT]["would"] == "150.00"


def test_nothing_replayed_is_never_a_success(november: Shop) -> None:
    result = november("simulate", "--from", "2026-05", "--to", "2026-06")
    assert result.code == 3
    assert "Nothing of 2026-05 to 2026-06 could be replayed." in result.out
    assert "no complete reading" in result.out


@pytest.mark.parametrize("month", ["2026-13", "2026", "2026-11-01", "November"])
def test_a_month_is_a_year_and_a_month(shop: Shop, month: str) -> None:
    result = shop("simulate", "--from", month)
    assert result.code == 2
    assert "is not a month such as 2026-11" in result.err


def test_a_month_that_is_not_over_is_refused(shop: Shop) -> None:
    result = shop("simulate", "--from", "2026-11")
    assert result.code == 2
    assert "2026-11 is not over" in result.err


def test_without_a_ledger_there_is_nothing_to_replay(new_shop: Shop) -> None:
    result = new_shop("simulate", "--from", "2026-10")
    assert result.code == 1
    assert result.out == ""


def test_a_wrong_configuration_to_compare_with_is_told(november: Shop) -> None:
    asked = ("simulate", "--from", "2026-11", "--against")
    for folder, why in (("nowhere", "is not there"), ("usage", "has no billing.yaml")):
        (november.folder / "usage").mkdir(exist_ok=True)
        result = november(*asked, folder)
        assert result.code == 1
        assert f"error: {folder} {why}\n  where: --against\n" in result.err
        assert "--config" not in result.err
    (november.folder / "usage" / "billing.yaml").write_text("version: 1\n", "utf-8")
    result = november(*asked, "usage")
    assert (result.code, "CFG018" in result.err) == (1, True)
    assert "run `reconciler validate --config usage`" in result.err
