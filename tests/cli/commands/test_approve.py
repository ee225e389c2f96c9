from __future__ import annotations

import json
from dataclasses import replace

import pytest

from reconciler.cli.commands.approve import whole_lines
from reconciler.desired import load_checked
from reconciler.model.errors import WrongUsage
from reconciler.model.plan import LineRef
from tests.cli.shop import BRASS, Shop
from tests.engine.test_guards import change


def test_what_a_guard_holds_is_approved_in_a_file_and_then_written(shop: Shop) -> None:
    done = shop("approve", "--reason", "new office")
    assert done.code == 0
    assert "1 change approved in billing-config/approvals/2026-11.yaml" in done.out
    assert "commit and merge that file; the next apply without a saved plan writes it," in done.out
    assert shop("apply", "--yes").code == 0
    assert shop.units(BRASS, "Windows Endpoint") == 18


def test_the_file_is_valid_and_readable(shop: Shop) -> None:
    shop("approve", "--reason", "new office")
    text = (shop.config / "approvals" / "2026-11.yaml").read_text(encoding="utf-8")
    assert "reason: new office" in text
    assert "&" not in text
    assert load_checked(shop.config)[1] == ()


def test_from_a_saved_plan(shop: Shop) -> None:
    shop("plan", "--out", "plan.json")
    assert shop("approve", "--plan", "plan.json", "--reason", "x").code == 0
    assert shop("plan").code == 0


@pytest.mark.parametrize("saved", [True, False])
def test_an_account_that_nobody_has_is_an_error(shop: Shop, *, saved: bool) -> None:
    shop("plan", "--out", "plan.json")
    plan = ("--plan", "plan.json") if saved else ()
    done = shop("approve", *plan, "--account", BRASS[:-1], "--reason", "x")
    assert done.code == 2
    assert f"no account {BRASS[:-1]!r} in the configuration" in done.err
    assert f"what to do: did you mean {BRASS!r}?" in done.err
    assert not (shop.config / "approvals").exists()


def test_an_account_without_a_change_in_a_saved_plan_has_nothing_to_approve(shop: Shop) -> None:
    shop.calm()
    shop("plan", "--out", "plan.json")
    done = shop("approve", "--plan", "plan.json", "--account", BRASS, "--reason", "x")
    assert (done.code, done.out) == (0, "nothing waits for approval\n")


def test_by_id(shop: Shop) -> None:
    document = json.loads(shop("plan", "--format", "json").out)
    (held,) = [change["id"] for change in document["changes"] if change["standing"] == "held"]
    assert "1 change approved" in shop("approve", held, "--reason", "x").out


def test_approving_twice_says_that_it_stands_already(shop: Shop) -> None:
    shop("plan", "--out", "plan.json")
    shop("approve", "--plan", "plan.json", "--reason", "x")
    again = shop("approve", "--plan", "plan.json", "--reason", "x")
    assert again.code == 0
    assert "approves them already" in again.out


def test_nothing_held_is_said(shop: Shop) -> None:
    shop.calm()
    done = shop("approve", "--reason", "x")
    assert (done.code, done.out) == (0, "nothing waits for approval\n")


def test_an_id_that_nothing_held_has_is_an_error(shop: Shop) -> None:
    done = shop("approve", "0123", "--reason", "x")
    assert done.code == 2
    assert "no change that waits for approval has the id 0123" in done.err
    assert "what to do: take the ids from `reconciler plan --format json`" in done.err


def test_a_reason_is_required(shop: Shop) -> None:
    assert shop("approve").code == 2


@pytest.mark.parametrize("reason", ["", "  ", "\n\t", "..."])
def test_a_blank_reason_is_none(shop: Shop, reason: str) -> None:
    done = shop("approve", "--reason", reason)
    assert done.code == 2
    assert "say why in a few words" in done.err
    assert not (shop.config / "approvals").exists()


def test_a_reason_that_no_file_can_have_is_told_as_that(shop: Shop) -> None:
    done = shop("approve", "--reason", "as ${{ github.actor }} said")
    assert done.code == 2
    assert "a reason cannot have ${ in it" in done.err
    assert not (shop.config / "approvals").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"units_after": 18', '"units_after": 28'),
        ('"GRD001"', '"GRD002"'),
        ('"account": "Brass', '"account": "Prime'),
        ('"monthly": "', '"monthly": "1'),
    ],
)
def test_a_plan_edited_after_it_was_made_is_refused(shop: Shop, old: str, new: str) -> None:
    shop("plan", "--out", "plan.json")
    file = shop.folder / "plan.json"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    done = shop("approve", "--plan", "plan.json", "--reason", "x")
    assert done.code == 1
    assert "the plan's file was changed after it was made" in done.err
    assert not (shop.config / "approvals").exists()


def test_a_step_is_not_approved_without_the_others_of_its_line() -> None:
    line = LineRef(1, "Brass", 10, "MSA", 100, "Workstation", "workstation")
    held = [replace(change(name, 10, 20), line=line, standing="held") for name in ("a", "b")]
    with pytest.raises(WrongUsage, match="other steps wait too: b"):
        whole_lines(held[:1], held)
    whole_lines(held, held)
