"""The sandbox's own time, and how its days are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from reconciler.sandbox import Sandbox
from tests.sandbox.conftest import Bms

Make = Callable[..., Bms]


def test_a_day_means_its_local_noon(bms: Bms) -> None:
    assert bms.sandbox.now() == datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert bms.sandbox.today() == date(2026, 11, 23)


def test_a_time_without_offset_is_local(bms: Bms) -> None:
    bms.sandbox.set_clock(datetime(2026, 7, 1, 23, 30))  # noqa: DTZ001  local on purpose
    assert bms.sandbox.now() == datetime(2026, 7, 2, 3, 30, tzinfo=UTC)
    assert bms.sandbox.today() == date(2026, 7, 1)


def test_time_stands_still_until_it_is_moved(bms: Bms) -> None:
    before = bms.sandbox.now()
    bms.sandbox.advance(timedelta(days=2, minutes=5))
    assert bms.sandbox.now() - before == timedelta(days=2, minutes=5)


def test_a_clock_that_was_never_set_is_the_real_one() -> None:
    sandbox = Sandbox.create(":memory:")
    assert abs(sandbox.now() - datetime.now(UTC)) < timedelta(seconds=5)
    sandbox.set_clock(date(2030, 1, 1))
    assert sandbox.today() == date(2030, 1, 1)
    sandbox.set_clock(None)
    assert abs(sandbox.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_local_dates_have_no_offset(make_bms: Make) -> None:
    bms = make_bms(date_zone="local")
    assert bms.rows()[0]["effectivedate"] == "2025-01-15T00:00:00"
    assert bms.post(1, "2026-11-20")["result"]["effectivedate"] == "2026-11-20T00:00:00"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-07-01T00:00:00", date(2026, 6, 30)),
        ("2026-07-01T04:00:00Z", date(2026, 7, 1)),
        ("2026-07-01T00:00:00-04:00", date(2026, 7, 1)),
    ],
)
def test_in_utc_a_date_without_offset_is_another_day(make_bms: Make, sent: str, kept: date) -> None:
    bms = make_bms(date_zone="utc")
    bms.post(1, EffectiveDate=sent)
    assert bms.sandbox.tables().rows()[-1].date == kept


def test_in_utc_dates_are_the_instant_of_local_midnight(make_bms: Make) -> None:
    bms = make_bms(date_zone="utc")
    assert bms.rows()[0]["effectivedate"] == "2025-01-15T05:00:00Z"
    bms.post(1, EffectiveDate="2026-07-01T04:00:00Z")
    assert bms.rows()[1]["effectivedate"] == "2026-07-01T04:00:00Z"


def test_locally_an_offset_moves_the_day_it_names(bms: Bms) -> None:
    bms.post(1, EffectiveDate="2026-11-20T00:00:00Z")
    assert bms.sandbox.tables().rows()[-1].date == date(2026, 11, 19)


def test_the_local_day_decides_what_is_effective(make_bms: Make) -> None:
    bms = make_bms()
    bms.post(5, "2026-11-24")
    bms.sandbox.set_clock(datetime(2026, 11, 24, 4, 59, tzinfo=UTC))
    bms.log_in()
    assert bms.price() == 220
    bms.sandbox.set_clock(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    assert bms.price() == 330
