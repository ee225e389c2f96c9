"""A merge that BMS or its machine stopped is gone on with before anything else is written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.cli.shop import BRASS, COBALT
from tests.workflows.stories import ENDPOINT, line
from tests.workflows.town import Town

TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)
WRITES = "*recurringservices/*/services"


def busy(town: Town, times: int = 1) -> None:
    """BMS takes no write for longer than a run waits."""
    town.sandbox.faults.arm("http-429", path=WRITES, method="POST", times=times, retry_after=7200)


def merged(town: Town) -> str:
    """Of a line that the night writes by itself, and one that it does not."""
    assert town.schedule("daily").result == "success"

    def both(config: Path) -> None:
        line("minimum: 15", "brass")(config)
        line("minimum: 25")(config)

    town.plan(pull := town.propose(both))
    return town.merge(pull)


def more_is_counted(town: Town) -> None:
    """The next day's usage asks for another number than the one that was reviewed."""
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 17)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)


def test_a_merge_that_bms_let_begin_nothing_of_is_not_overtaken_by_the_night(town: Town) -> None:
    commit = merged(town)
    busy(town)
    job = town.push(commit)
    assert (job.result, town.gate.writes) == ("failure", 1), job.output
    more_is_counted(town)
    busy(town)
    job = town.schedule("daily")
    assert (job.result, town.gate.writes) == ("failure", 2), job.output
    assert "## ⚠️ The merge of #7 was begun and is not done" in job.summary
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (12, 21)
    told = "\n".join(town.hub.api.bodies())
    assert "nothing was written" in told
    town.sandbox.faults.clear()
    town.at(TUESDAY + timedelta(hours=3))
    assert town.schedule("daily").result == "success"
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (17, 25)
    assert "✅ 2 of 2 changes written" in "\n".join(town.hub.api.bodies())


def test_what_bms_refused_for_good_holds_up_neither_later_merges_nor_the_night(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    steps = "changes: [{from: 2026-11-10, minimum: 23}, {from: 2026-11-20, minimum: 25}]"
    town.plan(pull := town.propose(line(steps)))
    town.sandbox.faults.arm("refuse", path=WRITES, method="POST", times=9)
    assert town.push(town.merge(pull)).result == "failure"
    (told,) = town.hub.api.bodies()
    assert ("refused by BMS" in told, "not reached" in told) == (True, True)
    town.sandbox.faults.clear()
    town.plan(pull := town.propose(line("minimum: 15", "brass")))
    assert town.push(town.merge(pull)).result == "success"
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (15, 21)
