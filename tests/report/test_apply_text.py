from __future__ import annotations

import json
import time
from typing import get_args

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.apply.moments import Moment, Watch
from reconciler.model.outcome import Applied, Result
from reconciler.report.apply_text import (
    RESULTS,
    ApplyProgress,
    dumps,
    render_summary,
    summary,
)
from tests.report.example import CHANGES
from tests.report.screen import console, shown

APPLIED = (
    Applied(CHANGES[0], "done", "7F3A9C"),
    Applied(CHANGES[3], "done", "7F3A9D"),
    Applied(CHANGES[2], "refused", "7F3A9E", "Service is not active\x1b[2J"),
    Applied(CHANGES[4], "in-doubt", "7F3A9F"),
    Applied(CHANGES[1], "not-reached"),
)


def test_progress_names_every_change_once(snapshot: SnapshotAssertion) -> None:
    terminal = console(120)
    with ApplyProgress(terminal, "USD", 2) as progress:
        for change in CHANGES[:2]:
            for moment in get_args(Moment):
                progress(moment, change)
    assert shown(terminal) == snapshot


def test_a_terminal_shows_what_is_under_way() -> None:
    terminal = console(120, colour=True)
    with ApplyProgress(terminal, "USD", 1) as progress:
        progress("starting", CHANGES[0])
        progress("settled", CHANGES[0])
        time.sleep(0.2)
    assert "1/1 Brass Building Supplies" in shown(terminal)
    assert "reading back" in shown(terminal)


def test_a_run_that_a_person_ends_says_how_far_it_came() -> None:
    terminal = console(120)
    progress = ApplyProgress(terminal, "USD", 2)
    progress.__enter__()
    for change in CHANGES[:2]:
        progress("starting", change)
    progress.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert "Stopped at change 2 of 2. Those before it are written" in shown(terminal)


def test_the_executor_can_call_it() -> None:
    terminal = console(80)
    watch: Watch = ApplyProgress(terminal, "USD", 1)
    watch("starting", CHANGES[0])
    assert "1/1 Brass" in shown(terminal)


def stopped_midway() -> None:
    with ApplyProgress(console(80, colour=True), "USD", 1) as progress:
        progress("starting", CHANGES[0])
        raise ZeroDivisionError


def test_an_error_in_the_middle_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        stopped_midway()


def test_the_summary_says_first_what_was_written(snapshot: SnapshotAssertion) -> None:
    terminal = console(80)
    render_summary(APPLIED, "USD", terminal)
    assert shown(terminal) == snapshot


def test_the_money_is_that_of_what_was_written() -> None:
    assert summary(APPLIED, "USD") == (
        "2 of 5 changes written, -737.00 USD per month;"
        " 1 refused by BMS, 1 in doubt and 1 not reached."
    )


def test_all_done_has_no_rest() -> None:
    assert summary(APPLIED[:1], "USD") == "1 of 1 change written, +88.00 USD per month."


def test_none_done_still_says_so() -> None:
    text = summary(APPLIED[2:3], "USD")
    assert text == "0 of 1 change written, 0.00 USD per month; 1 refused by BMS."


def test_nothing_to_do_is_not_reported_as_written() -> None:
    assert summary((), "USD") == "Nothing was to be written."


def test_every_result_has_a_word() -> None:
    assert set(RESULTS) == set(get_args(Result))


def test_json_has_one_entry_per_change() -> None:
    entries = json.loads(dumps(APPLIED))
    assert [entry["result"] for entry in entries] == [one.result for one in APPLIED]
    assert entries[0] == {"change": "c01", "detail": "", "ref": "7F3A9C", "result": "done"}
