"""A change that waits longer than its days are looked at is told before, and after."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.plan import Planned
from reconciler.model.bms import Invoice
from reconciler.model.desired import Guards
from reconciler.model.finding import Finding
from tests.engine import builders as make
from tests.engine.play import World, brass, changes

D = date
STRICT = Guards(Decimal(10), 0, None, None, None, "allow")
FEBRUARY = D(2026, 2, 28)
LATE = {"late": "prorated-transaction"}


def world(*values: int | None, closed: date = FEBRUARY, **settings: Any) -> World:
    """Ten workstations since December, readings from January on, and a guard that holds."""
    line = make.line(make.settings(**{**LATE, **settings}))
    found = brass(*values, accounts=[make.desired_account(line)], state={"guards": STRICT})
    found.invoices = [Invoice(1, 10, D(2025, 12, 1), closed)]
    return found


def told(planned: Planned, code: str) -> list[str]:
    return [found.message for found in planned.plan.findings if found.code == code]


def is_lapse(found: Finding) -> bool:
    return found.code == "POL009"


ROSE = (*[10] * 19, *[20] * 60)
"""From the twentieth of January on."""


def test_a_change_of_this_period_is_not_told_of() -> None:
    planned = world(*ROSE).plan(D(2026, 2, 1))
    assert changes(planned) == [("2026-01-20", 10, 20, "held")]
    assert told(planned, "POL009") == []


@pytest.mark.parametrize("day", [D(2026, 2, 2), D(2026, 2, 28), D(2026, 3, 1)])
def test_what_waits_is_told_with_its_last_day_and_what_is_lost_then(day: date) -> None:
    """Ten units for twelve of January's 31 days at 20.00."""
    planned = world(*ROSE).plan(day)
    assert changes(planned) == [("2026-01-20", 10, 20, "held")]
    assert told(planned, "POL009") == [
        "Managed Workstation of Brass Building Supplies from 2026-01-20 waits: from 2026-03-02 on"
        " no plan looks at days before 2026-02-01 that are invoiced, and what they come to, +77.42"
        " USD, is never billed"
    ]
    assert told(planned, "POL007") == []


def test_the_day_that_is_named_is_the_first_whose_plans_look_at_less() -> None:
    planned = world(*ROSE, closed=D(2026, 3, 31)).plan(D(2026, 3, 2))
    assert changes(planned) == [("2026-02-01", 10, 20, "held")]
    assert told(planned, "POL007") == [
        "Managed Workstation on Managed Services of Brass Building Supplies: no plan looks any more"
        " at days before 2026-02-01 that are invoiced, and what they come to, +77.42 USD, is never"
        " billed (20 units from 2026-01-20 to 2026-01-31, where BMS has 10)"
    ]
    (again,) = told(planned, "POL009")
    assert "from 2026-04-02 on no plan looks at days before 2026-03-01" in again


def test_what_is_not_invoiced_is_looked_at_still() -> None:
    planned = world(*ROSE, closed=D(2025, 12, 31)).plan(D(2026, 3, 2))
    assert changes(planned) == [("2026-01-20", 10, 20, "held")]
    assert told(planned, "POL007") == []


def test_what_is_written_is_not_told_of() -> None:
    free = world(*ROSE)
    free.state = {}
    planned = free.plan(D(2026, 2, 28))
    assert changes(planned) == [("2026-01-20", 10, 20, "ready")]
    assert told(planned, "POL009") == []


def test_several_changes_that_lapse_on_one_day_are_told_once_with_their_sum() -> None:
    """Four units of January's last twelve days, and two more of its last two."""
    planned = world(*[10] * 19, *[14] * 10, *[16] * 60).plan(D(2026, 2, 9))
    (message,) = told(planned, "POL009")
    assert "from 2026-01-20, Managed Workstation of Brass Building Supplies from 2026-01-30" in (
        message
    )
    assert "wait: from 2026-03-02 on" in message
    assert "+33.55 USD" in message


FELL = (*[10] * 19, *[1] * 60)


def test_a_fall_is_billed_too_much_and_is_to_be_credited() -> None:
    """Nine units for twelve of January's 31 days at 20.00."""
    (found,) = (one for one in world(*FELL).plan(D(2026, 2, 9)).plan.findings if is_lapse(one))
    assert found.message.endswith(
        "that are invoiced, and what is billed too much for them, 69.68 USD, is never credited"
    )
    assert found.remedy.endswith("after that, credit that money in BMS by hand")


def test_what_lapsed_of_a_fall_is_to_be_credited_and_of_a_rise_to_be_billed() -> None:
    def remedy(*values: int) -> str:
        planned = world(*values, closed=D(2026, 3, 31)).plan(D(2026, 3, 2))
        (found,) = (one for one in planned.plan.findings if one.code == "POL007")
        return found.remedy

    assert remedy(*FELL) == "credit that money in BMS by hand"
    assert remedy(*ROSE) == "bill that money in BMS by hand"


def test_rises_and_falls_have_a_sum_each_of_the_days_that_lack_or_are_too_many() -> None:
    """Nine too few for the first six of January's last twelve days, then nine too many."""
    planned = world(*[10] * 19, *[19] * 6, *[1] * 60).plan(D(2026, 2, 9))
    lacks, too_much = (one.message for one in planned.plan.findings if is_lapse(one))
    assert "from 2026-01-20 waits" in lacks
    assert lacks.endswith("what they come to, +34.84 USD, is never billed")
    assert "from 2026-01-26 waits" in too_much
    assert too_much.endswith("billed too much for them, 34.84 USD, is never credited")


def test_a_rise_that_ends_again_is_too_much_on_no_day() -> None:
    planned = world(*[10] * 19, *[20] * 6, *[10] * 60).plan(D(2026, 2, 9))
    (message,) = told(planned, "POL009")
    assert message.endswith("what they come to, +38.71 USD, is never billed")


def test_a_change_that_began_on_the_first_day_looked_at_lacks_nothing_before() -> None:
    late = (*[10] * 31, *[20] * 60)
    planned = world(*late, closed=D(2026, 3, 31)).plan(D(2026, 3, 2))
    assert changes(planned) == [("2026-02-01", 10, 20, "held")]
    assert told(planned, "POL007") == []


def test_what_the_policy_leaves_alone_under_an_invoice_lacks_nothing() -> None:
    planned = world(*ROSE, closed=D(2026, 1, 31), late="next-period").plan(D(2026, 3, 2))
    assert changes(planned) == [("2026-02-01", 10, 20, "held")]
    assert told(planned, "POL007") == []


def test_nothing_is_said_of_days_on_which_nobody_knew_the_units() -> None:
    found = world(*ROSE, closed=D(2026, 3, 31))
    found.rows, found.facts = [], []
    found.rows.append((make.a_row(date=D(2026, 2, 1)), 10))
    found.baseline()
    assert told(found.plan(D(2026, 3, 2)), "POL007") == []
