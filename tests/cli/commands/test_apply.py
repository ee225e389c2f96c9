from __future__ import annotations

import json
import os
import socket
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from reconciler.cli.main import cli
from tests.cli.shop import BRASS, COBALT, Shop


def test_a_saved_plan_is_applied_as_it_stands(shop: Shop) -> None:
    shop.calm()
    shop("plan", "--out", "plan.json")
    done = shop("apply", "plan.json", "--yes")
    assert done.code == 0
    assert "2 of 2 changes written, +15.00 USD per month." in done.out
    assert shop.units(BRASS, "Protected Endpoint") == 12
    assert shop.units(COBALT, "Protected Endpoint") == 21


def test_each_change_is_named_before_it_is_written(shop: Shop) -> None:
    shop.calm()
    told = shop("apply", "--yes").err
    assert "Writing 2 changes to BMS" in told
    assert f"1/2 {BRASS} / Managed Services / endpoint: 10 -> 12 from 2026-11-10" in told


def test_the_lease_says_which_process_holds_it(shop: Shop) -> None:
    shop("apply", "--yes", "--who", "maria")
    with closing(sqlite3.connect(shop.folder / ".reconciler" / "ledger.db")) as ledger:
        (holder,) = ledger.execute("SELECT holder FROM lease ORDER BY number DESC").fetchone()
    assert holder.startswith("maria (")
    assert f"process {os.getpid()} on {socket.gethostname()}" in holder


def test_a_plan_applied_twice_writes_once(shop: Shop) -> None:
    shop.calm()
    shop("plan", "--out", "plan.json")
    shop("apply", "plan.json", "--yes")
    again = shop("apply", "plan.json", "--yes")
    assert again.code == 0
    assert "Nothing was to be written." in again.out
    assert "2 changes of the plan had been written before" in again.err
    assert shop.units(BRASS, "Protected Endpoint") == 12


def test_what_is_held_is_left_and_3_says_that_a_person_is_needed(shop: Shop) -> None:
    done = shop("apply", "--yes")
    assert done.code == 3
    assert "2 of 2 changes written" in done.out
    assert "`reconciler plan` shows it" in done.err
    assert shop.units(BRASS, "Windows Endpoint") == 8


def test_unattended_writes_only_what_needs_no_approval(shop: Shop) -> None:
    shop.calm()
    done = shop("apply", "--unattended")
    assert done.code == 0
    assert shop.units(BRASS, "Protected Endpoint") == 12
    assert shop.units(COBALT, "Protected Endpoint") == 20


def test_one_account_alone(shop: Shop) -> None:
    shop("apply", "--yes", "--account", COBALT)
    assert shop.units(BRASS, "Protected Endpoint") == 10
    assert shop.units(COBALT, "Protected Endpoint") == 21


@pytest.mark.parametrize(("answer", "units"), [("n\n", 10), ("\n", 10), ("y\n", 12)])
def test_nothing_is_written_without_a_yes(
    shop: Shop, answer: str, units: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.cli.commands.apply.attended", lambda: True)
    result = CliRunner().invoke(cli, ["apply"], input=answer)
    assert "Write 2 changes to BMS? [y/N]" in result.stderr
    assert "Waiting for approval" in result.stdout
    assert ("nothing was written" in result.stderr) == (units == 10)
    assert shop.units(BRASS, "Protected Endpoint") == units


def test_where_nobody_can_answer_the_options_are_named_before_anything_is_read(shop: Shop) -> None:
    shop.sandbox.faults.arm("http-429", times=100)
    result = CliRunner().invoke(cli, ["apply"], input="y\n")
    assert result.exit_code == 2
    assert "nobody is at a terminal to confirm; nothing was written" in result.stderr
    assert "--unattended" in result.stderr
    assert shop.units(BRASS, "Protected Endpoint") == 10


def test_json_tells_how_each_change_ended(shop: Shop) -> None:
    shop.calm()
    done = shop("apply", "--yes", "--format", "json")
    assert [entry["result"] for entry in json.loads(done.out)] == ["done", "done"]


def refuse(shop: Shop, account: str) -> None:
    """BMS refuses the next write to the account's contract."""
    contract = next(r.contract_id for r in shop.sandbox.ui.read_units() if r.account == account)
    assert shop("sandbox", "fault", "refuse", "--path", f"recurringservices/{contract}").code == 0


def test_a_write_that_bms_refuses_after_another_is_4(shop: Shop) -> None:
    shop.calm()
    refuse(shop, COBALT)
    done = shop("apply", "--yes")
    assert done.code == 4
    assert "1 of 2 changes written, +10.00 USD per month; 1 refused by BMS." in done.out
    assert f"- refused by BMS: {COBALT} / Managed Services / endpoint: 20 -> 21" in done.out
    assert "a refused write changed nothing; `reconciler rule APP001` tells" in done.err
    assert shop.units(COBALT, "Protected Endpoint") == 20


def test_what_bms_refused_is_written_by_the_next_run(shop: Shop) -> None:
    shop.calm()
    refuse(shop, COBALT)
    shop("apply", "--yes")
    again = shop("apply", "--yes")
    assert again.code == 0
    assert "1 of 1 change written, +5.00 USD per month." in again.out
    assert "refused" not in again.err
    assert shop.units(COBALT, "Protected Endpoint") == 21


def test_when_nothing_could_be_written_a_person_is_needed(shop: Shop) -> None:
    shop.calm()
    refuse(shop, COBALT)
    done = shop("apply", "--yes", "--account", COBALT)
    assert done.code == 3
    assert "0 of 1 change written" in done.out


def test_a_stale_plan_is_3_and_says_what_moved(shop: Shop) -> None:
    shop.calm()
    shop("plan", "--out", "plan.json")
    shop.edit("accounts/cobalt.yaml", "endpoint: {}", "endpoint: {minimum: 30}")
    done = shop("apply", "plan.json", "--yes")
    assert done.code == 3
    assert "what was reviewed is no longer what would be written" in done.err
    assert COBALT in done.err
    assert "what to do: make a new plan" in done.err
    assert shop.units(BRASS, "Protected Endpoint") == 10


def test_a_saved_plan_is_a_persons_and_never_unattended(shop: Shop) -> None:
    done = shop("apply", "plan.json", "--unattended")
    assert done.code == 2
    assert "leave out --unattended" in done.err


def test_a_write_is_taken_back_by_its_ref(shop: Shop) -> None:
    shop.calm()
    (ref,) = {
        entry["ref"] for entry in json.loads(shop("apply", "--yes", "--format", "json").out)[:1]
    }
    shown = shop("plan", "--correct", ref.lower())
    assert "correction" in shown.out
    (done,) = json.loads(shop("apply", "--correct", ref, "--yes", "--format", "json").out)
    assert done["result"] == "done"
    again = shop("apply", "--correct", ref, "--yes")
    assert again.code == 1
    assert "reversed it on" in again.err


def test_a_correction_is_asked_for_by_a_person_alone(shop: Shop) -> None:
    assert shop("apply", "--correct", "ABC", "--unattended").code == 2
    assert shop("plan", "--correct", "ABC", "--true-up", "2026-11").code == 2
    unknown = shop("plan", "--correct", "ABC")
    assert unknown.code == 2
    assert "no write has that ref" in unknown.err
