"""One run a night, each with the invoices of its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reconciler.engine import nightly as module
from reconciler.engine.invoiced import Closing, closed_on, closings, run_on_or_after
from reconciler.engine.nightly import asks_for_invoices, nightly
from reconciler.engine.question import Question
from reconciler.model.bms import Invoice
from reconciler.model.desired import Billing
from reconciler.model.settings import DatedSettings
from reconciler.model.timeline import Timeline
from tests.engine.builders import START, an_input, line, monthly, series, settings

D = date
END = D(2026, 4, 1)
INVOICES = [
    Closing(D(2026, 1, 1), D(2026, 1, 31)),
    Closing(D(2026, 2, 3), D(2026, 2, 28)),
    Closing(D(2026, 4, 1), D(2026, 3, 31)),
]
POLICIES: list[dict[str, Any]] = [
    {"late": "next-period"},
    {"credits": "hold"},
    {"credits": "hold", "decrease": "next-period"},
    {"late": "next-period", "over": "peak", "increase": "period-start"},
    {"adjust": "month-end", "late": "next-period", "over": "peak", "carry": "last"},
    {"adjust": "month-end", "credits": "hold", "over": "average", "gap_days": 2},
]


def question(values: Sequence[int | None], policy: dict[str, Any]) -> Question:
    return Question(
        line=line(settings(**policy)),
        inputs=[an_input(series(*values))],
        schedule=monthly(),
        first=START,
        as_of=END,
        known=Timeline(((date.min, 5),)),
        exists=True,
    )


def every_night(asked: Question) -> list[date]:
    return [asked.first + timedelta(n) for n in range(1, (asked.as_of - asked.first).days + 1)]


@hypothesis_settings(max_examples=60)
@given(
    st.lists(st.sampled_from([3, 5, 5, 5, 8, None]), min_size=80, max_size=90),
    st.sampled_from(POLICIES),
)
def test_nights_and_readings_that_are_left_out_change_nothing(
    values: list[int | None], policy: dict[str, Any]
) -> None:
    asked = question(values, policy)
    found = nightly(asked, INVOICES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_nights", lambda asked, _: every_night(asked))
        patch.setattr(module, "_read_for", lambda asked, _: asked.inputs)
        assert nightly(asked, INVOICES) == found


def test_a_reading_before_the_invoice_counts_and_one_after_it_waits() -> None:
    before, after = ([5] * day + [8] * (90 - day) for day in (31 + 1, 31 + 10))
    policy = {"late": "next-period"}
    assert nightly(question(before, policy), INVOICES).steps[1:] == ((D(2026, 2, 2), 8),)
    assert nightly(question(after, policy), INVOICES).steps[1:] == ((D(2026, 3, 1), 8),)


@pytest.mark.parametrize(
    ("invoice_on", "run", "day"),
    [("start", 1, D(2026, 2, 1)), ("start", 5, D(2026, 2, 5)), ("end", 1, D(2026, 3, 1))],
)
def test_an_invoice_is_made_by_the_first_run_that_can(invoice_on: Any, run: int, day: date) -> None:
    invoice = Invoice(1, 10, D(2026, 2, 1), D(2026, 2, 28))
    (found,) = closings([invoice], Billing(invoice=invoice_on), run)
    assert found == Closing(day, D(2026, 2, 28))
    assert closed_on([found], day) is None
    assert closed_on([found], day + timedelta(1)) == D(2026, 2, 28)


def test_the_day_that_bms_made_it_wins() -> None:
    invoice = Invoice(1, 10, D(2026, 2, 1), D(2026, 2, 28), D(2026, 2, 9))
    (found,) = closings([invoice], Billing(), 1)
    assert found.day == D(2026, 2, 9)


def test_a_short_month_bills_on_its_last_day() -> None:
    assert run_on_or_after(D(2026, 2, 1), 31) == D(2026, 2, 28)


def test_only_policies_that_leave_invoices_alone_ask_for_them() -> None:
    later = DatedSettings(D(2026, 3, 1), settings(late="next-period"))
    assert asks_for_invoices(line(settings(credits="hold")))
    assert asks_for_invoices(line(settings(), later))
    assert not asks_for_invoices(line(settings(late="prorated-transaction")))
