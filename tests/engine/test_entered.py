"""What waits on a period's first day because of the period before it is not forgotten with that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.model.bms import Invoice
from reconciler.model.desired import Billing, DesiredContract, Guards, Reference
from reconciler.model.plan import Change
from tests.engine import builders as make
from tests.engine.builders import ONE_DAY, days
from tests.engine.play import World, brass

D = date
JANUARY, FEBRUARY, MARCH = D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)
STRICT = Guards(Decimal(10), 0, None, None, None, "allow")
PEAK = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
    "late": "prorated-transaction",
}
NEXT = {"increase": "next-period", "decrease": "next-period", "late": "prorated-transaction"}


def shop(policy: dict[str, Any], *, at_end: bool, **state: Any) -> World:
    line = make.line(make.settings(**policy))
    billing = Billing("calendar", "end" if at_end else "start")
    contract = DesiredContract(Reference(name="Managed Services"), billing, (line,), make.ORIGIN)
    account = make.desired_account(line, contracts=(contract,))
    return brass(accounts=[account], state=state)


def nights(
    world: World,
    readings: list[int],
    last: date,
    missed: Collection[date] = (),
    *,
    at_end: bool,
    since: date = JANUARY + ONE_DAY,
) -> tuple[Change, ...]:
    """What the last night plans; invoices are made in the morning of each first day."""
    changes: tuple[Change, ...] = ()
    for night in days(since, last):
        values = readings[: (night - JANUARY).days]
        world.series = {("Brass", "total-devices"): make.series(*values)}
        if night not in missed:
            changes = world.night(night).plan.changes
        if night.day == 1:
            before = (night - ONE_DAY).replace(day=1), night - ONE_DAY
            after = night, (night + timedelta(days=31)).replace(day=1) - ONE_DAY
            first, end = before if at_end else after
            world.invoices.append(Invoice(night.month, 10, first, end, night))
    return changes


def told(changes: tuple[Change, ...]) -> list[tuple[date, int, int]]:
    return [(c.day, c.units_before, c.units_after) for c in changes if c.standing != "scheduled"]


@pytest.mark.parametrize("last", [D(2026, 2, 28), MARCH, D(2026, 3, 2), D(2026, 3, 31)])
def test_what_a_guard_holds_waits_though_the_period_it_comes_from_is_gone(last: date) -> None:
    world = shop(NEXT, at_end=False, guards=STRICT)
    changes = nights(world, [20] * 100, last, set(), at_end=False)
    assert told(changes) == [(FEBRUARY, 10, 20)]


def test_the_level_that_a_held_true_up_leaves_waits_with_it() -> None:
    world = shop(PEAK, at_end=True, guards=STRICT)
    readings = [*[10] * 15, 20, *[10] * 90]
    changes = nights(world, readings, D(2026, 3, 2), set(), at_end=True)
    assert told(changes) == [(FEBRUARY, 10, 20), (MARCH, 20, 10)]


def test_a_line_that_is_never_lowered_keeps_what_an_invoice_held_back() -> None:
    """In February it could not be raised; in March it is, and stays."""
    policy = {"increase": "next-period", "decrease": "never"}
    world = shop(policy, at_end=False)
    readings = [*[20] * 31, *[10] * 120]
    nights(world, readings, D(2026, 5, 2), {FEBRUARY}, at_end=False)
    assert [world.units(make.WORKSTATION.id, day) for day in (FEBRUARY, MARCH)] == [10, 20]
    assert world.units(make.WORKSTATION.id, D(2026, 5, 2)) == 20
    assert len(world.rows) == 2, "written once"


def test_the_short_way_does_not_overlook_what_waits() -> None:
    """In February all readings are what BMS has; January's last one was not."""
    world = shop(NEXT, at_end=False, guards=STRICT)
    readings = [*[10] * 30, 20, *[10] * 60]
    changes = nights(world, readings, D(2026, 3, 2), set(), at_end=False)
    assert told(changes) == [(FEBRUARY, 10, 20), (MARCH, 20, 10)]


@pytest.mark.parametrize(
    ("policy", "missed"),
    [
        (NEXT, set()),
        ({**PEAK, "increase": "next-period"}, set()),
        ({"increase": "next-period", "decrease": "never"}, {FEBRUARY}),
    ],
)
def test_what_waits_is_gone_once_the_reading_that_it_came_from_is_put_right(
    policy: dict[str, Any], missed: set[date]
) -> None:
    """In March, too, when a run does not see any more that it was wrong."""
    world = shop(policy, at_end=False, guards=STRICT)
    slip = [*[10] * 30, 12, *[10] * 90]
    (waits,) = told(nights(world, slip, D(2026, 2, 4), missed, at_end=False))
    assert waits == (FEBRUARY, 10, 12) or missed
    for last in (D(2026, 3, 1), D(2026, 3, 2), D(2026, 4, 2)):
        since = D(2026, 2, 5)
        assert nights(world, [10] * 120, last, at_end=False, since=since) == ()
    assert world.units(make.WORKSTATION.id, D(2026, 4, 2)) == 10


def test_a_month_that_a_step_runs_through_is_known_to_have_begun_lower() -> None:
    """The first night after an outage writes one step from January on. February was to begin with
    less, which its own days raised again; they are put right later."""
    policy = {"increase": "change-date", "decrease": "next-period", "late": "prorated-transaction"}
    world = shop(policy, at_end=False)
    january = [*[10] * 9, *[20] * 21, 10]
    outage = set(days(D(2026, 1, 11), D(2026, 2, 28)))
    nights(world, [*january, *[20] * 28, *[10] * 30], D(2026, 3, 3), outage, at_end=False)
    fine = [*january, *[10] * 90]
    nights(world, fine, D(2026, 4, 2), at_end=False, since=D(2026, 3, 4))
    levels = [world.units(make.WORKSTATION.id, day) for day in (D(2026, 1, 15), FEBRUARY, MARCH)]
    assert levels == [20, 10, 10]


def test_no_order_of_writing_takes_a_period_below_what_it_was_entered_with() -> None:
    """What rises is written first, and so a fall of January after what February begins with."""
    policy = {"increase": "next-period", "decrease": "change-date", "late": "prorated-transaction"}
    world = shop(policy, at_end=False)
    nights(world, [*[10] * 19, *[4] * 12, *[0] * 60], D(2026, 2, 28), at_end=False)
    fine = [*[10] * 30, *[0] * 60]
    changes = nights(world, fine, D(2026, 3, 3), at_end=False, since=MARCH)
    assert changes == ()
    levels = [world.units(make.WORKSTATION.id, day) for day in (D(2026, 1, 25), FEBRUARY, MARCH)]
    assert levels == [10, 0, 0]


def test_nothing_is_kept_that_bms_shows() -> None:
    world = shop(PEAK, at_end=True)
    nights(world, [*[10] * 15, 20, *[10] * 60], D(2026, 3, 2), set(), at_end=True)
    assert world.entered == {}
