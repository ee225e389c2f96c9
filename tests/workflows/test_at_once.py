"""Two runs at the same time, as processes of their own, in clones of their own."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from threading import Barrier, Event

import pytest

from tests.cli.shop import BRASS, COBALT
from tests.workflows.stories import ENDPOINT
from tests.workflows.town import Town

pytestmark = pytest.mark.over_http

NEXT = datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.fixture
def waiting(town: Town) -> Town:
    """Usage moved: a change on each account waits."""
    town.at(NEXT)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 14)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 23)
    return town


def written(town: Town) -> tuple[int, int]:
    return town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)


def test_a_second_apply_is_locked_out_while_the_first_one_writes(waiting: Town) -> None:
    town = waiting
    town.gate.closed = Event()
    before = town.gate.writes
    with town.started("one", "usage", "pull") as pulled:
        assert pulled.wait(timeout=30) == 0
    town.gate.reached.clear()
    with town.started("one", "apply", "--yes") as first:
        assert town.gate.reached.wait(timeout=30)
        with town.started("two", "apply", "--yes") as second:
            told = second.communicate(timeout=30)[0]
        assert second.returncode == 1, told
        assert "another run is at work" in told or "holds the ledger" in told, told
        assert town.gate.writes == before + 1, "it wrote nothing"
        town.gate.closed.set()
        assert first.wait(timeout=30) == 0
    assert (written(town), town.gate.writes) == ((14, 23), before + 2)
    assert_each_write_once(town)


def test_two_applies_that_race_write_everything_once(waiting: Town) -> None:
    town = waiting
    before = town.gate.writes
    with town.started("one", "usage", "pull") as pulled:
        assert pulled.wait(timeout=30) == 0
    with town.started("one", "apply", "--yes") as one, town.started("two", "apply", "--yes") as two:
        told = [process.communicate(timeout=30)[0] for process in (one, two)]
    codes = {one.returncode, two.returncode}
    assert codes <= {0, 1}, told
    assert 0 in codes, told
    assert (written(town), town.gate.writes) == ((14, 23), before + 2)
    assert_each_write_once(town)


def assert_each_write_once(town: Town) -> None:
    """On the branch, and in BMS, and a third machine agrees."""
    intents = [row["ref"] for row in town.kept("intent")]
    answers = Counter(row["ref"] for row in town.kept("settled"))
    assert answers == Counter(intents)
    notes = " ".join(row.description for row in town.rows(BRASS, COBALT))
    assert all(notes.count(ref[:10].upper()) == 1 for ref in intents)
    with town.started("three", "plan", "--detailed-exitcode") as third:
        told = third.communicate(timeout=30)[0]
    assert third.returncode == 0, told
    assert "In step" in told


def test_two_pushes_at_once_lose_and_double_no_row(town: Town) -> None:
    town.at(NEXT)
    readings = len(town.kept("reading"))
    for name, account in (("one", BRASS), ("two", COBALT)):
        with town.started(name, "ledger", "pull") as process:
            assert process.wait(timeout=30) == 0
        usage = town.folder / name / "billing-config" / "usage" / "more.csv"
        usage.write_text(
            "product,organization_id,organization,metric,dimension,day,quantity,names\n"
            f"datto-edr,,{account},total-devices,,2026-11-23,30,\n",
            "utf-8",
        )
    pushes, town.hub.together = town.hub.pushes, Barrier(2)
    with town.started("one", "usage", "pull") as one, town.started("two", "usage", "pull") as two:
        told = [process.communicate(timeout=60)[0] for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0), told
    assert town.hub.pushes > pushes + 2, "one of them came second"
    added = town.kept("reading")[readings:]
    assert sorted((row["org_name"], row["quantity"]) for row in added) == [
        (BRASS, "30"),
        (COBALT, "30"),
    ]
    with town.started("three", "ledger", "check") as third:
        told_then = third.communicate(timeout=30)[0]
    assert third.returncode == 0, told_then
