from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.findings import finding
from reconciler.model.plan import Standing, TrueUp
from reconciler.report.sentences import (
    assumed,
    basis,
    checked,
    headline,
    next_steps,
    section_title,
    short,
    undone_again,
    weaknesses,
)
from tests.report.example import CHANGES, FINDINGS, IN_STEP, NOTHING_CHECKED, PLAN


def test_the_headline_says_money_changes_accounts_and_what_waits() -> None:
    assert headline(PLAN) == (
        "6 changes on 3 accounts: 626.92 USD less billed per month, and -334.35 USD prorated up"
        " to the end of the current period. 1 of them waits for approval, +44.00 USD per month."
        " 3 other changes wait for a person, +5,140.00 USD per month."
        " Not in that: 1 scheduled change from 2026-12-01 on, -10.00 USD per month."
    )


def test_nothing_checked_is_never_in_step() -> None:
    assert headline(NOTHING_CHECKED).startswith("Nothing was checked")
    assert "In step" not in headline(NOTHING_CHECKED)


def test_in_step_says_how_much_was_looked_at() -> None:
    assert headline(IN_STEP) == "In step: 2,400 lines were looked at, and nothing is to change."


def test_a_block_without_changes_is_not_called_in_step() -> None:
    plan = replace(IN_STEP, verdict="person-needed", findings=FINDINGS[2:4])
    assert headline(plan) == "2 findings need a person."


@pytest.mark.parametrize(
    ("monthly", "said"),
    [("10", "10.00 USD more billed"), ("-10", "10.00 USD less billed"), ("0", "no difference")],
)
def test_the_direction_is_said_in_words(monthly: str, said: str) -> None:
    totals = replace(PLAN.totals, monthly=Decimal(monthly))
    assert said in headline(replace(PLAN, totals=totals))


def test_what_weakens_the_numbers_is_named() -> None:
    looked = replace(PLAN.checked, sources_stale=2)
    assert weaknesses(looked) == (
        "Incomplete: 9 lines without a complete count, 1 organization without an account"
        " and 2 sources failed or too old."
    )
    assert weaknesses(IN_STEP.checked) is None


def test_the_lines_without_a_change_are_counted_where_a_plan_is_about_all_lines() -> None:
    assert "2,389 of 2,400 lines have no change" in checked(PLAN)
    for other in (replace(PLAN, changes=()), replace(PLAN, corrects=("7F3A9C",))):
        assert not any("no change" in sentence for sentence in checked(other))


def test_checked_names_the_newest_day() -> None:
    assert "up to 2026-11-21" in checked(PLAN)[0]
    assert "up to no day yet" in checked(NOTHING_CHECKED)[0]


def test_the_basis_names_everything_the_plan_rests_on() -> None:
    said = basis(PLAN)
    for part in ("2026-11-22", "abababababab", "3d3c42e5aac5", "121212121212", "cdcdcdcdcdcd"):
        assert part in said
    assert "commit" not in basis(replace(PLAN, commit=None))


def test_assumptions_under_the_money_and_unusual_ones_are_named() -> None:
    assert assumed(PLAN) == (
        "Assumed, since BMS does not document it: change_day billed, day_count actual,"
        " line_update append, negative_units refused, page_cap 50, part_period prorated,"
        " total_price effective."
    )


def test_an_assumption_without_a_value_is_said_to_be_not_set() -> None:
    plan = replace(PLAN, assumptions={"negative_units": None, "line_update": "append"})
    assert "line_update append, negative_units not set" in assumed(plan)


@pytest.mark.parametrize(
    ("standing", "commands"),
    [
        (
            "held",
            (
                "reconciler plan --out plan.json",
                'reconciler approve --plan plan.json --reason "..."',
            ),
        ),
        ("proposed", ("reconciler plan --out plan.json", "reconciler apply plan.json")),
        ("ready", ("reconciler apply",)),
        ("by-hand", ()),
    ],
)
def test_each_standing_has_its_next_step(standing: Standing, commands: tuple[str, ...]) -> None:
    plan = replace(IN_STEP, changes=(replace(CHANGES[0], standing=standing),))
    (step,) = next_steps(plan)
    assert step.commands == commands


@pytest.mark.parametrize("standing", ["scheduled", "observed"])
def test_what_needs_nobody_asks_for_nothing(standing: Standing) -> None:
    plan = replace(IN_STEP, changes=(replace(CHANGES[0], standing=standing),))
    assert [step.what for step in next_steps(plan)] == ["Nothing to do."]


def test_findings_that_block_are_the_first_step() -> None:
    assert "needing a person" in next_steps(PLAN)[0].what


def test_a_section_title_counts_and_sums() -> None:
    money = replace(CHANGES[0].money, monthly=Decimal("-5"))
    title = section_title("Held", [replace(CHANGES[0], money=money)], "JPY")
    assert title == "Held: 1 change, -5 JPY per month"


def test_a_short_digest_tells_plans_apart() -> None:
    assert short("sha256:0123456789abcdef") == "0123456789ab"


