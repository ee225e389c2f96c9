from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.bms.dates import Dates, read_instant

ZONES = ["America/New_York", "Europe/Berlin", "Pacific/Auckland", "America/Sao_Paulo", "UTC"]
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(DAYS, st.sampled_from(ZONES), st.sampled_from(["local", "utc"]))
def test_a_day_written_is_the_day_read(
    day: date, zone: str, date_zone: Literal["local", "utc"]
) -> None:
    dates = Dates(zone, date_zone)
    assert dates.read(dates.write(day)) == day


def test_local_is_midnight_without_an_offset() -> None:
    assert Dates("America/New_York", "local").write(date(2026, 11, 15)) == "2026-11-15T00:00:00"


@pytest.mark.parametrize(
    ("day", "text"),
    [(date(2026, 7, 1), "2026-07-01T04:00:00Z"), (date(2026, 11, 15), "2026-11-15T05:00:00Z")],
)
def test_utc_is_the_instant_of_local_midnight(day: date, text: str) -> None:
    assert Dates("America/New_York", "utc").write(day) == text


@pytest.mark.parametrize(
    "text",
    ["2026-11-15T00:00:00", "2026-11-15", "2026-11-15T00:00:00Z", "2026-11-15T23:59:59.9999999"],
)
def test_under_local_the_day_is_the_one_written(text: str) -> None:
    assert Dates("America/New_York", "local").read(text) == date(2026, 11, 15)


def test_under_utc_a_missing_offset_means_utc() -> None:
    dates = Dates("America/New_York", "utc")
    assert dates.read("2026-11-15T05:00:00") == date(2026, 11, 15)
    assert dates.read("2026-11-15T04:59:59Z") == date(2026, 11, 14)


def test_east_of_utc_the_instant_is_on_the_day_before() -> None:
    dates = Dates("Pacific/Auckland", "utc")
    assert dates.write(date(2026, 11, 15)) == "2026-11-14T11:00:00Z"
    assert dates.read("2026-11-14T11:00:00Z") == date(2026, 11, 15)


@pytest.mark.parametrize("text", ["", "soon", "15.11.2026", "2026-13-01"])
@pytest.mark.parametrize("date_zone", ["local", "utc"])
def test_what_is_no_date_is_an_error(text: str, date_zone: Literal["local", "utc"]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Dates("UTC", date_zone).read(text)


def test_an_instant_without_an_offset_is_utc() -> None:
    assert read_instant("2026-11-15T12:00:00") == datetime(2026, 11, 15, 12, tzinfo=UTC)


def test_the_local_day_of_an_instant() -> None:
    late = datetime(2026, 11, 16, 4, 59, tzinfo=UTC)
    assert Dates("America/New_York", "local").day(late) == date(2026, 11, 15)
