from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reconciler.findings import finding
from reconciler.model.acceptance import Acceptance, Rest
from reconciler.model.finding import Finding, Subject
from reconciler.model.ledgered import KnownFact
from reconciler.model.plan import Plan
from reconciler.report.drift_text import dumps, leaves_open, render, taken_over
from tests.report.example import CHANGES, IN_STEP, PLAN
from tests.report.screen import console, shown


def text(plan: Plan) -> str:
    terminal = console()
    render(plan, terminal)
    return shown(terminal)


def on(contract: str, code: str) -> Finding:
    return finding(code, "what happened", subject=Subject(account="Brass", contract=contract))


def test_in_step_is_one_sentence() -> None:
    assert text(IN_STEP) == "No drift: 165 contracts are as they were agreed.\n"


def test_one_contract_is_one() -> None:
    plan = replace(IN_STEP, checked=replace(IN_STEP.checked, contracts=1))
    assert text(plan).startswith("No drift: 1 contract is as it was agreed.")


def test_nothing_looked_at_is_not_no_drift() -> None:
    plan = replace(IN_STEP, checked=replace(IN_STEP.checked, contracts=0))
    assert text(plan).startswith("No contract was looked at.")


def test_contracts_are_counted_and_not_findings() -> None:
    found = (on("A", "KNW005"), on("A", "KNW005"), on("B", "KNW002"))
    assert text(replace(IN_STEP, findings=found)).startswith("2 of 165 contracts need a person")


@pytest.mark.parametrize("code", ["KNW001", "KNW002", "KNW005", "KNW009", "KNW011", "BMS003"])
def test_what_drifted_or_cannot_be_compared_leaves_the_question_open(code: str) -> None:
    assert leaves_open(replace(IN_STEP, findings=(on("A", code),)))


@pytest.mark.parametrize("code", ["KNW003", "KNW004", "BMS010", "GRD001", "USG012"])
def test_what_was_taken_over_or_is_not_about_drift_leaves_nothing_open(code: str) -> None:
    assert not leaves_open(replace(IN_STEP, findings=(on("A", code),), verdict="person-needed"))


def test_every_finding_has_its_remedy_and_the_money_that_waits() -> None:
    told = text(PLAN)
    assert told.count("what to do:") == 3
    assert "money that waits: +66.00 USD per month" in told


def test_unknown_units_are_not_called_agreed() -> None:
    told = text(replace(IN_STEP, findings=(on("A", "KNW001"),)))
    assert told.startswith("1 of 165 contracts cannot be compared: nobody knows their units yet.")
    assert "`reconciler plan` shows what and why." in told


def test_what_else_waits_is_counted() -> None:
    told = " ".join(text(PLAN).split())
    assert "6 changes from usage or configuration wait." in told


def test_a_name_cannot_command_the_terminal() -> None:
    hostile = finding("KNW002", "\x1b[2J of Brass", subject=Subject(account="Brass"))
    assert "\x1b" not in text(replace(IN_STEP, findings=(hostile,)))


def test_json_has_only_what_is_about_hand_edits() -> None:
    document = json.loads(dumps(PLAN))
    assert {one["code"] for one in document["findings"]} == {"KNW002", "KNW005", "BMS010"}
    assert document["findings"][0]["money_waiting"] == "66.00"
    assert document["changes_waiting"] == 6


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (Rest(Decimal(1843)), "1,843.00 USD of its total is left for lines that the"),
        (Rest(Decimal(1843), Decimal(1843), date(2026, 11, 23)), "not name, as agreed before"),
        (
            Rest(Decimal(1843), Decimal(1121), date(2026, 11, 23)),
            "does not name: +722.00 USD against the 1,121.00 agreed on 2026-11-23",
        ),
    ],
)
def test_what_is_left_for_lines_of_others_is_told_with_what_it_was(rest: Rest, told: str) -> None:
    assert told in taken_over("5006", Acceptance((), rest, "USD"))


def test_a_contract_without_lines_of_others_leaves_none() -> None:
    assert taken_over("5006", Acceptance((), None, "USD")).endswith("no line's units were given")


@pytest.mark.parametrize(
    ("also", "told"),
    [
        (("b from 8 to 13",), "and may as well come of b from 8 to 13: look at BMS once more"),
        (("a", "b", "c", "d", "e"), "of a or b or c or 2 more: look at BMS once more, and if"),
    ],
)
def test_a_total_that_other_units_fit_is_called_no_proof(also: tuple[str, ...], told: str) -> None:
    said = taken_over("5006", Acceptance((), None, "USD", also))
    assert "its total does not prove these units, and may as well" in said
    assert told in said


def test_units_that_the_next_run_sets_again_are_told_with_how_to_keep_them() -> None:
    fact = KnownFact(CHANGES[0].line.key, 1, date(2026, 11, 23), "set", 12, "accepted")
    change = replace(CHANGES[0], units_before=12, units_after=1_000)
    said = taken_over("5006", Acceptance((fact,), None, "USD", back=(change,)))
    assert f"the next run sets {change.line.service} to 1,000 again, since" in said
    assert "to keep what BMS has, fix the units before that" in said
    assert "again" not in taken_over("5006", Acceptance((fact,), None, "USD"))
