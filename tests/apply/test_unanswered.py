"""Writes without an answer, whose line or contract leaves the configuration meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from reconciler.engine.evidence import SETTLE
from reconciler.runs.accepted import AcceptError
from reconciler.runs.accepting import accept
from tests.apply.test_faults import POST
from tests.runs.world import TODAY, World, small_world

FIRST = date(2026, 11, 1)


@pytest.fixture
def world() -> Iterator[World]:
    """Two more alphas were written, and the answer was lost; beta and gamma are in step."""
    with small_world(note=False) as world:
        world.service("beta")
        world.service("alpha", contract="Backup")
        world.service("gamma", contract="Backup")
        for name in world.services:
            world.row(name, 10)
        world.configure()
        days = [FIRST + timedelta(n) for n in range((TODAY - FIRST).days)]
        world.read("alpha", {day: 10 if day.day < 11 else 12 for day in days})
        world.steady("beta", 10)
        world.steady("gamma", 10)
        world.baseline()
        world.sandbox.faults.arm("lose-answer-after-write", path=POST)
        world.apply()
        assert world.ledger.open_intents()
        yield world


def test_a_line_that_left_is_read_still_until_its_write_is_proved(world: World) -> None:
    del world.services["alpha"]
    world.configure()
    world.plan()
    assert world.ledger.open_intents() == ()
    (_, ended), *_ = world.ledger.writes()
    assert ended is not None
    assert ended.outcome == "proved"


def test_a_contract_that_left_keeps_its_write_in_doubt_until_a_person_ends_it(
    world: World,
) -> None:
    for name in ("alpha", "gamma"):
        del world.services[name], world.homes[name]
    world.configure()
    plan = world.plan()
    (doubt,) = [found for found in plan.findings if found.code == "KNW005"]
    contract = str(world.contracts["Backup"])
    assert f"--accept {contract}" in (doubt.remedy or "")
    assert plan.verdict == "person-needed"
    with pytest.raises(AcceptError, match="may still land"):
        accept(world.around, world.ledger, contract, {}, "looked: it is not there")
    world.sandbox.set_clock(world.sandbox.now() + SETTLE)
    assert accept(world.around, world.ledger, contract, {}, "looked: it is there").facts == ()
    assert world.ledger.open_intents() == ()
    assert world.plan().verdict == "in-step"
