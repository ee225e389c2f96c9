"""True-ups that wait for a merge, and what happens where nobody merges them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.approvals import awaits_approval
from reconciler.engine.plan import Planned
from reconciler.engine.unmerged import unmerged
from reconciler.model.desired import Guards, InvoiceRun, TrueUps
from reconciler.model.plan import Change
from reconciler.model.settings import DatedSettings, FixedUnits
from tests.engine import builders as make
from tests.engine.play import World, brass, changes
from tests.engine.test_guards import change
from tests.engine.test_trueup import FEBRUARY, JANUARY, MONTH_END

D = date
MERGE = TrueUps("pull-request")
FALLS_BACK = TrueUps("pull-request", "apply-within-guards")
RISEN = [*[10] * 9, 14, *[10] * 21, 10]


def shop(rule: TrueUps = MERGE, *values: int, **more: Any) -> World:
    """Ten workstations, set at the end of each month: fourteen for January."""
    settings = {**MONTH_END, **more.pop("settings", {})}
    mode = more.pop("mode", "apply")
    account = make.desired_account(make.line(make.settings(**settings)), mode=mode)
    world = brass(*(values or RISEN), accounts=[account])
    world.state = {**world.state, "true_up": rule, **more}
    return world


def approvals(planned: Planned) -> tuple[Any, ...]:
    return tuple(make.approval(change) for change in planned.plan.changes)


def test_a_closed_month_waits_for_its_merge_and_says_until_when() -> None:
    planned = shop(invoice_run=InvoiceRun(3)).plan(FEBRUARY)
    assert changes(planned) == [("2026-01-01", 10, 14, "held")]
    (one,) = planned.plan.changes
    assert (one.because, one.month_end) == (("TRU002",), FEBRUARY)
    (told,) = (f for f in planned.plan.findings if f.code == "TRU002")
    assert told.message == (
        "1 change of the true-up of 2026-01 waits to be merged by 2026-02-03 06:00"
        " (America/New_York); if nobody does, a later merge still writes it, and"
        " what is dated before that invoice run is billed a month later"
    )
    assert told.money == one.money.monthly
    assert planned.plan.verdict == "person-needed"


def test_a_month_that_settings_moved_waits_for_its_merge_too() -> None:
    dated = DatedSettings(D(2026, 1, 10), make.settings(**MONTH_END, minimum=15))
    line = make.line(make.settings(**MONTH_END), dated)
    world = shop(MERGE, *[10] * 32)
    world.accounts = [make.desired_account(line, mode="apply")]
    (one,) = world.plan(FEBRUARY).plan.changes
    assert (one.units_after, one.cause, one.because) == (15, "config", ("TRU002",))


def test_by_the_schedule_it_waits_for_nobody() -> None:
    assert changes(shop(TrueUps()).plan(FEBRUARY)) == [("2026-01-01", 10, 14, "ready")]


def test_its_approval_lets_it_be_written() -> None:
    world = shop()
    given = approvals(world.plan(FEBRUARY))
    assert changes(world.plan(FEBRUARY, approved=given)) == [("2026-01-01", 10, 14, "ready")]


def test_an_approval_of_the_forecast_counts_while_its_numbers_stand() -> None:
    forecast = shop(MERGE, *RISEN[:20])
    given = approvals(forecast.plan(D(2026, 1, 21), true_up=JANUARY))
    assert changes(shop().plan(FEBRUARY, approved=given)) == [("2026-01-01", 10, 14, "ready")]
    higher = shop(MERGE, *RISEN[:25], 15, *RISEN[26:])
    assert changes(higher.plan(FEBRUARY, approved=given)) == [("2026-01-01", 10, 15, "held")]


@pytest.mark.parametrize(
    ("rule", "day", "standing"),
    [
        (MERGE, D(2026, 2, 2), "held"),
        (MERGE, D(2026, 2, 3), "held"),
        (FALLS_BACK, D(2026, 2, 2), "held"),
        (FALLS_BACK, D(2026, 2, 3), "ready"),
    ],
)
def test_only_where_it_is_wanted_the_day_of_the_invoice_run_writes_it_unmerged(
    rule: TrueUps, day: date, standing: str
) -> None:
    world = shop(rule, *RISEN, 10, 10, invoice_run=InvoiceRun(3))
    assert changes(world.plan(day)) == [("2026-01-01", 10, 14, standing)]


def test_what_falls_back_is_still_guarded() -> None:
    strict = Guards(percent=Decimal(10), percent_floor_units=0)
    planned = shop(FALLS_BACK, *RISEN, 10, 10, invoice_run=InvoiceRun(3), guards=strict).plan(
        D(2026, 2, 3)
    )
    (one,) = planned.plan.changes
    assert (one.standing, one.because) == ("held", ("GRD001",))


@pytest.mark.parametrize("hour", [6, 23])
def test_from_the_invoice_run_on_it_says_that_nobody_merged_it(hour: int) -> None:
    world = shop(MERGE, *RISEN, 10, 10, 10, invoice_run=InvoiceRun(3, time(6)))
    local = datetime.combine(D(2026, 2, 3), time(hour))
    planned = world.plan(D(2026, 2, 3), local=local)
    (told,) = (f for f in planned.plan.findings if f.code == "TRU002")
    assert told.message == (
        "1 change of the true-up of 2026-01 was not merged by 2026-02-03 06:00 (America/New_York):"
        " that invoice run has passed, and what is dated before it is billed a month later"
    )
    assert "before the next invoice run" in told.remedy


def test_a_forecast_on_top_of_a_month_that_nobody_merged_is_not_asked_for() -> None:
    world = shop(MERGE, *RISEN, *[10] * 9)
    late = world.plan(D(2026, 2, 10), true_up=FEBRUARY).plan.changes
    assert {one.because for one in late} == {("TRU001", "POL006")}
    assert not any(map(awaits_approval, late))


@pytest.mark.parametrize(
    ("hour", "standing"), [(5, "held"), (6, "ready")], ids=["a day and an hour before", "a day"]
)
def test_the_last_day_before_the_invoices_begins_to_the_hour(hour: int, standing: str) -> None:
    world = shop(FALLS_BACK, *RISEN, 10, invoice_run=InvoiceRun(3, time(6)))
    local = datetime.combine(D(2026, 2, 2), time(hour))
    assert changes(world.plan(D(2026, 2, 2), local=local)) == [("2026-01-01", 10, 14, standing)]


def waiting(name: str, units: int, end: date) -> Change:
    held: Any = {"standing": "held", "because": ("TRU002",), "month_end": end}
    return change(name, 10, units, **held)


def test_each_month_is_told_once_with_all_its_money() -> None:
    march = D(2026, 3, 1)
    found = [waiting("a", 14, FEBRUARY), waiting("b", 12, FEBRUARY), waiting("c", 11, march)]
    state = shop(FALLS_BACK, invoice_run=InvoiceRun(3)).entry(FEBRUARY).state
    told = [
        (f.message, f.money)
        for f in unmerged(found, state, datetime.combine(FEBRUARY, time())).findings(found)
    ]
    ends = "if nobody does, the last daily run before writes what the guards allow"
    zone = "06:00 (America/New_York)"
    assert told == [
        (
            f"2 changes of the true-up of 2026-01 wait to be merged by 2026-02-03 {zone}; {ends}",
            Decimal(120),
        ),
        (
            f"1 change of the true-up of 2026-02 waits to be merged by 2026-03-03 {zone}; {ends}",
            Decimal(20),
        ),
    ]
    state = shop(invoice_run=InvoiceRun(3)).entry(march).state
    first, _ = unmerged(found, state, datetime.combine(D(2026, 3, 1), time())).findings(found)
    assert first.message.startswith("2 changes of the true-up of 2026-01 were not merged by")


@pytest.mark.parametrize(
    ("invoices", "told"),
    [(3, ["3 changes by 2026-02-03"]), (15, ["2 changes by 2026-01-15", "1 change by 2026-02-15"])],
)
def test_periods_of_a_month_that_are_invoiced_together_are_told_together(
    invoices: int, told: list[str]
) -> None:
    ends = {"a": D(2026, 1, 5), "b": D(2026, 1, 9), "c": FEBRUARY}
    found = [waiting(name, 14, end) for name, end in ends.items()]
    state = shop(invoice_run=InvoiceRun(invoices)).entry(FEBRUARY).state
    before = datetime.combine(D(2026, 1, 10), time())
    said = [f.message for f in unmerged(found, state, before).findings(found)]
    assert all("of the true-up of 2026-01 wait" in one for one in said)
    words = [one.split(" 06:00")[0].split() for one in said]
    assert [f"{one[0]} {one[1]} by {one[-1]}" for one in words] == told


def test_a_decrease_that_the_month_leaves_to_the_next_waits_too() -> None:
    planned = shop(MERGE, *[8] * 31, 8).plan(FEBRUARY)
    assert changes(planned) == [("2026-02-01", 10, 8, "held")]
    assert planned.plan.changes[0].month_end == FEBRUARY


def test_what_a_person_fixed_does_not_wait() -> None:
    world = shop(settings={"fixed": FixedUnits(12, "agreed")})
    found = changes(world.plan(FEBRUARY))
    assert {standing for *_, standing in found} == {"ready"}


def test_a_line_that_is_set_daily_does_not_wait() -> None:
    daily = {"adjust": "daily", "over": "last"}
    dated = {"increase": "change-date", "decrease": "change-date"}
    planned = shop(settings={**daily, **dated}).plan(D(2026, 1, 15))
    assert {standing for *_, standing in changes(planned)} == {"ready"}
    assert {change.month_end for change in planned.plan.changes} == {None}


def test_an_observed_account_waits_for_nothing() -> None:
    planned = shop(mode="observe").plan(FEBRUARY)
    assert changes(planned) == [("2026-01-01", 10, 14, "observed")]
