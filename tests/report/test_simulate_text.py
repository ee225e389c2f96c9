from __future__ import annotations

import json

from syrupy.assertion import SnapshotAssertion

from reconciler.engine.simulated import Simulation
from reconciler.report.simulate_text import dumps, render
from tests.report.screen import console, shown
from tests.report.simulated import (
    CASES,
    FOUND,
)


@CASES
def test_text(found: Simulation, snapshot: SnapshotAssertion) -> None:
    terminal = console(90)
    render(found, terminal)
    assert shown(terminal) == snapshot


def test_json_has_every_month_with_money_as_text() -> None:
    document = json.loads(dumps(FOUND))
    assert document["totals"] == {"base": "2169.00", "difference": "-81.50", "would": "2087.50"}
    assert len(document["lines"]) == 4
    assert document["lines"][2]["days_missing"] == 2
    assert document["lines"][0]["base_units"][1] == {"day": "2026-05-16", "units": 12}
    assert (document["from"], document["to"]) == ("2026-05", "2026-06")
    assert document["compared_with"] == "billed"
    assert document["not_replayed"][0]["why"] == "no reading"
