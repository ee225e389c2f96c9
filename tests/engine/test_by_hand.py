"""Which edits by hand are clear enough to be proposed as agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.by_hand import HandEdit
from reconciler.model.bms import Row
from reconciler.model.desired import DesiredLine, Reference
from reconciler.model.settings import LineSettings
from tests.engine import builders as make
from tests.engine.play import World, brass

TODAY = date(2026, 1, 21)
SERVERS = Reference(name="Managed Server")


def shop(
    settings: LineSettings | None = None, price: str = "45.00", last_day: date | None = None
) -> World:
    """Ten workstations at 20.00 and two servers, in step."""
    lines: list[DesiredLine] = [
        make.line(settings or make.settings(), last_day=last_day),
        make.line(service="server", bms_service=SERVERS),
    ]
    world = brass(*[10] * 20, accounts=[make.desired_account(*lines)])
    row = make.a_row(id=1001, service_id=101, name="Managed Server", price=Decimal(price))
    world.rows.append((replace(row, date=date(2025, 12, 1)), 2))
    world.facts.clear()
    world.baseline()
    world.plan(date(2026, 1, 20))
    return world


def edit(world: World, units: int, place: int = 0, **fields: Any) -> tuple[HandEdit, ...]:
    """Somebody changes a row, and a plan is made."""
    row, _ = world.rows[place]
    world.rows[place] = (replace(row, **fields), units)
    return tuple(world.plan(TODAY).examined.edits)


def test_an_edit_that_alone_explains_the_total_is_clear() -> None:
    (found,) = edit(shop(), 13)
    assert (found.line.service, found.before, found.after) == ("managed-workstation", 10, 13)
    assert (found.monthly, found.on_drift) == (Decimal("60.00"), "alert")
    (other,) = edit(shop(), 3, place=1)
    assert (other.line.service, other.before, other.after) == ("server", 2, 3)


@pytest.mark.parametrize("price", ["20.00", "40.00"])
def test_two_edits_that_would_explain_it_are_none(price: str) -> None:
    assert edit(shop(price=price), 14) == ()


def test_where_rows_show_an_edit_the_total_does_not_tell_the_units() -> None:
    assert edit(shop(), 13, date=date(2026, 1, 15)) == ()


def test_a_new_row_of_others_may_be_a_part_of_it() -> None:
    world = shop()
    world.rows.append((other("7.00"), 3))
    assert edit(world, 13) == ()


def test_units_of_others_that_would_explain_it_alone_leave_it_unclear() -> None:
    world = shop()
    world.rows.append((other("60.00"), 1))
    world.agreements.clear()
    world.plan(date(2026, 1, 20))
    assert edit(world, 13) == ()
    (found,) = edit(world, 11)
    assert found.after == 11, "no units at 60.00 come to 20.00"


def other(price: str) -> Row:
    day = date(2025, 12, 1)
    return make.a_row(id=1002, service_id=999, name="Firewall", price=Decimal(price), date=day)


@pytest.mark.parametrize("moves", ["change-date", "period-start", "next-period", "never"])
def test_only_an_edit_whose_units_would_count_at_once_as_fixed_ones_is_clear(moves: Any) -> None:
    at_once = moves in ("change-date", "period-start")
    assert bool(edit(shop(make.settings(decrease=moves)), 9)) is at_once
    assert edit(shop(make.settings(decrease=moves)), 13), "an increase is another matter"
    if moves != "never":
        assert bool(edit(shop(make.settings(increase=moves)), 13)) is at_once
        assert edit(shop(make.settings(increase=moves)), 9)


def test_a_line_that_has_ended_is_left_alone() -> None:
    assert edit(shop(last_day=date(2026, 1, 10)), 13) == ()
