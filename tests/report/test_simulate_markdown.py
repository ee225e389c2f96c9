from __future__ import annotations

from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from reconciler.engine.simulated import NotReplayed, Simulation
from reconciler.report.simulate_markdown import render
from tests.report.simulated import (
    CASES,
    FOUND,
    MAY,
    WORKSTATION,
    month,
)


@CASES
def test_markdown(found: Simulation, snapshot: SnapshotAssertion) -> None:
    assert render(found) == snapshot


def test_a_hostile_name_opens_no_markup() -> None:
    text = render(FOUND)
    for raw in ("Evil|", "<b>", "@octocat"):
        assert raw not in text


def test_markdown_stays_under_its_limit_and_says_what_is_left_out() -> None:
    lines = [replace(WORKSTATION, account_id=n, account=f"Account {n}") for n in range(3000)]
    many = replace(
        FOUND,
        months=tuple(month(line, MAY, "1.00", "2.00") for line in lines),
        not_replayed=tuple(
            NotReplayed(line.account, "Managed", "server", (MAY,), "no reading") for line in lines
        ),
    )
    text = render(many, limit=60_000)
    assert len(text.encode()) < 60_000
    assert "more lines, smaller ones" in text
    assert "more entries" in text
    assert text.count("<details>") == text.count("</details>") > 1
