from __future__ import annotations

import json
import re

import pytest

from reconciler.cli.commands.drift import command
from tests.cli.shop import BRASS, COBALT, Shop


@pytest.fixture
def edited(shop: Shop) -> Shop:
    """In step; then somebody gives Cobalt five endpoints more by hand."""
    shop.calm()
    shop("apply", "--yes")
    row = shop.row(COBALT, "Protected Endpoint")
    assert shop("sandbox", "edit", str(row), "25").code == 0
    return shop


def test_in_step_has_no_drift(shop: Shop) -> None:
    shop.calm()
    shop("apply", "--yes")
    shown = shop("drift")
    assert (shown.code, shown.out) == (0, "No drift: 2 contracts are as they were agreed.\n")


def test_waiting_changes_are_named_and_10_where_asked_for(shop: Shop) -> None:
    shop.calm()
    shown = shop("drift", "--detailed-exitcode")
    assert shown.code == 10
    assert "2 changes from usage or configuration wait." in shown.out
    assert "`reconciler plan` shows what and why." in shown.out


def test_what_the_plan_has_for_a_person_is_no_drift(shop: Shop) -> None:
    assert shop("plan").code == 3
    shown = shop("drift")
    assert shown.code == 0
    assert shown.out.startswith("No drift: 2 contracts are as they were agreed.")
    assert "`reconciler plan` shows what and why." in " ".join(shown.out.split())
    assert shop("drift", "--detailed-exitcode").code == 10


def test_a_contract_that_somebody_switched_off_is_not_called_agreed(shop: Shop) -> None:
    contract = next(r.contract_id for r in shop.sandbox.ui.read_units() if r.account == COBALT)
    shop.sandbox.ui.deactivate_contract(contract)
    shown = shop("drift")
    assert shown.code == 3
    assert "1 contract of the configuration could not be looked at in BMS." in shown.out
    assert "BMS00" in shown.out


def test_help_says_what_3_stands_for(shop: Shop) -> None:
    assert "drifted, is in doubt, does not close its total" in " ".join(
        shop("drift", "--help").out.split()
    )


def test_unknown_units_are_not_called_agreed(new_shop: Shop) -> None:
    new_shop("usage", "pull")
    shown = new_shop("drift")
    assert shown.code == 3
    assert "1 of 2 contracts cannot be compared" in shown.out
    assert "No drift" not in shown.out
    assert "`reconciler plan` shows what and why." in " ".join(shown.out.split())


def test_a_hand_edit_is_3_with_its_size_and_the_command_to_take_it_over(edited: Shop) -> None:
    shown = edited("drift")
    assert shown.code == 3
    assert "1 of 2 contracts needs a person: BMS is not as it was agreed." in shown.out
    told = " ".join(shown.out.split())
    assert f"Managed Services of {COBALT}: its total is +25.00 USD off" in told
    assert "\n     reconciler drift --accept" in shown.out, "on a line of its own, to be copied"


def test_the_command_it_shows_takes_the_edit_over(edited: Shop) -> None:
    told = " ".join(edited("drift").out.split())
    found = re.search(r"--accept (\d+) --units (\S+=\d+) --reason", told)
    assert found is not None
    done = edited("drift", "--accept", found[1], "--units", found[2], "--reason", "by phone")
    assert done.code == 0
    assert "took over" in done.out
    assert "look at the next invoice" in done.out
    assert "No drift" in edited("drift").out


def test_nothing_is_written_to_a_contract_that_drifted(edited: Shop) -> None:
    edited.edit("accounts/cobalt.yaml", "endpoint: {}", "endpoint: {minimum: 30}")
    edited("apply", "--yes")
    before = edited.sandbox.ui.read_units()
    edited("apply", "--yes")
    assert edited.sandbox.ui.read_units() == before


def test_json_names_contract_and_remedy(edited: Shop) -> None:
    shown = edited("drift", "--format", "json")
    (found,) = json.loads(shown.out)["findings"]
    assert (found["code"], found["account"]) == ("KNW002", COBALT)
    assert "--accept" in found["remedy"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--units", "endpoint=3"), "go with --accept CONTRACT"),
        (("--accept", "1"), "need --reason"),
        (("--accept", "1", "--units", "endpoint"), "is not SERVICE=UNITS, such as managed-server"),
        (("--accept", "1", "--units", f"endpoint={'9' * 5000}"), "is not SERVICE=UNITS"),
        (("--accept", "1", "--units", "endpoint=3_1"), "is not SERVICE=UNITS"),
        (("--accept", "1", "--units", "a=1", "--units", "a=2"), "'a' is named twice"),
        (("--accept", "1", "--others", "1e30"), "is not an amount such as 1240.50"),
        (("--accept", "1", "--others", "3_1"), "is not an amount such as 1240.50"),
        (("--accept", " # "), "say which contract"),
        (("--as-of", "yesterday"), "is not a day such as 2026-11-23"),
    ],
)
def test_wrong_usage_is_2(shop: Shop, arguments: tuple[str, ...], told: str) -> None:
    shown = shop("drift", *arguments)
    assert shown.code == 2
    assert told in " ".join(shown.err.split())


def test_a_name_of_several_contracts_lists_their_ids(edited: Shop) -> None:
    done = edited("drift", "--accept", "Managed Services", "--reason", "x")
    assert done.code == 2
    assert re.search(rf"several contracts: \d+ of {BRASS}, \d+ of {re.escape(COBALT)}", done.err)
    assert "what to do: give the contract's id" in done.err


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("SIRIS Device=6; Mailbox=97", {"SIRIS Device": 6, "Mailbox": 97}),
        (" a = 1 ;b=2;", {"a": 1, "b": 2}),
        ("Tier 1; Gold=5", {"Tier 1; Gold": 5}),
        ("x=y=3", {"x=y": 3}),
    ],
)
def test_several_units_may_stand_in_one_field(written: str, units: dict[str, int]) -> None:
    asked = command.make_context("drift", ["--accept", "1", "--units", written, "--reason", "x"])
    assert asked.params["units"] == units


def test_units_that_do_not_close_the_total_are_refused(edited: Shop) -> None:
    told = " ".join(edited("drift").out.split())
    found = re.search(r"--accept (\d+)", told)
    assert found is not None
    done = edited("drift", "--accept", found[1], "--units", "endpoint=24", "--reason", "x")
    assert done.code == 1
    assert "with these units the contract's total would be 120.00 USD, and BMS shows" in done.err
    assert "what to do: read the units" in done.err


def test_a_service_the_contract_lacks_names_those_it_has(edited: Shop) -> None:
    told = " ".join(edited("drift").out.split())
    found = re.search(r"--accept (\d+)", told)
    assert found is not None
    done = edited("drift", "--accept", found[1], "--units", "endpont=25", "--reason", "x")
    assert done.code == 2
    assert "has no service 'endpont'" in done.err
    assert "where: --units" in done.err
    assert "did you mean `endpoint`?" in done.err
