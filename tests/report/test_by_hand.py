"""What is said of what was lost, where nothing is asked for any more."""

from __future__ import annotations

from reconciler.findings import finding
from reconciler.findings.by_hand import BILL, BOTH, CREDIT, NEW
from reconciler.model.finding import Finding
from reconciler.report.asking_markdown import over


def lost(remedy: str, who: str = "Brass") -> Finding:
    return finding("POL007", f"endpoint of {who}: so much", remedy=remedy)


def test_it_says_whether_to_bill_to_credit_or_to_do_both() -> None:
    ways = [over([lost(one["POL007"])]) for one in (BILL, NEW, CREDIT, BOTH)]
    told = ["billed", "billed", "credited", "billed and credited"]
    assert ways == [
        "Nothing waits for approval any more.\n\n"
        f"Not written, and to be {way} by hand: endpoint of Brass: so much."
        for way in told
    ]


def test_other_news_is_not_of_what_was_asked_for() -> None:
    assert over([finding("POL010", "endpoint of Brass has 3 fixed")]) == (
        "Nothing waits for approval any more."
    )


def test_of_very_many_some_are_named_and_names_are_only_text() -> None:
    said = over([lost(BILL["POL007"], f"@acme <b>{n}") for n in range(25)])
    assert said.count("Not written") == 20
    assert "5 more lines lost days so" in said
    assert "<b>" not in said
    assert "@acme" not in said
