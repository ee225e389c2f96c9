"""What `explain` says of the example's lines is what the plan says, derived again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.desired import load
from reconciler.ledger import Ledger, open_ledger
from reconciler.model.plan import Plan
from reconciler.runs.asked import PlanOptions, PlanRun
from reconciler.runs.explaining import ExplainOptions, explain
from reconciler.runs.planning import plan
from reconciler.runs.stage import Stage
from tests.runs.example import example_copied


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Ledger, PlanRun]]:
    base, folder = tmp_path_factory.getbasetemp(), tmp_path_factory.mktemp("stage")
    with example_copied(base, folder) as stage:
        state = load(stage.around.config)
        with open_ledger(stage.around.ledger, tenant=state.tenant) as ledger:
            yield stage, ledger, plan(stage.around, ledger, PlanOptions())


def test_every_line_is_explained_with_the_plans_own_numbers(
    staged: tuple[Stage, Ledger, PlanRun],
) -> None:
    stage, ledger, run = staged
    made: Plan = run.planned.plan
    newest = {work.bound.ref: work.desired.newest for work in run.planned.examined.works}
    seen = 0
    for account in dict.fromkeys(work.bound.ref.account for work in run.planned.examined.works):
        for told in explain(stage.around, ledger, ExplainOptions(account)):
            seen += 1
            tally = newest[told.line]
            if tally is not None and tally.units is not None:
                assert told.steps[-1].value == str(tally.units)
            mine = tuple(change for change in made.changes if change.line == told.line)
            assert [c.id for c in told.changes] == [c.id for c in mine]
            moved = [c for c in mine if c.kind != "price" and c.standing not in ("scheduled",)]
            if moved:
                assert told.units == moved[0].units_before
                assert told.wanted == moved[-1].units_after
                there = moved[0].kind != "new-line"
                assert told.price == (mine[0].price_before if there else None)
                assert [c.steps[-1].value for c in moved] == [str(c.units_after) for c in moved]
            elif not mine:
                assert told.wanted == told.units
    assert seen == made.checked.lines > 50
