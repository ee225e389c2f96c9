"""What periods began with in BMS, before true-ups that are dated back to their first day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reconciler.engine.begun import begun_with
from reconciler.engine.known import known_line
from reconciler.model.ledgered import KnownFact
from tests.engine import builders as make
from tests.engine.test_lines import bound

D = date
JANUARY, FEBRUARY, MARCH = D(2026, 1, 1), D(2026, 2, 1), D(2026, 3, 1)
TRUED = {"adjust": "month-end", "increase": "period-start", "decrease": "next-period"}
BASELINE = make.fact(10, D(2025, 6, 1))


def wrote(units: int, day: date, on: date, **more: Any) -> KnownFact:
    """At noon of a day."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    given = {"ref": f"W{on:%m%d}{day:%m%d}", "source": "reply", "recorded_at": at}
    return make.fact(units, day, **{**given, **more})


def begun(*facts: KnownFact, zone: str = "UTC", **policy: Any) -> dict[date, int | None]:
    line = bound(D(2025, 1, 1))
    trued = make.line(make.settings(**{**TRUED, **policy}))
    known = known_line([make.a_row()], [BASELINE, *facts], agreed=True)
    return dict(begun_with(replace(line, line=trued), known, ZoneInfo(zone)))


def test_a_true_up_is_left_out_of_its_own_day_alone() -> None:
    january = wrote(5, JANUARY, FEBRUARY)
    lowered = wrote(-3, FEBRUARY, FEBRUARY)
    assert begun(january, lowered) == {JANUARY: 10}
    february = wrote(4, FEBRUARY, MARCH)
    assert begun(january, lowered, february) == {JANUARY: 10, FEBRUARY: 12}


def test_units_in_all_are_left_out_alike() -> None:
    january = wrote(15, JANUARY, FEBRUARY, effect="set")
    lowered = wrote(12, FEBRUARY, FEBRUARY, effect="set")
    again = wrote(16, FEBRUARY, MARCH, effect="set")
    assert begun(january, lowered, again) == {JANUARY: 10, FEBRUARY: 12}


@pytest.mark.parametrize(
    ("fact", "policy"),
    [
        (wrote(5, JANUARY, D(2026, 1, 31)), {}),
        (wrote(5, D(2026, 1, 2), FEBRUARY), {}),
        (wrote(5, JANUARY, FEBRUARY), {"adjust": "daily"}),
        (wrote(5, JANUARY, FEBRUARY), {"increase": "next-period"}),
        (wrote(5, JANUARY, FEBRUARY), {"increase": "change-date"}),
        (wrote(-5, JANUARY, FEBRUARY), {}),
        (wrote(5, JANUARY, FEBRUARY, effect="set"), {}),
        (wrote(5, JANUARY, FEBRUARY, ref=None), {}),
        (wrote(5, JANUARY, FEBRUARY, recorded_at=None), {}),
        (wrote(5, D(2024, 12, 1), FEBRUARY), {}),
    ],
    ids=[
        "within-its-period",
        "on-another-day",
        "daily",
        "for-the-next-period",
        "from-its-day",
        "lowers-for-the-next-period",
        "lowers-units-in-all",
        "not-ours",
        "nobody-knows-when",
        "before-the-contract",
    ],
)
def test_what_is_no_true_up_that_is_dated_back_stays(
    fact: KnownFact, policy: dict[str, str]
) -> None:
    assert begun(fact, **policy) == {}


def test_a_decrease_is_one_where_the_policy_dates_it_back() -> None:
    back = {"increase": "next-period", "decrease": "period-start"}
    assert begun(wrote(-5, JANUARY, FEBRUARY), **back) == {JANUARY: 10}
    assert begun(wrote(5, JANUARY, FEBRUARY, effect="set"), **back) == {JANUARY: 10}


def test_a_write_has_the_tenants_day() -> None:
    late = datetime(2026, 2, 1, 3, tzinfo=UTC)
    written = wrote(5, JANUARY, FEBRUARY, recorded_at=late)
    assert begun(written) == {JANUARY: 10}
    assert begun(written, zone="America/New_York") == {}


def test_a_line_that_a_true_up_began_began_with_nothing() -> None:
    line = bound(D(2025, 1, 1))
    trued = replace(line, line=make.line(make.settings(**TRUED)))
    known = known_line([make.a_row()], [wrote(5, JANUARY, FEBRUARY)], agreed=True)
    assert begun_with(trued, known, UTC) == {JANUARY: None}
