"""What an edit comes to when the period is over is told before it is merged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.caused import Caused, caused
from reconciler.engine.examined import examined
from reconciler.engine.foreseen import Asked, forecasts
from reconciler.engine.frame import Frame
from reconciler.model.approval import Approval
from reconciler.model.desired import DesiredAccount, OrganizationRef, Reference
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make
from tests.engine.play import APPEND, World, brass

D = date
JANUARY, TODAY, FEBRUARY = D(2026, 1, 1), D(2026, 1, 20), D(2026, 2, 1)
MONTH_END: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
    "late": "prorated-transaction",
}


def of(*dated: DatedSettings, **values: Any) -> DesiredAccount:
    return make.desired_account(make.line(make.settings(**{**MONTH_END, **values}), *dated))


def shop(account: DesiredAccount, *values: int) -> World:
    return brass(*(values or [10] * 19), accounts=[account])


def told(new: DesiredAccount, old: DesiredAccount, *values: int, **more: Any) -> Caused:
    found = caused(shop(new, *values).entry(TODAY, **more), shop(old, *values).entry(TODAY, **more))
    assert found.planned.plan.changes == (), "today nothing moves"
    return found


def test_a_minimum_that_is_set_at_month_end_is_told_with_its_money() -> None:
    (found,) = told(of(minimum=30), of()).foreseen
    assert (found.day, found.end) == (JANUARY, FEBRUARY)
    assert (found.before, found.after, found.monthly) == (10, 30, Decimal("400.00"))


def test_before_is_what_it_would_come_to_without_the_edit() -> None:
    (found,) = told(of(minimum=30), of(), *[10] * 18, 14).foreseen
    assert (found.before, found.after) == (14, 30)


def test_a_line_that_lacks_its_newest_reading_waits_for_that_and_not_for_the_month() -> None:
    daily: dict[str, Any] = {"adjust": "daily", "over": "last", "increase": "change-date"}
    since = DatedSettings(D(2026, 1, 19), make.settings(**{**MONTH_END, **daily, "minimum": 30}))
    (found,) = told(of(since, **daily), of(**daily), *[10] * 17).foreseen
    assert (found.end, found.before, found.after) == (None, 10, 30)


def test_a_daily_line_that_moves_with_the_next_period_is_told_by_its_end() -> None:
    daily: dict[str, Any] = {"adjust": "daily", "over": "last", "increase": "next-period"}
    found = caused(shop(of(**daily, minimum=30)).entry(TODAY), shop(of(**daily)).entry(TODAY))
    assert [(c.day, c.standing) for c in found.planned.plan.changes] == [(FEBRUARY, "scheduled")]


def test_a_decrease_that_begins_with_the_next_period_is_told() -> None:
    (found,) = told(of(maximum=4), of()).foreseen
    assert (found.day, found.before, found.after) == (FEBRUARY, 10, 4)
    assert found.monthly == Decimal("-120.00")


def test_another_organization_that_counts_is_an_edit_too() -> None:
    both = {"datto-rmm": (OrganizationRef(name="Brass"), OrganizationRef(name="Annex"))}

    def world(account: DesiredAccount) -> World:
        found = shop(account)
        found.series["Annex", "total-devices"] = make.series(*[5] * 19)
        return found

    new = make.desired_account(make.line(make.settings(**MONTH_END)), organizations=both)
    (found,) = caused(world(new).entry(TODAY), world(of()).entry(TODAY)).foreseen
    assert (found.before, found.after) == (10, 15)


def test_a_line_that_only_the_new_configuration_names_is_held_against_what_bms_has() -> None:
    without = make.desired_account(
        make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
    )
    found = caused(shop(of(minimum=30)).entry(TODAY), shop(without).entry(TODAY))
    assert [(one.before, one.after) for one in found.foreseen] == [(10, 30)]


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (of(), of()),
        (of(minimum=5), of()),
        (of(minimum=30), of(minimum=30)),
        (of(DatedSettings(D(2026, 3, 1), make.settings(**MONTH_END, minimum=30))), of()),
    ],
)
def test_what_comes_to_the_same_is_not_told(new: DesiredAccount, old: DesiredAccount) -> None:
    assert told(new, old).foreseen == ()


def test_a_line_that_is_only_watched_is_written_by_nobody() -> None:
    line = make.line(make.settings(**MONTH_END, minimum=30))
    assert told(make.desired_account(line, mode="observe"), of()).foreseen == ()


def test_a_line_that_moves_today_is_in_the_plan_instead() -> None:
    daily = make.desired_account(make.line(make.settings(minimum=30)))
    found = caused(shop(daily).entry(TODAY), shop(of()).entry(TODAY))
    assert len(found.planned.plan.changes) == 1
    assert found.foreseen == ()


def test_units_that_move_later_are_told_beside_a_price_that_moves_today() -> None:
    new = of(minimum=30, price=Decimal("24.00"))
    found = caused(shop(new).entry(TODAY), shop(of()).entry(TODAY))
    assert [change.kind for change in found.planned.plan.changes] == ["price"]
    assert [(one.after, one.monthly) for one in found.foreseen] == [(30, Decimal("480.00"))]


def test_nor_is_it_told_twice_where_an_approval_has_it_forecast() -> None:
    daily = make.desired_account(make.line(make.settings(minimum=30)))
    (change,) = shop(daily).plan(TODAY).plan.changes
    given_ = (make.approval(change),)
    new, old = (shop(one).entry(TODAY, approved=given_) for one in (daily, of()))
    assert caused(new, old).foreseen == ()


def test_only_lines_whose_rules_differ_are_forecast() -> None:
    frame = Frame(APPEND, TODAY, "USD", ())

    def found(new: DesiredAccount, old: DesiredAccount) -> int:
        works = [examined(shop(account).entry(TODAY)).works for account in (new, old)]
        return len(list(forecasts(works[0], works[1], (frame, frame), Asked(set(), set()))))

    assert (found(of(), of()), found(of(minimum=5), of())) == (0, 1)


def in_advance(account: DesiredAccount, *values: int) -> Approval:
    """Of what January comes to, by forecast."""
    (change,) = shop(account, *values).plan(TODAY, true_up=JANUARY).plan.changes
    return make.approval(change)


COUNTED = (*[10] * 18, 14)


def test_an_approval_given_in_advance_that_fits_no_more_is_told() -> None:
    approval = in_advance(of(), *COUNTED)
    found = told(of(minimum=30), of(), *COUNTED, approved=(approval,))
    assert found.voided == (approval,)


@pytest.mark.parametrize("values", [{"minimum": 12}, {"price": Decimal("20.00")}])
def test_one_that_still_fits_is_not(values: dict[str, Any]) -> None:
    approval = in_advance(of(), *COUNTED)
    assert told(of(**values), of(), *COUNTED, approved=(approval,)).voided == ()


def test_another_price_voids_it_as_well() -> None:
    approval = in_advance(of(), *COUNTED)
    entries = [
        shop(account, *COUNTED).entry(TODAY, approved=(approval,))
        for account in (of(price=Decimal("24.00")), of())
    ]
    assert caused(*entries).voided == (approval,)


def test_one_that_fitted_nothing_before_is_not_voided_by_the_edit() -> None:
    approval = in_advance(of(minimum=20), *COUNTED)
    assert told(of(minimum=30), of(), *COUNTED, approved=(approval,)).voided == ()


def test_one_that_is_taken_out_of_its_file_counts_no_more() -> None:
    approval = in_advance(of(), *COUNTED)
    new, old = shop(of(), *COUNTED).entry(TODAY), shop(of(), *COUNTED).entry(
        TODAY, approved=(approval,)
    )  # fmt: skip
    assert caused(new, old).voided == (approval,)


def test_one_of_a_line_that_leaves_the_configuration_counts_no_more() -> None:
    approval = in_advance(of(), *COUNTED)
    server = make.desired_account(
        make.line(service="managed-server", bms_service=Reference(name="Managed Server"))
    )
    new, old = (shop(one, *COUNTED).entry(TODAY, approved=(approval,)) for one in (server, of()))
    assert caused(new, old).voided == (approval,)


rules = st.fixed_dictionaries(
    {
        "over": st.sampled_from(["last", "peak", "average"]),
        "increase": st.sampled_from(["change-date", "period-start", "next-period"]),
        "decrease": st.sampled_from(["change-date", "period-start", "next-period", "never"]),
        "minimum": st.none() | st.integers(0, 30),
        "included": st.integers(0, 5).map(Decimal),
    }
)


@settings(deadline=None)
@given(new=rules, old=rules, counts=st.lists(st.integers(0, 30), min_size=19, max_size=19))
def test_the_forecast_is_what_the_period_comes_to_if_readings_stay_as_they_are(
    new: dict[str, Any], old: dict[str, Any], counts: list[int]
) -> None:
    def then(values: dict[str, Any]) -> int:
        """Units once January is over and February began."""
        world = shop(of(**values), *counts, *[counts[-1]] * 12)
        changes = world.plan(FEBRUARY).plan.changes
        return changes[-1].units_after if changes else 10

    found = told(of(**new), of(**old), *counts).foreseen
    before, after = then(old), then(new)
    if before != after:
        (one,) = found
        assert (one.before, one.after) == (before, after)
        assert one.monthly == 20 * (after - before)
    assert all(one.end == FEBRUARY for one in found)
