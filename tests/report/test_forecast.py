"""What comes at the end of a period is told with its money, the biggest first, in bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from reconciler.engine.foreseen import Foreseen
from reconciler.report.forecast import headline, sentences, voided
from tests.engine import builders as make
from tests.report.example import PLAN

END = date(2027, 1, 1)
LINE = PLAN.changes[0].line


def lines(number: int) -> list[Foreseen]:
    return [
        Foreseen(LINE, date(2026, 12, 1), END, 12, 30 + n, Decimal(90 + 5 * n))
        for n in reversed(range(number))
    ]


def test_one_line_and_its_day() -> None:
    (told,) = sentences(lines(1), "USD")
    assert told == (
        "When the running period is over on 2027-01-01, it comes to +90.00 USD per month:"
        f" {LINE.service} of {LINE.account} (12 → 30 units from 2026-12-01, +90.00 USD). This is a"
        " forecast with the newest readings; it is planned again then, and written as each line's"
        " mode says."
    )


def test_many_lines_and_days_are_one_sentence() -> None:
    found = [*lines(400), replace(lines(1)[0], end=date(2027, 1, 15))]
    (told,) = sentences(found, "USD")
    assert told.startswith("When the running periods are over between 2027-01-01 and 2027-01-15,")
    assert "and 396 more lines" in told
    assert len(told) < 1_000
    assert headline(found, "USD").startswith("by forecast +435,090.00 USD per month on 401 lines")


def test_what_waits_for_readings_is_told_apart_from_what_waits_for_its_month() -> None:
    one = replace(lines(1)[0], end=None)
    (told,) = sentences([one], "USD")
    assert told.startswith("Once the readings that are missing today are there, it comes to +90.00")
    assert headline([one, *lines(1)], "USD") == (
        "by forecast +90.00 USD per month on 1 line once the readings that are missing today are"
        " there and by forecast +90.00 USD per month on 1 line when the running period is over on"
        " 2027-01-01"
    )


def test_nothing_is_said_of_nothing() -> None:
    assert [*sentences([], "USD"), *voided([])] == []


def test_voided_approvals_are_counted() -> None:
    (one,) = voided([make.approval(PLAN.changes[0])])
    assert one.startswith("It voids 1 approval (")
    assert "what it names does not come out so any more" in one
    (many,) = voided([make.approval(PLAN.changes[0])] * 40)
    assert many.startswith("It voids 40 approvals (")
    assert "; 35 more): what they name" in many
