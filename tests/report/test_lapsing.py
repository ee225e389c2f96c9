"""By when to merge is said of the changes that a merge writes, and of no others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reconciler.engine.lapses import Lapse
from reconciler.report.asking_markdown import Asked, on_branch
from reconciler.report.lapsing import sentences
from tests.report.example import CHANGES

ON, FIRST = date(2027, 1, 2), date(2026, 12, 1)
ONE, TWO = CHANGES[0], CHANGES[1]


def lapse(change: str, says: str, money: int) -> Lapse:
    return Lapse(change, says, ON, FIRST, Decimal(money))


LAPSES = (lapse(ONE.id, "endpoint of Brass", 40), lapse(TWO.id, "server of Cobalt", -10))


def test_several_are_told_together_with_their_sum() -> None:
    assert list(sentences(LAPSES, (ONE, TWO), "USD")) == [
        "Merge it by 2027-01-01 to have all of it written: from 2027-01-02 on no plan looks at days"
        " before 2026-12-01 that are invoiced, and what endpoint of Brass, server of Cobalt come to"
        " there, +30.00 USD, is never billed."
    ]


def test_what_a_merge_does_not_write_is_not_told_of() -> None:
    (told,) = sentences(LAPSES, (ONE,), "USD")
    assert "what endpoint of Brass comes to there, +40.00 USD" in told
    assert list(sentences(LAPSES, (), "USD")) == []


def test_a_branch_that_leaves_a_line_out_is_told_of_the_others_alone() -> None:
    asked = Asked("Approve", ("Lead.",), (ONE, TWO), "USD", LAPSES)
    assert "server of Cobalt" in asked.text(10_000)
    assert "server of Cobalt" not in on_branch(asked, (TWO,)).text(10_000)