def test_a_source_that_fell_silent_needs_a_person_though_it_blocks_nothing() -> None:
    silent = finding("USG002", "rocketcyber: no reading that is recent enough of Teal Tech Inc.")
    plan = replace(IN_STEP, verdict="person-needed", findings=(silent,))
    assert headline(plan) == "1 finding needs a person."
    assert "needing a person" in next_steps(plan)[0].what


def test_beside_what_waits_for_approval_only_what_is_ready_is_offered_to_be_written() -> None:
    both = (replace(CHANGES[0], standing="ready"), replace(CHANGES[0], standing="proposed"))
    assert next_steps(replace(IN_STEP, changes=both))[-1].commands == (
        "reconciler apply --unattended",
    )


def test_the_next_command_writes_what_was_planned_and_nothing_else() -> None:
    ready = tuple(replace(change, standing="ready") for change in PLAN.changes[:1])
    plan = replace(PLAN, changes=ready, findings=(), true_up=None)
    step, _ = next_steps(plan)
    assert step.commands == ("reconciler apply",)
    (step,) = next_steps(replace(plan, corrects=("AB12", "CD34")))
    assert step.commands == ("reconciler apply --correct AB12 --correct CD34",)
    (step,) = next_steps(replace(plan, true_up=TrueUp("2026-11", None, "UTC")))
    assert step.commands == (
        "reconciler plan --true-up 2026-11 --out plan.json",
        "reconciler apply plan.json",
    )


def test_usage_that_nobody_is_billed_for_is_something_to_do() -> None:
    unmapped = replace(IN_STEP, checked=replace(IN_STEP.checked, organizations_unmapped=1))
    (step,) = next_steps(unmapped)
    assert step.what.startswith("Map what has usage and no account")
    assert [step.what for step in next_steps(unmapped, ("Ember",))] == ["Nothing to do."]


def test_the_next_command_keeps_to_the_accounts_that_were_planned() -> None:
    ready = tuple(replace(change, standing="ready") for change in PLAN.changes[:1])
    plan = replace(PLAN, changes=ready, findings=())
    (step,) = next_steps(plan, ("Denim Dental", "Ember"))
    assert step.commands == ("reconciler apply --account 'Denim Dental' --account Ember",)
    waits = tuple(replace(change, standing="proposed") for change in ready)
    (step,) = next_steps(replace(plan, changes=waits), ("Ember",))
    assert step.commands[0] == "reconciler plan --account Ember --out plan.json"


def test_what_is_scheduled_is_said_beside_the_sums_of_today() -> None:
    later = tuple(change for change in CHANGES if change.standing == "scheduled")
    assert headline(replace(IN_STEP, changes=later)) == (
        "In step: 2,400 lines were looked at, and nothing is to change today. Later: 1"
        " scheduled change from 2026-12-01 on, -10.00 USD per month."
    )
    forecast = replace(CHANGES[0], standing="scheduled", because=("TRU001",))
    assert headline(replace(IN_STEP, changes=(*later, forecast))).endswith(
        " Later: 1 scheduled change from 2026-12-01 on, -10.00 USD per month; 1 change that waits"
        " until the month is over, +88.00 USD per month."
    )


def test_a_correction_says_that_the_next_apply_may_write_it_again() -> None:
    assert undone_again(PLAN) is None
    told = undone_again(replace(PLAN, corrects=("AB12",))) or ""
    assert "the next plan has these changes again" in told


def test_a_new_name_in_bms_is_something_to_do() -> None:
    renamed = replace(IN_STEP, findings=(finding("BMS010", "the account has another name"),))
    (step,) = next_steps(renamed)
    assert step.what.startswith("Write the new names that BMS has")


def test_against_another_commit_nothing_is_said_of_bms() -> None:
    against = replace(IN_STEP, base="0123456789abcdef")
    assert headline(against) == (
        "Against 0123456789ab, 2,400 lines were looked at, and no change comes of this"
        " configuration."
    )


@pytest.mark.parametrize(
    ("ready", "proposed", "said"),
    [
        (0, 1, ". It waits for approval."),
        (0, 2, ". All of them wait for approval."),
        (1, 1, ". 1 of them waits for approval, +38.00 USD per month."),
        (1, 2, ". 2 of them wait for approval, +76.00 USD per month."),
        (2, 0, " period."),
    ],
)
def test_what_waits_for_approval_is_in_the_first_sentences(
    ready: int, proposed: int, said: str
) -> None:
    money = replace(CHANGES[0].money, monthly=Decimal(38))
    one = replace(CHANGES[0], money=money)
    changes = [replace(one, standing="ready")] * ready
    changes += [replace(one, standing="proposed")] * proposed
    plan = replace(IN_STEP, changes=tuple(changes), verdict="changes")
    plan = replace(plan, totals=replace(plan.totals, changes=len(changes)))
    assert headline(plan).endswith(said)
    assert headline(replace(plan, base="0123456789abcdef")).endswith(" period.")


def test_what_is_held_beside_what_waits_for_approval_is_told_as_other_changes() -> None:
    changes = (replace(CHANGES[0], standing="proposed"), replace(CHANGES[0], standing="held"))
    totals = replace(IN_STEP.totals, changes=1, waiting_changes=1)
    plan = replace(IN_STEP, changes=changes, verdict="person-needed", totals=totals)
    assert "It waits for approval. 1 other change waits for a person, " in headline(plan)
