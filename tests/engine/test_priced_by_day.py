"""Units dated before the day of a new price have the price of their own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.engine.bound import PriceBack
from reconciler.engine.plan import Planned
from reconciler.engine.priced_by_day import price_on_day
from reconciler.model.bms import Invoice
from reconciler.model.desired import TrueUps
from reconciler.model.plan import Change
from reconciler.model.settings import DatedSettings
from tests.engine import builders as make
from tests.engine.play import APPEND, UPSERT, World, brass
from tests.engine.test_reverting import write

D = date
RISE = D(2026, 2, 1)
OLD, NEW = Decimal("20.00"), Decimal("30.00")
MONTH_END = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
}
BOTH = pytest.mark.parametrize("assume", [APPEND, UPSERT], ids=["append", "upsert"])
OWN = pytest.mark.parametrize("before", [OLD, None], ids=["named", "the-lines-own"])


def rising(*values: int, before: Decimal | None = OLD, **more: Any) -> World:
    """Ten units at 20.00, and 30.00 from the first of February."""
    policy = {**MONTH_END, **more.pop("policy", {})}
    world = brass(*values, **more)
    world.accounts = (
        make.desired_account(
            make.line(
                DatedSettings(D.min, make.settings(**policy, price=before)),
                DatedSettings(RISE, make.settings(**policy, price=NEW)),
            )
        ),
    )
    return world


PEAK = (*[10] * 20, *[14] * 11)
"""January's, and nothing of February."""


def told(planned: Planned) -> list[tuple[str, str, int, str, str]]:
    return [
        (c.kind, str(c.day), c.units_after, str(c.price), c.standing) for c in planned.plan.changes
    ]


def prices(world: World) -> set[Decimal]:
    return {row.price for row, _ in world.rows}


@BOTH
@OWN
def test_a_true_up_comes_before_the_price_and_without_it(
    assume: Any, before: Decimal | None
) -> None:
    world = rising(*PEAK, before=before, assume=assume)
    planned = world.plan(RISE)
    assert told(planned) == [
        ("units", "2026-01-01", 14, "20.00", "ready"),
        ("price", "2026-02-01", 10, "30.00", "ready"),
    ]
    trueup, price = planned.plan.changes
    # January at 20, February at 30; and ten units that go from 20 to 30.
    assert (trueup.money.monthly, trueup.money.prorated) == (4 * NEW, 4 * OLD + 4 * NEW)
    assert price.money.monthly == 10 * (NEW - OLD)
    assert trueup.steps[-1].what == "price on 2026-01-01"
    world.apply(planned)
    assert prices(world) == {NEW}
    assert world.plan(RISE).plan.verdict == "in-step"


def test_what_an_invoice_covers_already_is_billed_at_the_price_of_the_write() -> None:
    world = rising(*PEAK, policy={"late": "prorated-transaction"})
    world.invoices = [Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31))]
    assert world.plan(RISE).plan.changes[0].money.prorated == 4 * OLD + 4 * NEW
    world.invoices.append(Invoice(2, 10, D(2026, 2, 1), D(2026, 2, 28)))
    assert world.plan(RISE).plan.changes[0].money.prorated == 8 * OLD


@BOTH
def test_a_price_does_not_wait_for_a_true_up_that_comes_too_late(assume: Any) -> None:
    world = rising(*PEAK, assume=assume)
    world.invoices = [Invoice(1, 10, D(2026, 1, 1), D(2026, 1, 31))]
    planned = world.plan(RISE)
    held, *written = [(c.kind, c.standing, c.because) for c in planned.plan.changes]
    assert held == ("units", "held", ("POL001",))
    # Units may be added to what no invoice covers; a total of later days would be in the way.
    after = [("units", "ready", ())] if assume == APPEND else []
    assert sorted(written) == [("price", "ready", ()), *after]
    world.apply(planned)
    assert prices(world) == {NEW}
    again = world.plan(RISE)
    assert told(again) == [("units", "2026-01-01", 14, "20.00", "held")]


@BOTH
@OWN
def test_a_true_up_that_is_merged_after_the_price_has_its_own_and_the_price_goes_with_it(
    assume: Any, before: Decimal | None
) -> None:
    rules = {"true_up": TrueUps(by="pull-request")}
    world = rising(*PEAK, before=before, assume=assume, state=rules)
    world.apply(world.plan(RISE))
    assert prices(world) == {NEW}
    waiting = world.plan(RISE)
    trueup, after = waiting.plan.changes
    assert (trueup.because, after.because) == (("TRU002",), ("POL006",))
    later = world.plan(RISE, approved=(make.approval(trueup),))
    assert told(later) == [
        ("units", "2026-01-01", 14, "20.00", "ready"),
        ("price", "2026-02-01", 14, "30.00", "ready"),
    ]
    assert later.plan.totals.monthly == 4 * NEW
    world.apply(later)
    assert prices(world) == {NEW}
    assert world.plan(RISE).plan.verdict == "in-step"


def test_the_forecast_of_a_month_has_the_price_of_its_days() -> None:
    world = rising(*PEAK[:-3])
    forecast = world.plan(D(2026, 1, 29), true_up=D(2026, 1, 1)).plan.changes
    world.series["Brass", "total-devices"] = make.series(*PEAK)
    closed = world.plan(RISE, true_up=D(2026, 1, 1)).plan.changes
    assert [(c.id, c.money.monthly) for c in forecast] == [(closed[0].id, closed[0].money.monthly)]
    assert [c.kind for c in closed] == ["units", "price"]


def test_nothing_is_levelled_of_an_account_that_is_only_watched() -> None:
    world = rising(*PEAK)
    world.apply(world.plan(RISE))
    world.series["Brass", "total-devices"] = make.series(*PEAK[:-1], 15)
    (line,) = world.accounts[0].contracts[0].lines
    world.accounts = (make.desired_account(line, mode="observe"),)
    assert [c.kind for c in world.plan(RISE).plan.changes] == ["units"]


def test_where_a_merge_is_reverted_every_day_has_the_price_of_today() -> None:
    (work,) = rising(*PEAK).plan(RISE).examined.works
    day = D(2026, 1, 31)
    assert price_on_day(work, day, RISE) == (OLD, "config")
    back = replace(work, bound=replace(work.bound, price_back=PriceBack(NEW, write(1, 10, 14))))
    assert price_on_day(back, day, RISE) == (NEW, "config")


@settings(max_examples=40)
@given(
    values=st.lists(st.integers(1, 20), min_size=32, max_size=50),
    first=st.integers(25, 50),
    adjust=st.sampled_from(["daily", "month-end"]),
    increase=st.sampled_from(["change-date", "period-start"]),
)
def test_whatever_is_written_has_the_price_of_its_day_and_ends_at_that_of_today(
    values: list[int], first: int, adjust: str, increase: str
) -> None:
    world = rising(*values, policy={"adjust": adjust, "increase": increase})
    for offset in range(min(first, len(values)), len(values) + 1):
        as_of = make.START + offset * make.ONE_DAY
        world.series["Brass", "total-devices"] = make.series(*values[:offset])
        planned = world.plan(as_of)
        units = [c for c in planned.plan.changes if c.kind != "price" and c.standing == "ready"]
        assert all(_is_of_its_day(change) for change in units)
        world.apply(planned)
        assert prices(world) == {NEW if as_of >= RISE else OLD}
        assert world.plan(as_of).plan.verdict == "in-step"


def _is_of_its_day(change: Change) -> bool:
    return change.price == (NEW if change.day >= RISE else OLD)
