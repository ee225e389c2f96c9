from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from reconciler.findings import finding
from reconciler.model.verification import (
    InvoiceCheck,
    Part,
    Proposal,
    ServiceCheck,
    Status,
    Verification,
)
from reconciler.report import verify_text
from tests.report.example import BRASS, HOSTILE, line
from tests.report.screen import console, shown

NOVEMBER = date(2026, 11, 1)
LAST = date(2026, 11, 30)
D = Decimal


def check(status: Status = "matched", **more: Any) -> ServiceCheck:
    part = Part(
        "full", NOVEMBER, 10, D("5.00"), 30, 30, NOVEMBER, LAST, (0,), D("50.00"), D("50.00")
    )
    plain = ServiceCheck(
        service="Managed Server",
        status=status,
        quantity=D(10),
        billed=D("50.00"),
        line=line(BRASS, "managed-server"),
        units=10,
        expected=D("50.00"),
        parts=(part,),
    )
    return replace(plain, **more)


def invoice(*services: ServiceCheck, **more: Any) -> InvoiceCheck:
    plain = InvoiceCheck(
        7001, "INV-7001", BRASS[1], "Managed Services", 5, NOVEMBER, LAST, True, services
    )
    return replace(plain, **more)


def result(*invoices: InvoiceCheck, **more: Any) -> Verification:
    plain = Verification(
        month=NOVEMBER,
        as_of=LAST,
        currency="USD",
        day_count="actual",
        change_day="billed",
        part_period="prorated",
        contracts=1,
        waiting=0,
        invoices=invoices,
        proposals=(),
        findings=(),
    )
    return replace(plain, **more)


def text(found: Verification) -> str:
    screen = console(100)
    verify_text.render(found, screen)
    return " ".join(shown(screen).split())


def test_all_as_expected_is_one_sentence_and_what_it_rests_on() -> None:
    told = text(result(invoice(check())))
    assert told.startswith("1 line on 1 invoice of 2026-11 bills what the ledger expects. Amounts")
    assert "assumed here: day_count actual, change_day billed, part_period prorated" in told
    assert "not sent" not in told


def test_the_headline_counts_each_kind() -> None:
    found = result(invoice(check(), check("missing"), check("amount"), check("amount")))
    assert verify_text.headline(found) == (
        "3 of 4 lines on 1 invoice of 2026-11 are not as expected: 1 missing and 2 other amount."
    )


def test_what_could_not_be_compared_is_never_as_expected() -> None:
    found = result(invoice(check("unknown", units=None, expected=None, parts=())))
    assert verify_text.headline(found) == "Nothing of 2026-11 could be compared."
    assert "1 line could not be compared: nobody knows the units." in text(found)


def test_every_finding_is_told_with_what_to_do() -> None:
    found = result(invoice(check("missing")), findings=(finding("VER001", "beta is not on it"),))
    told = text(found)
    assert "VER001 beta is not on it what to do: look at the contract's billing in BMS" in told


def test_what_is_not_ours_waits_or_is_unsent_is_counted() -> None:
    unsent = invoice(check(), sent=False, outside=2, outside_amount=D("1234.5"))
    told = text(result(unsent, waiting=1))
    assert "1 invoice is not sent yet, and can still be corrected." in told
    assert "1 contract waits for its invoice." in told
    assert "2 other lines on these invoices, 1,234.50 USD in all, are of nothing" in told
    assert "3 contracts wait for their invoice." in text(result(unsent, waiting=3))


def test_a_proposal_says_whether_the_total_closes_and_that_nothing_was_taken() -> None:
    for closes, words in ((True, "closes with it"), (False, "does not close"), (None, "cannot")):
        one = Proposal(line(BRASS, "managed-server"), NOVEMBER, 12, D("4.5"), "INV-7001", closes)
        told = text(result(invoice(check("unknown")), proposals=(one,)))
        assert "They are not taken over" in told
        assert "12 from 2026-11-01 at 4.50 USD (INV-7001; the contract's total" in told
        assert words in told


def test_notes_are_told_once() -> None:
    noted = check(notes=("the change of +2 from 2026-11-16 is on INV-7002 instead",))
    told = " ".join(text(result(invoice(noted, noted))).split())
    assert told.count("is on INV-7002 instead") == 1
    assert f"of {noted.service} of {invoice().account}" in told


def test_markdown_has_what_is_wrong_in_a_table_and_the_rest_folded() -> None:
    off = check("quantity", quantity=D("8.0"), billed=D("40"), why=("units: 2 units fewer",))
    told = verify_text.to_markdown(result(invoice(check(), off, sent=False)))
    assert told.startswith("### Invoices of 2026-11\n")
    row = "Managed Server | 10: 50.00 | 8: 40.00 | other quantity; units: 2 units fewer |"
    assert f"| INV-7001 (not sent) | {BRASS[1]} | {row}" in told
    assert "<summary>1 other line</summary>" in told


def test_names_from_outside_cannot_break_out() -> None:
    evil = invoice(check("missing", service="a|b\n<b>\x1b[31m"), account=HOSTILE[1])
    found = result(evil, findings=(finding("VER001", f"{HOSTILE[1]} \x1b[31m"),))
    told = verify_text.to_markdown(found)
    assert "<b>" not in told
    assert "a|b" not in told
    assert "@octocat" not in told
    assert "\x1b" not in told + text(found)


def test_json_gives_amounts_as_text_and_counts() -> None:
    found = json.loads(verify_text.dumps(result(invoice(check()), findings=())))
    assert found["month"] == "2026-11"
    assert found["counts"]["matched"] == 1
    (service,) = found["invoices"][0]["services"]
    assert (service["expected"], service["parts"][0]["day"]) == ("50.00", "2026-11-01")
    assert service["line"]["service"] == "managed-server"


def test_json_is_the_same_for_the_same_result() -> None:
    found = result(invoice(check("open")), findings=(finding("VER005", "open"),))
    assert verify_text.dumps(found) == verify_text.dumps(found)
    assert json.loads(verify_text.dumps(found))["findings"][0]["code"] == "VER005"
