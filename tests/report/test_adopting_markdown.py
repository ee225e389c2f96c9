"""A pull request that takes over edits keeps its size, and names stay text."""

from __future__ import annotations

from decimal import Decimal

from reconciler.engine.by_hand import HandEdit
from reconciler.model.place import Origin
from reconciler.report.adopting_markdown import TakenOver, on_branch
from tests.report.example import BRASS, HOSTILE, line

EDIT = HandEdit(line(BRASS, "edr"), Origin("a/b.yaml"), 10, 14, Decimal(20), "adopt")


def test_many_lines_fit_and_what_is_left_out_is_counted() -> None:
    text = TakenOver((EDIT,) * 3_000, (), "USD").text(10_000)
    assert 8_000 < len(text.encode()) <= 10_000
    assert "more lines: see the files.**" in text
    assert "### How this works" in text


def test_a_name_is_no_markup() -> None:
    hostile = HandEdit(line(HOSTILE, "edr"), Origin("a/b.yaml"), 10, 14, Decimal(20), "adopt")
    asked = TakenOver((hostile,), (), "USD")
    assert "@octocat" not in asked.text(10_000)
    assert "<b>" not in asked.text(10_000)
    assert asked.title == "Take over 1 line changed in BMS by hand, +20.00 USD per month"


def test_what_cannot_be_written_is_said_with_its_money() -> None:
    text = TakenOver((EDIT,), (EDIT, EDIT), "USD").text(10_000)
    assert "2 more lines, +40.00 USD per month, cannot be written so" in text


def test_beside_what_a_branch_takes_over_stands_what_it_does_not() -> None:
    other = HandEdit(line(HOSTILE, "edr"), Origin("a/c.yaml"), 10, 14, Decimal(20), "adopt")
    asked = on_branch(TakenOver((EDIT, other), (), "USD"), [other])
    text = asked.text(10_000)
    assert asked.title == "Take over 1 line changed in BMS by hand, +20.00 USD per month"
    assert (
        "1 line that was changed by hand has other units here than in BMS, or none: edr of" in text
    )
    assert "the contract is in step again" in text
    assert "@octocat" not in text
