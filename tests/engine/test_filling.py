"""USG006 names the days that were filled into a count, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reconciler.model.desired import DesiredLine, Exclusion, OrganizationRef
from reconciler.model.settings import DatedSettings, FixedUnits
from tests.engine import builders as make
from tests.engine.play import World, brass

D = date
GAPS = make.settings(gap_days=3)
TENTH = (*[10] * 10, None, *[10] * 9)
"""Ten on each day of January, and no reading of the 11th."""


def filled(as_of: date, line: DesiredLine, *values: int | None, **more: Any) -> str:
    """The days told, after the line's name; empty where none are."""
    world = brass(*values)
    world.contracts = [make.a_contract(start=D(2025, 12, 1), **more.pop("contract", {}))]
    world.accounts = [make.desired_account(line, **more)]
    return told(world, as_of)


def told(world: World, as_of: date) -> str:
    texts = [one.message for one in world.plan(as_of).plan.findings if one.code == "USG006"]
    return ", ".join(text.partition(": filled ")[2] for text in texts)


def test_a_day_that_is_filled_is_named() -> None:
    assert filled(D(2026, 1, 21), make.line(GAPS), *TENTH) == "2026-01-11"


def test_a_day_that_is_excluded_is_not_filled() -> None:
    until = [Exclusion("a trial", product="datto-rmm", until=D(2026, 1, day)) for day in (10, 11)]
    assert filled(D(2026, 1, 21), make.line(GAPS), *TENTH, exclusions=until[:1]) == "2026-01-11"
    assert filled(D(2026, 1, 21), make.line(GAPS), *TENTH, exclusions=until[1:]) == ""


@pytest.mark.parametrize(
    ("until", "days"), [(None, ""), (D(2026, 1, 11), ""), (D(2026, 1, 10), "2026-01-11")]
)
def test_a_day_of_fixed_units_is_not_filled(until: date | None, days: str) -> None:
    line = make.line(make.settings(gap_days=3, fixed=FixedUnits(10, "agreed", until)))
    assert filled(D(2026, 1, 21), line, *TENTH) == days


@pytest.mark.parametrize(("last", "days"), [(10, ""), (11, "2026-01-11"), (12, "2026-01-11")])
def test_a_day_after_the_last_is_not_filled(last: int, days: str) -> None:
    line = make.line(GAPS, last_day=D(2026, 1, last))
    assert filled(D(2026, 1, 21), line, *TENTH) == days
    line = make.line(GAPS)
    ends = {"end": D(2026, 1, last)}
    assert filled(D(2026, 1, 13), line, *TENTH, contract=ends) == days


def test_gaps_are_filled_by_the_settings_of_their_day() -> None:
    dated = (DatedSettings(date.min, make.settings()), DatedSettings(D(2026, 1, 8), GAPS))
    values = (*[10] * 3, None, *[10] * 6, None, *[10] * 9)
    assert filled(D(2026, 1, 21), make.line(*dated), *values) == "2026-01-11"


def test_a_day_of_which_another_reading_is_missing_for_good_is_not_filled() -> None:
    """The count of both is unknown; neither's carried reading is in it."""
    world = brass(*TENTH)
    refs = {"datto-rmm": tuple(OrganizationRef(name=name) for name in ("Brass", "Lab"))}
    world.accounts = [make.desired_account(make.line(GAPS), organizations=refs)]
    world.series["Lab", "total-devices"] = make.series(*[1] * 6, *[None] * 9, *[1] * 5)
    assert told(world, D(2026, 1, 21)) == "2026-01-07, 2026-01-08, 2026-01-09"
