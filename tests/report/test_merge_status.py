"""How far a merge has come, in a line."""

from __future__ import annotations

from reconciler.report.merge_status import Waiting, ended, written


def test_what_is_held_is_not_told_as_nothing_to_write() -> None:
    told = written((), "USD", waiting=Waiting(held=1))
    assert told == "1 change held; the daily run asks for approval."
    assert ended((), None, told, "https://run", waiting=1).startswith("⚠️ 1 change held")


def test_what_a_person_makes_in_bms_is_said_and_is_not_done() -> None:
    told = written((), "USD", waiting=Waiting(by_hand=2))
    assert told == "2 changes to be made by hand in BMS, as listed above."
    assert ended((), None, told, "https://run", waiting=2).startswith("⚠️ 2 changes to be made")


def test_what_does_not_fit_bms_is_no_merge_that_went_well() -> None:
    told = written((), "USD", waiting=Waiting(wrong=1))
    assert told == "1 error to be mended, as told above."
    assert ended((), None, told, "https://run", waiting=1).startswith("⚠️")


def test_where_nothing_is_held_nothing_is_said_of_it() -> None:
    told = written((), "USD")
    assert "held" not in told
    assert ended((), None, told, "https://run").startswith("✅")


def test_edited_lines_without_a_plan_are_no_merge_with_nothing_to_write() -> None:
    told = written((), "USD", waiting=Waiting(unplanned=1))
    assert told == (
        "What it says of 1 line could not be planned, as told above; a daily run plans it when that"
        " is mended."
    )
    assert ended((), None, told, "https://run", waiting=1).startswith("⚠️")
