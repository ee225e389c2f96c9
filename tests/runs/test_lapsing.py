"""What is never billed or credited should nobody merge in time is told while there is time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

D = date
HELD = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"
LOST = "+140.00 USD"
"""Of 20 units more from the tenth to the end of November, at 10.00."""


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    """A held change of November, whose invoice was made."""
    night = Night(make_world(guards=HELD))
    on(night, D(2026, 11, 24))
    return night


def on(night: Night, day: date, units: int = 30) -> None:
    """The daily run of that day."""
    night.tomorrow((day - night.world.sandbox.today()).days)
    night.world.sandbox.bill()
    night.usage(alpha={D(2026, 11, 10): units})
    night.daily()


def body(night: Night) -> str:
    (pull,) = night.api.opened
    return str(pull["body"])


def test_the_day_its_pull_request_and_the_plan_there_say_by_when_and_how_much(
    night: Night, snapshot: SnapshotAssertion
) -> None:
    told = f"and what they come to, {LOST}, is never billed"
    by = "Merge it by 2027-01-01 to have all of it written: from 2027-01-02 on no plan"
    assert "is never billed" not in "".join([*night.said, *night.reviewed, body(night)])
    for day in (D(2026, 12, 2), D(2027, 1, 1)):
        on(night, day)
        assert told in night.said[-1]
        assert by in body(night)
        assert by in night.reviewed[-1]
        assert LOST in body(night)
    assert night.said[-1] == snapshot(name="day")
    assert body(night).partition("\n")[2] == snapshot(name="asks")
    assert night.reviewed[-1].partition("\n### ")[0] == snapshot(name="comment")


GONE = "no plan looks any more at days before 2026-12-01 that are invoiced, and what they come to"


def test_what_lapsed_is_told_once_and_where_the_other_numbers_are_asked_for(night: Night) -> None:
    on(night, D(2027, 1, 1))
    on(night, D(2027, 1, 2))
    says = f"{GONE}, {LOST}, is never billed (30 units from 2026-11-10 to 2026-11-30, where BMS"
    assert says in night.said[-1]
    assert "bill that money in BMS by hand" in night.said[-1]
    assert "Not in it, and to be billed by hand: alpha on Managed Services" in body(night)
    for day in (D(2027, 1, 3), D(2027, 1, 31), D(2027, 2, 1)):
        on(night, day)
        assert GONE not in night.said[-1]
        assert says in body(night)


def test_units_that_should_have_fallen_are_to_be_credited_and_not_billed_again(
    make_world: MakeWorld,
) -> None:
    """Nine fewer from the tenth to the end of November, at 10.00."""
    night = Night(make_world(guards=HELD))
    for day in (D(2026, 11, 24), D(2027, 1, 1)):
        on(night, day, 1)
    lost = "63.00 USD, is never credited"
    assert "needs a person: money that is never credited if it waits too long." in night.said[-1]
    assert f"and what is billed too much for them, {lost}" in night.said[-1]
    assert "after that, credit that money in BMS by hand" in night.said[-1]
    since = "alpha of Brass Building Supplies from 2026-11-10"
    assert f"and what is billed too much there for {since}, {lost}." in body(night)
    on(night, D(2027, 1, 2), 1)
    assert (
        f"before 2026-12-01 that are invoiced, and what is billed too much for them, {lost}"
        in (night.said[-1])
    )
    assert "→ credit that money in BMS by hand" in night.said[-1]
    assert "Not in it, and to be credited by hand: alpha on Managed Services" in body(night)
    assert "never billed" not in "".join([*night.said, body(night)])


@pytest.mark.parametrize("after", [D(2027, 1, 2), D(2027, 1, 20)])
def test_a_rise_that_was_back_again_is_told_and_so_it_is_where_it_was_asked_for(
    make_world: MakeWorld, after: date
) -> None:
    """Twenty more from the tenth to the nineteenth of November, at 10.00."""
    night = Night(make_world(guards=HELD))
    back = {D(2026, 11, 10): 30, D(2026, 11, 20): 10}

    def run(day: date) -> str:
        night.tomorrow((day - night.world.sandbox.today()).days)
        night.world.sandbox.bill()
        night.usage(alpha=back)
        return night.daily().posted

    run(D(2026, 11, 24))
    for day in (D(2026, 11, 25) + timedelta(n) for n in range(0, 38, 3)):
        run(day)
    assert "what they come to, +66.67 USD, is never billed" in night.said[-1]
    assert run(after) == "created"
    says = f"{GONE}, +66.67 USD, is never billed (30 units from 2026-11-10 to 2026-11-19, where"
    assert says in night.said[-1]
    assert [pull["state"] for pull in night.api.opened] == ["closed"]
    asked = [one["body"] for one in night.api.comments if "approval any more" in one["body"]]
    start = "Nothing waits for approval any more.\n\nNot written, and to be billed by hand: alpha"
    assert [(one.startswith(start), says in one) for one in asked] == [(True, True)]
    assert [run(day) for day in (D(2027, 1, 31), D(2027, 2, 1))] == ["quiet", "quiet"]
