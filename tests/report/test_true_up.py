from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import get_args

import pytest

from reconciler.model.desired import IfUnmerged
from reconciler.model.plan import NextStart, TrueUp
from reconciler.report import plan_json, plan_markdown
from reconciler.report.asking_markdown import monthly
from reconciler.report.true_up import headline, sentences
from tests.report.example import BRASS, CHANGES, IN_STEP, PLAN, line

DAYS = tuple(date(2026, 11, day) for day in range(23, 31))
SERVER = line(BRASS, "managed-server")
DECEMBER = date(2026, 12, 1)
RUNNING = TrueUp(
    "2026-11",
    datetime.combine(DECEMBER, time(6)),
    "America/New_York",
    provisional=DAYS,
    starts=(NextStart(SERVER, DECEMBER, 4), NextStart(line(BRASS, "mailbox"), DECEMBER, 90)),
)
FORECAST = replace(
    IN_STEP,
    changes=(replace(CHANGES[0], line=SERVER, standing="scheduled", because=("TRU001",)),),
    true_up=RUNNING,
)


def test_a_forecast_is_not_called_in_step() -> None:
    assert headline(FORECAST, RUNNING) == (
        "True-up of 2026-11, provisional: 1 change, +88.00 USD per month."
    )
    assert "In step" not in plan_markdown.render(FORECAST)


def test_a_closed_month_has_the_ordinary_verdict() -> None:
    closed = replace(RUNNING, provisional=())
    assert headline(replace(PLAN, true_up=closed), closed) is None


def test_it_says_by_when_what_is_provisional_and_what_comes_next() -> None:
    by, provisional, start, rest = sentences(FORECAST, RUNNING)
    assert by == (
        "Must be merged by 2026-12-01 06:00 America/New_York, before the next invoice run."
    )
    assert provisional == "Provisional: the newest readings stand for 2026-11-23 to 2026-11-30."
    assert "managed-server" in start
    assert start.endswith("starts on 2026-12-01 with 4.")
    assert rest == "1 line without a change: the next period starts the same."


def test_an_invoice_run_that_has_passed_is_said() -> None:
    assert sentences(FORECAST, replace(RUNNING, is_over=True))[0] == (
        "Was to be merged by 2026-12-01 06:00 America/New_York: that invoice run has passed, and"
        " what is dated before it is billed a month later."
    )


def test_what_the_schedule_writes_need_not_be_merged() -> None:
    scheduled = replace(RUNNING, needs_merge=False)
    assert sentences(FORECAST, scheduled)[0] == (
        "The daily run writes it where modes and guards allow; the rest is to be approved by"
        " 2026-12-01 06:00 America/New_York, before the next invoice run."
    )
    over = sentences(FORECAST, replace(scheduled, is_over=True))[0]
    assert over.startswith("Was to be written by 2026-12-01 06:00")


@pytest.mark.parametrize("if_unmerged", get_args(IfUnmerged))
def test_what_asks_for_it_says_what_comes_if_nobody_merges_only_until_then(
    if_unmerged: IfUnmerged,
) -> None:
    asked = monthly(FORECAST, FORECAST.changes, if_unmerged).lead
    assert any("nobody merges" in sentence for sentence in asked)
    late = replace(FORECAST, true_up=replace(RUNNING, is_over=True))
    told = " ".join(monthly(late, late.changes, if_unmerged).lead)
    assert ("Was to be merged by" in told, "nobody merges" in told) == (True, False)


def test_a_true_up_comes_back_from_its_json() -> None:
    assert plan_json.loads(plan_json.dumps(FORECAST)) == FORECAST
