from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from tests.cli.bad import told
from tests.cli.shop import BRASS, COBALT, Shop

SCHEMA = Path(__file__).parents[3] / "schemas" / "plan.schema.json"


def test_what_waits_for_a_person_is_3_and_says_what_to_do(shop: Shop) -> None:
    shown = shop("plan")
    assert shown.code == 3
    assert "Held: 1 change, +30.00 USD per month" in shown.out
    assert "Waiting for approval: 1 change, +5.00 USD per month" in shown.out
    assert "Ready to be written: 1 change, +10.00 USD per month" in shown.out
    assert 'reconciler approve --plan plan.json --reason "..."' in shown.out


def test_changes_are_0_or_10_where_it_was_asked_for(shop: Shop) -> None:
    shop.calm()
    assert shop("plan").code == 0
    assert shop("plan", "--detailed-exitcode").code == 10


def test_in_step_is_0_either_way(shop: Shop) -> None:
    shop.calm()
    shop("apply", "--yes")
    shown = shop("plan", "--detailed-exitcode")
    assert shown.code == 0
    assert "In step: 3 lines were looked at" in shown.out


def test_a_person_needed_wins_over_changes(shop: Shop) -> None:
    assert shop("plan", "--detailed-exitcode").code == 3


def test_nothing_read_yet_is_3_and_names_the_commands(new_shop: Shop) -> None:
    shown = new_shop("plan")
    assert shown.code == 3
    assert "Nothing was checked, which is not the same as being in step." in shown.out
    assert "reconciler usage pull" in shown.out


def test_unknown_units_name_the_two_commands_that_help(new_shop: Shop) -> None:
    new_shop("usage", "pull")
    shown = new_shop("plan")
    assert shown.code == 3
    told = " ".join(shown.out.split())
    assert "`reconciler baseline --template > units.csv`" in told
    assert "`reconciler baseline --import units.csv`" in told


def test_json_is_valid_against_the_schema_and_the_same_twice(shop: Shop) -> None:
    first, second = shop("plan", "--format", "json"), shop("plan", "--format", "json")
    assert first.out == second.out
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = json.loads(first.out)
    jsonschema.validate(document, schema, format_checker=jsonschema.FormatChecker())
    assert len(document["changes"]) == 3


def test_text_is_the_same_twice(shop: Shop) -> None:
    assert shop("plan").out == shop("plan").out


def test_an_offline_plan_of_the_same_day_is_the_same(shop: Shop) -> None:
    online = shop("plan", "--format", "json").out
    offline = shop("plan", "--format", "json", "--offline").out
    assert json.loads(offline)["changes"] == json.loads(online)["changes"]


def test_one_account_alone(shop: Shop) -> None:
    shown = json.loads(shop("plan", "--account", COBALT, "--format", "json").out)
    assert {change["line"]["account"] for change in shown["changes"]} == {COBALT}


def test_an_earlier_day_looks_no_further(shop: Shop) -> None:
    shown = json.loads(shop("plan", "--as-of", "2026-11-10", "--format", "json").out)
    assert shown["as_of"] == "2026-11-10"
    assert shown["changes"] == []


def test_markdown_is_for_the_pull_request(shop: Shop) -> None:
    shown = shop("plan", "--format", "markdown")
    assert shown.code == 3
    assert shown.out.startswith("#")
    assert BRASS in shown.out


def test_a_saved_plan_is_the_json_one(shop: Shop) -> None:
    shop("plan", "--out", "plan.json")
    saved = (shop.folder / "plan.json").read_text(encoding="utf-8")
    assert saved == shop("plan", "--format", "json").out


def test_a_plan_writes_nothing_to_bms(shop: Shop) -> None:
    before = shop.sandbox.ui.read_units()
    shop("plan")
    assert shop.sandbox.ui.read_units() == before


def test_a_true_up_without_lines_set_at_month_end_checked_nothing(shop: Shop) -> None:
    shown = shop("plan", "--true-up", "2026-11")
    assert shown.code == 3
    assert "Nothing was checked" in shown.out


def test_a_month_before_billing_starts_is_told(shop: Shop) -> None:
    told(
        shop("plan", "--true-up", "2026-10"),
        2, "2026-10 is before billing starts", "--true-up", "a month from 2026-11 on",
    )  # fmt: skip


def test_a_month_that_has_not_begun_or_is_none_is_refused(shop: Shop) -> None:
    assert "2099-01 has not begun" in shop("plan", "--true-up", "2099-01").err
    wrong = shop("plan", "--true-up", "November")
    assert wrong.code == 2
    assert "is not a month such as 2026-11" in wrong.err
