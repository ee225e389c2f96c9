"""A pull request that counts or dates otherwise says what past months would have come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.desired import load
from reconciler.engine.recounted import recounted
from reconciler.ledger import open_ledger
from reconciler.report.replayed import Replayed, fold, whole
from reconciler.runs.replaying import MONTHS, part_of, replayed
from tests.runs.conftest import MakeWorld
from tests.runs.world import World

DECEMBER = date(2026, 12, 5)
PEAK = (
    "adjust: month-end, over: peak, increase: period-start, decrease: next-period,"
    " late: prorated-transaction"
)


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Two services of November: one that moved, one that did not."""
    made = make_world()
    for name in ("alpha", "beta"):
        made.service(name)
        made.row(name, 10)
    made.configure()
    made.baseline()
    made.apply(how="schedule")
    made.sandbox.set_clock(DECEMBER)
    days = [
        date(2026, 11, 1) + timedelta(days=n) for n in range((DECEMBER - date(2026, 11, 1)).days)
    ]
    made.read("alpha", {day: 14 if day.month == 11 and day.day == 20 else 10 for day in days})
    made.read("beta", dict.fromkeys(days, 10))
    return made


def proposed(world: World, edit: Callable[[], object]) -> Replayed | None:
    old = load(world.config)
    edit()
    return replayed(world.around, world.ledger, load(world.config), old, DECEMBER)


def test_a_policy_is_replayed_over_the_months_that_are_over(
    world: World, snapshot: SnapshotAssertion
) -> None:
    found = proposed(world, lambda: world.configure(alpha=PEAK))
    assert found is not None
    assert found.found is not None
    assert (found.found.first, found.found.last) == (date(2026, 9, 1), date(2026, 11, 1))
    assert fold(found, 7_000) == snapshot
    assert "<details><summary>Brass Building Supplies: alpha" in whole(found, 100_000)


@pytest.mark.parametrize(
    "lines",
    [
        {"alpha": "price: 12.00"},
        {"alpha": "units: {fixed: 9, reason: dispute}"},
        {"alpha": "note: a remark"},
        {"alpha": "changes: [{from: 2027-01-01, minimum: 50}]"},
        {"alpha": "policy: daily"},
    ],
)
def test_what_counts_nothing_otherwise_is_not_replayed(world: World, lines: dict[str, str]) -> None:
    assert proposed(world, lambda: world.configure(**lines)) is None


def more_in_billing(world: World, text: str) -> None:
    path = world.config / "billing.yaml"
    path.write_text(f"{path.read_text('utf-8')}{text}", "utf-8")


def test_another_name_for_the_same_policy_is_not_replayed(world: World) -> None:
    same = "{adjust: daily, over: last, increase: change-date, decrease: change-date}"
    text = f"policies: {{same: {same}}}\ndefault_policy: same\n"
    assert proposed(world, lambda: more_in_billing(world, text)) is None


def test_how_periods_run_is_a_reason(world: World) -> None:
    found = proposed(world, lambda: more_in_billing(world, "billing: {invoice: end}\n"))
    assert found is not None


def test_a_line_that_is_new_is_not_replayed(world: World) -> None:
    def edit() -> None:
        world.service("gamma")
        world.configure()

    assert proposed(world, edit) is None


@pytest.mark.parametrize(
    "settings",
    ["minimum: 12", "included: 2", "multiply: 2", "per: 5", "round: down", "over: peak", PEAK],
)
def test_every_setting_that_counts_or_dates_is_a_reason(world: World, settings: str) -> None:
    found = proposed(world, lambda: world.configure(alpha=settings))
    assert found is not None
    assert found.found is not None


def test_no_difference_is_said_in_a_line(world: World) -> None:
    found = proposed(world, lambda: world.configure(beta="minimum: 3"))
    assert found is not None
    assert found.found is not None
    same = "2026-09 to 2026-11 under these settings: no difference"
    assert found.found.not_replayed
    assert f"{same} in what could be replayed</summary>" in fold(found, 7_000)
    whole_months = replace(found, found=replace(found.found, not_replayed=()))
    assert f"{same}</summary>" in fold(whole_months, 7_000)


def test_what_cannot_be_replayed_stops_no_plan(world: World, tmp_path: Path) -> None:
    old = load(world.config)
    world.configure(alpha=PEAK)
    with open_ledger(tmp_path / "never-read.db", tenant="Example MSP") as empty:
        found = replayed(world.around, empty, load(world.config), old, DECEMBER)
    assert found is not None
    assert found.why == "BMS was never read"
    assert fold(found, 7_000).startswith("What these settings would have billed in past months")
    assert whole(found, 7_000) == fold(found, 7_000)


def test_much_is_replayed_in_part_and_it_is_said(world: World) -> None:
    world.configure(alpha="minimum: 3")
    new = load(world.config)
    world.configure()
    accounts = recounted(new, load(world.config), DECEMBER) * 10
    assert len(accounts) == 10
    assert part_of(accounts, 60).months == MONTHS
    assert part_of(accounts, 60).left_out == ""
    assert part_of(accounts, 59).months == 1
    some = part_of(accounts, 7)
    assert (len(some.accounts), some.left_out) == (
        3,
        "Replayed here, to keep it short: only the last of 3 months, not 7 more accounts whose"
        " policies change too",
    )
    assert len(part_of(accounts, 1).accounts) == 1


def test_the_fold_keeps_its_size(world: World) -> None:
    found = proposed(world, lambda: world.configure(alpha=PEAK))
    assert found is not None
    text = fold(found, 1_000)
    assert len(text.encode()) <= 1_000
    assert "the summary of the run has the rest" in text
