"""The workflows as they are, run step by step against a GitHub and a BMS on this machine."""

from __future__ import annotations

import json

import pytest

from reconciler.github import Marker
from tests.cli.shop import COBALT
from tests.github.api import TOKEN
from tests.workflows.stories import ENDPOINT, line
from tests.workflows.town import Town

pytestmark = pytest.mark.over_http


@pytest.fixture
def town(shared_town: Town) -> Town:
    return shared_town


def test_a_forks_pull_request_is_validated_and_sees_no_secret(town: Town) -> None:
    pushes = town.hub.pushes
    jobs = town.plan(town.propose(line("minimum: 25"), owner="mallory"))
    assert (jobs["validate"].result, jobs["plan"].result) == ("success", "skipped")
    for env in jobs["validate"].environments:
        assert not {"BMS_PASSWORD", "BMS_USERNAME", "GITHUB_TOKEN"} & set(env)
        assert TOKEN not in env.values()
    assert (town.hub.api.calls, town.hub.pushes) == ([], pushes)


def test_a_mistake_is_told_on_its_line_and_nothing_is_planned(town: Town) -> None:
    pull = town.propose(line("minimun: 25"))
    jobs = town.plan(pull)
    assert (jobs["validate"].result, jobs["plan"].result) == ("failure", "failure")
    assert "::error file=billing-config/accounts/cobalt.yaml,line=" in jobs["validate"].output
    status = town.hub.api.statuses[pull.head]
    assert (status["state"], status["description"]) == (
        "failure",
        "No plan: 1 problem in the configuration",
    )
    assert town.hub.api.bodies() == []


def test_a_minimum_is_planned_in_a_comment_merged_and_written(town: Town) -> None:
    before, pushes = town.ledger(), town.hub.pushes
    pull = town.propose(line("minimum: 25"))
    jobs = town.plan(pull)
    assert [job.result for job in jobs.values()] == ["success", "success"], jobs["plan"].output
    (body,) = town.hub.api.bodies()
    marker = Marker.find(body)
    assert marker is not None
    assert (marker.base, marker.head) == (pull.base, pull.head)
    assert "Merging this: 1 change on 1 account" in body
    assert "+20.00" in body
    assert jobs["plan"].summary.splitlines()[0] in body
    assert town.hub.api.statuses[pull.head]["description"] == (
        "+20.00 USD per month on 1 line of 1 account"
    )
    assert (town.ledger(), town.hub.pushes) == (before, pushes), "a plan only looks"
    assert town.units(COBALT, ENDPOINT) == 21
    assert json.loads(jobs["plan"].kept["plan.json"])["totals"]["changes"] == 1

    commit = town.merge(pull)
    job = town.push(commit)
    assert job.result == "success", job.output
    assert town.units(COBALT, ENDPOINT) == 25
    assert town.ledger() != before
    (body,) = town.hub.api.bodies()
    assert "✅ 1 of 1 change written, +20.00 USD per month." in body

    after = town.ledger()
    assert town.push(commit).result == "success"
    assert (town.units(COBALT, ENDPOINT), town.ledger()) == (25, after)


def test_the_form_of_explain_answers_in_the_summary(town: Town) -> None:
    pushes = town.hub.pushes
    job = town.form("explain", account=COBALT, service="endpoint", day="")["explain"]
    assert job.result == "success", job.output
    assert "total-devices" in job.summary
    assert town.hub.pushes == pushes


def test_what_is_typed_into_a_form_stays_text(town: Town) -> None:
    typed = (
        "--help $(touch hacked) `touch hacked` \"; touch hacked; '; touch hacked; ${{ secrets.X }}"
    )
    job = town.form("explain", account=typed, service=typed, day="")["explain"]
    assert job.result == "failure"
    assert "no account" in job.output
    assert "❌ no account" in job.summary
    assert not list(town.folder.rglob("hacked"))


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        (
            "explain",
            {"account": f"{COBALT}m", "service": "", "day": ""},
            ("no account", f"**What to do:** did you mean '{COBALT}'?"),
        ),
        (
            "explain",
            {"account": " ", "service": "", "day": ""},
            ("no account ' '", "**What to do:** take the name as it stands"),
        ),
        (
            "explain",
            {"account": COBALT, "service": "endpiont", "day": ""},
            ("endpiont", "**What to do:**"),
        ),
        (
            "explain",
            {"account": COBALT, "service": "", "day": "2026-11-31"},
            ("is not a day", "**Where:** day", "run the form again"),
        ),
        ("approve", {"pull": "9999", "reason": "x"}, ("9999", "**What to do:**")),
        ("approve", {"pull": "#7", "reason": "x"}, ("not a valid integer", "run the form again")),
        ("approve", {"pull": "7", "reason": " "}, ("say why in a few words", "**Where:** reason")),
        (
            "approve",
            {"pull": "7", "reason": "as ${{ github.actor }} said"},
            ("a reason cannot have ", "**Where:** reason", "run the form again"),
        ),
        ("true-up", {"month": "November"}, ("is not a month such as 2026-11", "**Where:** month")),
        ("true-up", {"month": "2030-01"}, ("has not begun", "**Where:** month")),
        ("baseline", {"file": "unit.csv"}, ("unit.csv",)),
        (
            "accept",
            {"contract": "1", "units": "endpoint", "others": "", "reason": "x"},
            ("is not SERVICE=UNITS", "**Where:** units", "run the form again"),
        ),
        (
            "accept",
            {"contract": "99", "units": "endpoint=1", "others": "", "reason": "x"},
            ("99", "**What to do:**"),
        ),
        (
            "accept",
            {"contract": "", "units": "endpoint=1", "others": "", "reason": "x"},
            ("say which contract", "**Where:** contract", "run the form again"),
        ),
        (
            "accept",
            {"contract": "1", "units": "a=1; a=2", "others": "", "reason": "x"},
            ("named twice", "**Where:** units"),
        ),
        (
            "accept",
            {"contract": "1", "units": "", "others": "1e999999", "reason": "x"},
            ("is not an amount", "**Where:** others"),
        ),
    ],
)
def test_what_is_mistyped_in_a_form_is_answered_on_the_page(
    town: Town, name: str, typed: dict[str, str], told: tuple[str, ...]
) -> None:
    (job,) = town.form(name, **typed).values()
    assert job.result == "failure"
    assert job.summary.startswith("### ❌ ")
    assert [one for one in told if one not in job.summary] == [], job.summary


def test_the_form_of_baseline_makes_a_file_to_fill_in(town: Town) -> None:
    job = town.form("baseline", file="")["baseline"]
    assert job.result == "success", job.output
    assert job.kept["units.csv"].startswith("contract_id,contract,account,")


def test_the_form_of_true_up_shows_a_month_and_writes_nothing(town: Town) -> None:
    pushes = town.hub.pushes
    job = town.form("true-up", month="2026-11")["true-up"]
    assert job.result == "success", job.output
    assert "Nothing was checked" in job.summary, "no line of this town is set at month end"
    assert town.hub.pushes == pushes
