"""What a pull request stops keeping in step, in sentences."""

from __future__ import annotations

from datetime import date

from reconciler.engine.dropped import Dropped, NewlyFixed
from reconciler.model.plan import LineRef
from reconciler.model.settings import FixedUnits
from reconciler.report.dropped import in_short, next_steps, sentences

ONE = LineRef(1, "Brass", 2, "Managed", 3, "Server", "server")
TWO = LineRef(1, "Brass", 2, "Managed", 4, "Mailbox", "mailbox")


def fixed(reason: str, until: date | None = None) -> Dropped:
    return Dropped(fixed=(NewlyFixed(ONE, FixedUnits(1_000, reason, until)),))


def test_what_is_taken_out_goes_on_being_billed() -> None:
    found = Dropped(removed=(ONE, TWO))
    assert list(in_short(found)) == ["takes 2 lines out of the configuration"]
    assert list(sentences(found)) == [
        "It takes 2 lines out of the configuration: server of Brass and mailbox of Brass. BMS goes"
        " on billing them with the units they have."
    ]
    assert [step.what for step in next_steps(found)] == [
        "Make sure that what it takes out is to be billed on as it is; else end it."
    ]


def test_what_cannot_be_found_is_to_be_mended_as_its_finding_says() -> None:
    found = Dropped(lost=(ONE,))
    assert list(in_short(found)) == ["loses 1 line that BMS does not have as it is named"]
    assert list(sentences(found)) == [
        "1 line can no longer be found in BMS: server of Brass. Until that is mended nothing keeps"
        " it in step, and BMS goes on billing it with the units it has."
    ]
    assert list(next_steps(found)) == []


def test_units_that_are_fixed_are_named_with_their_end() -> None:
    assert list(in_short(fixed("agreed"))) == ["fixes the units of 1 line"]
    assert list(sentences(fixed("agreed", date(2026, 12, 31)))) == [
        "It fixes the units of 1 line, which usage moves no more: server of Brass at 1,000 up to"
        " 2026-12-31."
    ]
    assert list(next_steps(fixed("agreed"))) == []


def test_a_reason_that_waits_to_be_given_is_asked_for() -> None:
    unsaid = fixed("changed in BMS by hand from 12 to 15; fill in why")
    assert list(in_short(unsaid)) == ["fixes the units of 1 line, and nobody said why"]
    (step,) = next_steps(unsaid)
    assert step.what == "Say why units are fixed, in place of “fill in why”."


def test_where_nothing_is_dropped_nothing_is_said() -> None:
    nothing = Dropped()
    assert (*in_short(nothing), *sentences(nothing), *next_steps(nothing)) == ()
