from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.bms.calls import ACCOUNTS, POST_ROW, ROWS
from reconciler.bms.pace import LIMIT, WINDOW, Pace
from reconciler.sandbox import Behaviour
from tests.bms.stage import stage

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@given(st.integers(1, 5), st.lists(st.integers(0, 2000), max_size=40))
def test_no_hour_ever_has_more_calls_than_the_limit(limit: int, gaps: list[int]) -> None:
    pace, now, made = Pace(limit), START, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        now += timedelta(seconds=pace.wait(ROWS, now))
        pace.note(ROWS, now)
        made.append(now)
    for first in made:
        assert sum(first <= at < first + WINDOW for at in made) <= limit


@given(st.integers(1, 5), st.integers(0, 30), st.integers(0, 30))
def test_the_estimate_is_what_the_calls_then_take(limit: int, before: int, planned: int) -> None:
    pace, now = Pace(limit), START
    for _ in range(before):
        now += timedelta(seconds=pace.wait(ROWS, now))
        pace.note(ROWS, now)
    estimate, begun = pace.estimate({ROWS: planned}, now), now
    for _ in range(planned):
        now += timedelta(seconds=pace.wait(ROWS, now))
        pace.note(ROWS, now)
    assert (now - begun).total_seconds() == estimate


def test_endpoints_are_counted_apart() -> None:
    pace = Pace(1)
    pace.note(ROWS, START)
    assert pace.wait(ROWS, START) == WINDOW.total_seconds()
    assert pace.wait(POST_ROW, START) == 0
    assert pace.estimate({ROWS: 2, POST_ROW: 1}, START) == 2 * WINDOW.total_seconds()


def test_calls_older_than_an_hour_no_longer_count() -> None:
    pace = Pace(1)
    pace.note(ROWS, START)
    assert pace.wait(ROWS, START + WINDOW) == 0
    assert pace.used(ROWS, START + WINDOW) == 0


def test_the_limit_is_the_documented_one() -> None:
    assert LIMIT == 1500
    assert Pace().estimate({ROWS: 1500}, START) == 0
    assert Pace().estimate({ROWS: 1501}, START) == 3600


def test_nothing_planned_takes_no_time() -> None:
    assert Pace().estimate({}, START) == 0


def test_one_endpoint_is_shared_by_the_searches_of_all_services() -> None:
    here = stage(Behaviour(hourly_limit=2))
    services = [here.sandbox.add_service(f"Service {n}", "1.00") for n in range(3)]
    client = here.client(pace=Pace(2))
    for service in services:
        client.rows(service)
    assert [wait.why for wait in here.waits] == ["limit"]
    assert here.clock.slept == [pytest.approx(3600)]
    assert all(request.status == 200 for request in here.sandbox.tables().requests())


def test_progress_says_how_long_it_takes() -> None:
    here = stage()
    pace = Pace(1)
    pace.note(ACCOUNTS, here.clock.now())
    here.client(pace=pace).accounts()
    assert str(here.waits[0]) == (
        "waiting 60 min at /v2/crm/accounts/summary: the hourly limit of calls is used up"
    )
