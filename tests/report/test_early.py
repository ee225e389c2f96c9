"""A comment promises of an approval only what can come true."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.engine.caused import Caused, caused
from reconciler.report import comment_markdown
from reconciler.report.caused import beside, first_line, next_steps
from reconciler.report.comment_markdown import Also
from tests.engine.test_ahead import given
from tests.engine.test_foreseen import COUNTED, TODAY, in_advance, of, shop

STRANGE = "0123456789abcdef"
LINE = "managed-workstation of Brass Building Supplies"


def with_unfit(number: int) -> Caused:
    approval = in_advance(of(), *COUNTED)
    return given(*(replace(approval, change=f"{n:016x}") for n in range(number)))


def test_one_that_fits_nothing_promises_nothing() -> None:
    found = given(replace(in_advance(of(), *COUNTED), change=STRANGE))
    assert first_line(found) == (
        "Merging this writes nothing to BMS today; 1 approval fits no change."
    )
    (said,) = beside(found, "USD")
    assert said == (
        "1 approval fits no change of today, and none of when running periods are over, by"
        f" forecast ({STRANGE} for {LINE}, 10 → 14 from 2026-01-01): it lets nothing be written"
        " unless a change comes out with exactly that id and those numbers."
    )
    (step, *_) = next_steps(found)
    assert step.what.startswith("See that what is approved is what the plan has")
    assert comment_markdown.render(found, "x", "y", Also()).startswith("## ⚠️ Merging this writes")


def test_many_are_counted() -> None:
    (said,) = beside(with_unfit(40), "USD")
    assert said.startswith("40 approvals fit no change of today, and none of when")
    assert "; 35 more): they let nothing be written unless" in said


def test_one_that_can_come_true_is_told_as_before() -> None:
    found = given(in_advance(of(), *COUNTED))
    assert first_line(found).startswith("Merging this approves 1 change in advance: ")
    (said,) = beside(found, "USD")
    assert "fits no change of today: each lets its change be written once its days are" in said
    assert "id and those numbers" not in said


@pytest.mark.parametrize("number", [0, 1])
def test_one_that_fits_nothing_is_told_beside_what_an_edit_does(number: int) -> None:
    strange = [replace(in_advance(of(), *COUNTED), change=STRANGE)] * number
    world = shop(of(minimum=30), *COUNTED).entry(TODAY, approved=tuple(strange))
    found = caused(world, shop(of(), *COUNTED).entry(TODAY))
    assert ("1 approval fits no change" in first_line(found)) is bool(number)
