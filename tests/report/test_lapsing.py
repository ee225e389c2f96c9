"""By when to merge is said of the changes that a merge writes, and of no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reconciler.engine.lapses import Lapse
from reconciler.report.asking_markdown import Asked, on_branch
from reconciler.report.lapsing import sentences
from tests.report.example import CHANGES

ON, FIRST = date(2027, 1, 2), date(2026, 12, 1)
ONE, TWO = CHANGES[0], CHANGES[1]


SINCE = date(2026, 11, 10)


def lapse(change: str, service: str, account: str, money: int) -> Lapse:
    line = replace(ONE.line, bms_service=service, account=account)
    return Lapse(change, line, ON, FIRST, ((SINCE, Decimal(money)),))


LAPSES = (lapse(ONE.id, "endpoint", "Brass", 40), lapse(TWO.id, "server", "Cobalt", 10))


def told(*lapses: Lapse) -> str:
    (sentence,) = sentences(lapses, (ONE, TWO), "USD")
    return sentence


def test_several_are_told_together_with_their_sum() -> None:
    assert told(*LAPSES) == (
        "Merge it by 2027-01-01 to have all of it written: from 2027-01-02 on no plan looks at days"
        " before 2026-12-01 that are invoiced, and what endpoint of Brass from 2026-11-10, server"
        " of Cobalt from 2026-11-10 come to there, +50.00 USD, is never billed."
    )


def test_a_fall_makes_up_for_no_rise_and_is_never_credited() -> None:
    fall = lapse(TWO.id, "server", "Cobalt", -40)
    credit = (
        "and what is billed too much there for server of Cobalt from 2026-11-10, 40.00 USD, is"
        " never credited."
    )
    both = told(LAPSES[0], fall)
    assert "endpoint of Brass from 2026-11-10 comes to there, +40.00 USD, is never billed" in both
    assert both.endswith(credit)
    alone = told(fall)
    assert alone.endswith(credit)
    assert "never billed" not in alone


def test_what_a_merge_does_not_write_is_not_told_of() -> None:
    (said,) = sentences(LAPSES, (ONE,), "USD")
    assert "what endpoint of Brass from 2026-11-10 comes to there, +40.00 USD" in said
    assert list(sentences(LAPSES, (), "USD")) == []


def test_a_branch_that_leaves_a_line_out_is_told_of_the_others_alone() -> None:
    asked = Asked("Approve", ("Lead.",), (ONE, TWO), "USD", LAPSES)
    assert "server of Cobalt" in asked.text(10_000)
    assert "server of Cobalt" not in on_branch(asked, (TWO,)).text(10_000)
