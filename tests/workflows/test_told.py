"""What a pull request does that writes nothing on the day it is merged, told before it is."""

from __future__ import annotations

from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT
from tests.workflows.stories import ENDPOINT, line, replaced, shown
from tests.workflows.test_asked import D, go_on, months, night
from tests.workflows.town import Pull, Town

GUARDS = "percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000"


def status(town: Town, pull: Pull) -> str:
    return str(town.hub.api.statuses[pull.head]["description"])


def comment(town: Town, pull: Pull) -> str:
    (body,) = [o["body"] for o in town.hub.api.comments if o["number"] == pull.number]
    return str(body)


def test_an_edit_of_lines_that_are_set_at_month_end_comes_with_what_it_will_be(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    """And with the approvals, given in advance, that it makes of no use."""
    months(town, "{by: pull-request}")
    go_on(town, D(2026, 12, 28), 14, 23)
    night(town, "true-up")
    town.accept(201)
    pull = town.propose(line("changes: [{from: 2026-12-01, minimum: 30}]"))
    town.plan(pull)
    said = comment(town, pull)
    assert status(town, pull) == (
        "Merging this writes nothing to BMS; by forecast +35.00 USD per month on 1 line;"
        " voids 1 approval"
    )
    town.push(town.merge(pull))
    go_on(town, D(2027, 1, 1), 14, 23)
    assert (town.units(BRASS, ENDPOINT), town.units(COBALT, ENDPOINT)) == (14, 21)
    night(town, "true-up")
    assert said.partition("### Checked")[0].partition("\n")[2] == snapshot
    asked = [one["title"] for one in town.hub.api.opened if one["state"] == "open"]
    assert asked == ["True-up 2026-12: 1 change, +45.00 USD per month"]


def test_an_account_that_is_written_by_night_with_no_guards_is_told_and_so_is_its_status(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    def edit(config: Path) -> None:
        wide = "percent: 3000, line: 900000, account: 900000, run: 900000"
        replaced("billing.yaml", GUARDS, wide)(config)
        replaced("accounts/cobalt.yaml", "mode: propose", "mode: apply")(config)

    pull = town.propose(edit)
    town.plan(pull)
    assert status(town, pull) == ("Merging this writes nothing to BMS; loosens 1 mode and 4 guards")
    assert shown(town.hub) == snapshot
