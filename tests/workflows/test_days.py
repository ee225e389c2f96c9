"""The schedules: days that were quiet, missed or not, and edits that a person made in BMS."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT, HEADER, NOON
from tests.ledger.branch.copies import git
from tests.workflows.stories import ENDPOINT, shown
from tests.workflows.town import Town


def test_a_missed_week_is_caught_up_with_its_own_days(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    assert town.schedule("daily").result == "success"
    assert town.hub.api.issues == [], "a quiet day"
    town.at(datetime(2026, 12, 1, 13, tzinfo=UTC))
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 25), 14)
    town.count(BRASS, date(2026, 11, 26), date(2026, 11, 30), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 30), 21)
    job = town.schedule("daily")
    assert job.result == "success", job.output
    written = [(row.date, row.units) for row in town.rows(BRASS) if row.service == ENDPOINT][2:]
    assert written == [(date(2026, 11, 23), 2), (date(2026, 11, 26), -1)]
    before = town.units(BRASS, ENDPOINT), town.ledger()
    assert town.schedule("daily").result == "success"
    assert town.units(BRASS, ENDPOINT) == before[0], "nothing is written twice"
    assert shown(town.hub) == snapshot


def test_an_edit_in_bms_opens_one_issue_until_it_is_undone(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    row = town.rows(COBALT)[0]
    units = town.units(COBALT, ENDPOINT)
    assert town.schedule("drift").result == "success"
    assert town.hub.api.issues == []
    town.sandbox.ui.edit_units(row.row_id, 25)
    for hour in range(1, 3):
        town.at(NOON + timedelta(hours=hour))
        assert town.schedule("drift").result == "success"
    opened = shown(town.hub)
    assert [one["state"] for one in town.hub.api.issues] == ["open"]
    town.sandbox.ui.edit_units(row.row_id, row.units)
    town.at(NOON + timedelta(hours=3))
    assert town.schedule("drift").result == "success"
    assert [one["state"] for one in town.hub.api.issues] == ["closed"]
    assert town.units(COBALT, ENDPOINT) == units
    assert f"{opened}\n\n{'=' * 20}\n\n{shown(town.hub)}" == snapshot


def test_one_machine_after_the_other_sees_the_drift_that_an_earlier_one_saw(town: Town) -> None:
    """Each job begins without a disk: the branch alone carries what BMS had."""
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 25)
    assert town.schedule("daily").result == "success"
    (body,) = town.hub.api.bodies()
    assert "KNW002" in body
    assert town.units(COBALT, ENDPOINT) == 26
    assert town.schedule("drift").result == "success"
    assert [one["title"] for one in town.hub.api.issues][1:] == ["Billing: BMS differs"]


def test_what_a_run_that_waited_did_is_told_by_the_commit_it_checked_out(town: Town) -> None:
    started = git(town.hub.repository, "rev-parse", "main")
    town.at(datetime(2026, 11, 24, 13, tzinfo=UTC))
    newest = town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 14)
    job = town.schedule("daily", since=started)
    assert job.result == "success", job.output
    commits = {row["kind"]: row["git_commit"] for row in town.kept("run")}
    assert (commits["apply"], commits["daily"]) == (newest, newest)
    assert f"commit {newest[:12]}" in town.schedule("true-up", since=started).summary


def test_every_mistake_of_a_usage_file_is_told_at_once(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    rows = "datto-edr,,X,total-device,,2026-11-23,22,\ndatto-edr,,X,total-devices,,2026-11-23,x,\n"
    town.at(datetime(2026, 11, 24, 13, tzinfo=UTC))
    town.push_directly(lambda top: write(top / "usage" / "bad.csv", HEADER + rows))
    assert town.schedule("daily").result == "failure"
    assert shown(town.hub) == snapshot


def test_a_usage_file_with_capital_letters_is_told_the_same_day(town: Town) -> None:
    town.push_directly(lambda top: write(top / "usage" / "new.CSV", HEADER))
    job = town.schedule("daily")
    assert job.result == "success", job.output
    (body,) = town.hub.api.bodies()
    assert "- usage/new.CSV" in body


def write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
