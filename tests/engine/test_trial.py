"""A line on a contract of its own, tried through the plan's own code; and what is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reconciler.engine.compared import Expected, compare
from reconciler.engine.trial import Outcome, Trial, TrialContract, inputs_of, tried
from reconciler.model.assumptions import Assumptions
from reconciler.model.desired import Billing, DesiredLine
from reconciler.model.reading import MetricKey
from reconciler.model.settings import Term
from reconciler.model.timeline import Timeline
from tests.engine.builders import START, TERM, line, settings

D = date
ONE = timedelta(days=1)
NOVEMBER, AS_OF = D(2026, 11, 1), D(2026, 11, 30)
ASSUMED = Assumptions(line_update="append", negative_units="accepted")
MONTH_END: dict[str, Any] = {
    "adjust": "month-end",
    "over": "peak",
    "increase": "period-start",
    "decrease": "next-period",
    "late": "prorated-transaction",
}


def days(*values: int, first: date = NOVEMBER) -> dict[date, Decimal]:
    return {first + n * ONE: Decimal(value) for n, value in enumerate(values)}


def trial(
    wanted: DesiredLine,
    quantities: Mapping[date, Decimal],
    as_of: date = AS_OF,
    units: int | None = 10,
    **contract: Any,
) -> Trial:
    given: dict[str, Any] = {
        "start": START,
        "end": None,
        "cycle": "monthly",
        "billing": Billing(),
        "price": Decimal("30.00"),
        "closed_through": None,
    }
    readings = {MetricKey(TERM.product, "customer", TERM.metric): {"": quantities}}
    on = TrialContract(units=units, **{**given, **contract})
    return Trial(wanted, on, readings, as_of, ASSUMED, "USD")


@pytest.mark.parametrize(("side", "billed"), [("prorated", "150.00"), ("full", "300.00")])
def test_a_period_that_is_cut_short_is_billed_as_assumed(side: Any, billed: str) -> None:
    one = trial(line(), days(*[10] * 14), D(2026, 11, 15), end=D(2026, 11, 15))
    out = tried(replace(one, assume=replace(ASSUMED, part_period=side)), (NOVEMBER,))
    assert out.billed == {NOVEMBER: Decimal(billed)}


def test_an_increase_is_dated_and_prorated_as_a_plan_does_it() -> None:
    out = tried(trial(line(), days(*[10] * 15, *[12] * 14)), (NOVEMBER,))
    assert out.units.at(AS_OF) == 12
    assert out.changes == ((D(2026, 11, 16), 12),)
    assert (out.monthly, out.prorated) == (Decimal("60.00"), Decimal("30.00"))
    assert out.billed == {NOVEMBER: Decimal("330.00")}


def test_what_is_scheduled_is_apart_and_not_in_the_money() -> None:
    rules = settings(increase="next-period", decrease="next-period")
    out = tried(trial(line(rules), days(*[7] * 20)))
    assert out.changes == ()
    assert out.scheduled == ((D(2026, 12, 1), 7),)
    assert out.monthly == out.prorated == 0


def test_a_true_up_covers_the_whole_month() -> None:
    wanted = line(settings(**MONTH_END))
    out = tried(trial(wanted, days(*[10] * 20, 14, *[9] * 9), D(2026, 12, 1)), (NOVEMBER,))
    assert out.changes == ((NOVEMBER, 14),)
    assert out.billed == {NOVEMBER: Decimal("420.00")}


def test_a_line_that_bms_lacks_begins_with_its_first_reading() -> None:
    out = tried(trial(line(), days(3, 3, first=D(2026, 11, 10)), units=None), (NOVEMBER,))
    assert out.changes == ((D(2026, 11, 10), 3),)
    assert out.units.at(D(2026, 11, 9)) == 0
    assert out.billed[NOVEMBER] == Decimal("63.00")


def test_the_configured_price_is_billed_and_its_change_is_money() -> None:
    out = tried(trial(line(settings(price=Decimal("33.00"))), days(*[10] * 29)), (NOVEMBER,))
    assert out.changes == ()
    assert out.monthly == Decimal("30.00")
    assert out.billed == {NOVEMBER: Decimal("330.00")}


def test_months_outside_the_contract_bill_nothing() -> None:
    short = trial(line(), days(10), D(2026, 11, 2), end=D(2026, 11, 30), start=NOVEMBER)
    months = (D(2026, 10, 1), NOVEMBER, D(2026, 12, 1))
    assert [tried(short, months).billed[month] for month in months] == [0, Decimal("300.00"), 0]


def test_an_invoiced_day_is_not_moved_under_late_next_period() -> None:
    rules = settings(late="next-period")
    closed = trial(line(rules), days(*[12] * 29), closed_through=AS_OF)
    assert tried(closed).scheduled == ((D(2026, 12, 1), 12),)


def test_each_term_reads_its_own_organizations() -> None:
    edr = Term("datto-edr", "total-devices", subtract=True)
    one = trial(line(replace(settings(), count=(TERM, edr))), days(5))
    more = {MetricKey("datto-edr", "other", "total-devices"): {"": days(2)}}
    made = inputs_of(replace(one, readings={**one.readings, **more}))
    assert [(entry.key.organization, entry.subtract) for entry in made] == [
        ("customer", False),
        ("other", True),
    ]
    assert [entry.key.organization for entry in inputs_of(one)] == ["customer"]


def outcome(**values: Any) -> Outcome:
    given: dict[str, Any] = {
        "units": Timeline(((NOVEMBER, 10), (D(2026, 11, 16), 12))),
        "as_of": AS_OF,
        "changes": ((D(2026, 11, 16), 12),),
        "scheduled": (),
        "monthly": Decimal("60.00"),
        "prorated": Decimal("30.00"),
        "billed": {NOVEMBER: Decimal("330.00")},
    }
    return Outcome(**{**given, **values})


FITTING = Expected(
    units=12,
    days=((NOVEMBER, D(2026, 11, 15), 10), (D(2026, 11, 16), AS_OF, 12)),
    changes=((D(2026, 11, 16), 12),),
    scheduled=(),
    monthly=Decimal(60),
    prorated=Decimal("30.0"),
    billed={NOVEMBER: Decimal(330)},
)


def test_what_fits_has_no_difference() -> None:
    assert compare(FITTING, outcome()) == ()
    assert compare(Expected(), outcome()) == ()


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (Expected(units=11), "units on 2026-11-30: expected 11, found 12"),
        (
            Expected(days=((D(2026, 10, 31), D(2026, 11, 17), 10),)),
            "units on 2026-10-31: expected 10, found unknown;"
            " units on 2026-11-16..2026-11-17: expected 10, found 12",
        ),
        (Expected(changes=()), "changes: expected none, found 12 from 2026-11-16"),
        (
            Expected(scheduled=((D(2026, 12, 1), 8),)),
            "scheduled: expected 8 from 2026-12-01, found none",
        ),
        (Expected(monthly=Decimal(0)), "money per month: expected 0, found 60.00"),
        (Expected(prorated=Decimal(-1)), "money prorated: expected -1, found 30.00"),
        (
            Expected(billed={NOVEMBER: Decimal(300)}),
            "billed in 2026-11: expected 300, found 330.00",
        ),
    ],
)
def test_what_differs_is_named(expected: Expected, said: str) -> None:
    assert "; ".join(map(str, compare(expected, outcome()))) == said


def test_unknown_money_is_never_what_was_expected() -> None:
    (one,) = compare(Expected(billed={NOVEMBER: Decimal(0)}), outcome(billed={NOVEMBER: None}))
    assert one.found == "unknown"
