"""A plan in one line that a billing lead understands."""

from __future__ import annotations

from dataclasses import replace

from reconciler.github.statuses import LONGEST
from reconciler.model.errors import ReconcilerError
from reconciler.report.commit_status import failed, planned
from tests.report.example import NOTHING_CHECKED, PLAN


def test_what_merging_writes_comes_first_and_what_it_does_not_is_counted() -> None:
    assert planned(PLAN) == (
        "-626.92 USD per month on 6 lines of 3 accounts; 2 held, and stay so; 1 by hand in BMS;"
        " 1 scheduled; 1 only observed"
    )


def test_without_changes_nothing_is_written() -> None:
    assert planned(replace(PLAN, changes=())) == "Merging this writes nothing to BMS"


def test_nothing_checked_is_never_in_step() -> None:
    assert planned(NOTHING_CHECKED) == "Nothing was checked, which is not the same as being in step"


def test_many_of_each_still_fit() -> None:
    assert len(planned(replace(PLAN, changes=PLAN.changes * 1_000))) <= LONGEST


def test_a_reason_stays_one_line_of_text() -> None:
    assert failed(ReconcilerError("BMS said\n\x1b[31mno")) == "No plan: BMS said �[31mno"
