"""Rules that a pull request loosens are told first, whole, in bounds, and as text alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.model.allowance import FOR_GOOD, Allowance, Value
from reconciler.report.allowed import SHOWN, in_short, section

LATER = date(2026, 12, 31)
ROOM = 7_500


def of_all() -> list[Allowance]:
    """As the engine sorts them."""

    def guard(name: str, before: Value, after: Value, *, loosens: bool = True) -> Allowance:
        return Allowance("guard", name, before, after, loosens)

    return [
        Allowance("mode", "", "propose", "apply", loosens=True),
        *(
            Allowance("mode", "", "propose", "apply", loosens=True, account=f"Customer {n}")
            for n in range(1, 13)
        ),
        guard("percent", Decimal(30), Decimal(3000)),
        guard("percent_floor_units", 3, 50),
        guard("line", Decimal(500), Decimal(900000)),
        guard("run", Decimal(5000), None),
        guard("zero", "hold", "allow"),
        Allowance("assumption", "line_update", None, "append", loosens=True),
        Allowance("true_up", "by", "pull-request", "schedule", loosens=True),
        Allowance("finding", "USG003", "warning", "off", loosens=True),
        Allowance(
            "waiver",
            "GRD001 for server",
            None,
            LATER,
            loosens=True,
            account="Brass",
            reason="a migration",
        ),
        guard("account", Decimal(2000), Decimal(1000), loosens=False),
        Allowance("billing_starts", "", date(2026, 11, 1), date(2026, 12, 1), loosens=False),
        Allowance("exclusion", "organization NFR", None, FOR_GOOD, loosens=False, reason="our own"),
    ]


def test_the_rules_as_they_are_read(snapshot: SnapshotAssertion) -> None:
    assert section(of_all(), "USD", ROOM) == snapshot


def test_in_short_names_what_is_loosened_and_otherwise_what_is_changed() -> None:
    found = of_all()
    assert in_short(found) == (
        "loosens 13 modes, 5 guards, 1 assumption, 1 rule of true-ups, 1 finding and 1 waiver"
    )
    assert in_short(found[-2:]) == "changes 1 start of billing and 1 exclusion"


@pytest.mark.parametrize("name", ["short", "x" * 10_000, "Ünï" * 300])
def test_many_are_counted_and_stay_in_bounds(name: str) -> None:
    found = [
        Allowance("waiver", f"GRD001 for {name}{n}", None, LATER, loosens=n % 2 == 0, reason=name)
        for n in range(1_000)
    ]
    text = section(found, "USD", ROOM)
    assert len(text.encode()) <= ROOM
    loose, other = text.split("\n\n", 1)
    for part in (loose, other):
        lines = [line for line in part.splitlines() if line.startswith(("- ", "> - "))]
        assert 5 < len(lines) <= SHOWN + 1
        assert f"… and {500 - len(lines) + 1:,} more" in lines[-1]


def test_what_came_from_outside_marks_nothing_up() -> None:
    evil = "x\n> [!TIP]\n# @all <b>**https://evil.test**"
    text = section(
        [Allowance("waiver", "GRD001", None, LATER, loosens=True, account=evil, reason=evil)],
        "USD",
        ROOM,
    )
    assert len(text.splitlines()) == 4
    for bad in ("\n# ", "@all", "<b>", "**", "https://evil", "[!TIP]"):
        assert bad not in text
