"""What an edit of the configuration causes: also by approvals, and by who may write."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reconciler.engine.caused import Caused, caused
from reconciler.engine.plan import Planned
from reconciler.model.approval import Approval
from reconciler.model.desired import DesiredLine, Guards
from reconciler.model.plan import Change
from tests.engine import builders as make
from tests.engine.play import World, brass

TODAY = date(2026, 1, 21)
STRICT = Guards(percent=Decimal(10), percent_floor_units=0, line=None, account=None, run=None)
RISES = [*[10] * 9, *[20] * 3, *[30] * 3, *[40] * 5]
"""Three steps, each of which a guard holds."""


def world(*lines: DesiredLine, mode: str = "apply") -> World:
    made = brass(*RISES, accounts=[make.desired_account(*lines, mode=mode)])
    made.state = {"guards": STRICT}
    return made


def steps() -> tuple[Change, ...]:
    return world().plan(TODAY).plan.changes


def told(new: World, old: World, approved: Any = (), before: Any = ()) -> Caused:
    return caused(new.entry(TODAY, approved=approved), old.entry(TODAY, approved=before))


def given(new: list[Approval], old: list[Approval]) -> Caused:
    """The same configuration, with other approvals."""
    return told(world(), world(), tuple(new), tuple(old))


def planned(found: Planned) -> list[tuple[int, int, str]]:
    return [(c.units_before, c.units_after, c.standing) for c in found.plan.changes]


def test_a_new_approval_causes_its_change_and_the_night_plans_it_no_more() -> None:
    first, *_ = steps()
    found = given([make.approval(first)], [])
    assert planned(found.planned) == [(10, 20, "ready")]
    assert found.planned.plan.changes[0].cause == "usage"
    assert (found.anyway, found.tonight.changes, found.ahead, found.unfit) == ((), (), (), ())


def test_an_approval_that_was_there_causes_nothing_wherever_it_stands_by_now() -> None:
    first, *_ = steps()
    moved = make.approval(
        first, origin=replace(make.ORIGIN, file="approvals/other.yaml"), reason="in other words"
    )
    found = given([moved], [make.approval(first)])
    assert planned(found.planned) == []
    assert [c.units_after for c in found.tonight.changes] == [20, 30, 40]


def test_the_same_approval_once_more_is_a_new_one() -> None:
    first, *_ = steps()
    again = [make.approval(first)] * 2
    assert planned(given(again, again[:1]).planned) == [(10, 20, "ready")]


def test_a_step_that_is_approved_before_the_ones_it_is_built_on_causes_nothing_yet() -> None:
    first, second, third = (make.approval(step) for step in steps())
    assert planned(given([second], []).planned) == []
    assert planned(given([first, third], [first]).planned) == []
    found = given([first, second], [first])
    assert planned(found.planned) == [(10, 20, "ready"), (20, 30, "ready")]


def test_an_approval_that_fits_no_change_causes_none_and_is_told() -> None:
    """What of these can come true: tests/engine/test_ahead.py."""
    unfit = replace(make.approval(steps()[0]), change="0123456789abcdef")
    found = given([unfit], [])
    assert (planned(found.planned), found.unfit) == ([], (unfit,))


def test_an_approval_and_an_edit_of_the_same_line_cause_the_line_whole() -> None:
    raised = world(make.line(make.settings(minimum=50)))
    (first, *_) = raised.plan(TODAY).plan.changes
    found = told(raised, world(), (make.approval(first),))
    assert planned(found.planned) == [(10, 50, "ready")]
    assert [c.units_after for c in found.anyway] == [20, 30, 40], "what usage alone would do"
    assert found.tonight.changes == ()


def test_what_usage_alone_would_not_move_is_caused_by_the_configuration() -> None:
    flat = [brass(*[10] * 20, accounts=[make.desired_account(one)]) for one in lines(12)]
    (change,) = told(*flat).planned.plan.changes
    assert (change.units_after, change.cause) == (12, "config")


def lines(minimum: int) -> tuple[DesiredLine, DesiredLine]:
    """With a minimum, and without."""
    return make.line(make.settings(minimum=minimum)), make.line()


def test_who_may_write_is_a_permission_and_no_change_of_units() -> None:
    found = told(world(mode="observe"), world())
    assert planned(found.planned) == []
    assert {(one.before, one.change.standing) for one in found.permissions} == {
        ("held", "observed")
    }
    assert told(world(), world()).permissions == ()
