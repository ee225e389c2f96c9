from __future__ import annotations

import json
from dataclasses import replace

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


def test_names_that_begin_alike_stay_apart_on_a_narrow_screen() -> None:
    names = ["managed-access-point-a", "managed-access-point-b"]
    one = FOUND.months[1]
    lines = [
        replace(one.line, service=name, service_id=number) for number, name in enumerate(names)
    ]
    months = tuple(replace(one, line=line) for line in lines)
    terminal = console(80)
    render(replace(FOUND, months=months), terminal)
    text = shown(terminal)
    assert all(name in text for name in names)
    assert "…" not in text


def test_json_has_every_month_with_money_as_text() -> None:
    document = json.loads(dumps(FOUND))
    assert document["totals"] == {"base": "2169.00", "difference": "-81.50", "would": "2087.50"}
    assert len(document["lines"]) == 4
    assert document["lines"][2]["days_missing"] == 2
    assert document["lines"][0]["base_units"][1] == {"day": "2026-05-16", "units": 12}
    assert (document["from"], document["to"]) == ("2026-05", "2026-06")
    assert document["compared_with"] == "billed"
    assert document["not_replayed"][0]["why"] == "no reading"
