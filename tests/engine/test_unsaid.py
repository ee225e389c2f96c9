"""Fixed units whose reason nobody gave are told while they count, in the words of the file."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.model.settings import FixedUnits, LineSettings
from tests.engine import builders as make
from tests.engine.play import World

TODAY = date(2026, 1, 10)
TAKEN_OVER = "changed in BMS by hand from 10 to 15; fill in why"


def told(reason: str, until: date | None = None, last_day: date | None = None) -> list[str]:
    settings = LineSettings(count=(make.TERM,), fixed=FixedUnits(10, reason, until))
    line = make.line(settings, last_day=last_day)
    world = World(
        [make.desired_account(line)], {("Brass", "total-devices"): make.series(*[10] * 9)}
    )
    return [one.message for one in world.plan(TODAY).plan.findings if one.code == "POL010"]


@pytest.mark.parametrize("reason", [TAKEN_OVER, "fill in why"])
def test_the_whole_reason_of_the_file_is_quoted(reason: str) -> None:
    (message,) = told(reason)
    assert message.endswith(f"has 10 fixed, with no end and “{reason}” as reason")


def test_a_reason_that_only_speaks_of_the_words_is_one() -> None:
    assert told("the office asked us to fill in why on the ticket, see #12") == []
    assert told("they were asked to fill in why") == []


def test_units_of_a_line_whose_last_day_is_over_are_not_told() -> None:
    assert told(TAKEN_OVER, last_day=date(2026, 1, 9)) == []


def test_the_last_day_of_the_line_is_an_end_too() -> None:
    (message,) = told(TAKEN_OVER, last_day=TODAY)
    assert "with 2026-01-10 as the last day" in message
    (message,) = told(TAKEN_OVER, until=date(2026, 1, 12), last_day=date(2026, 1, 20))
    assert "with 2026-01-12 as the last day" in message
