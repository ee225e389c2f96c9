"""A comment that came to say what it says after the merge was seen by nobody before it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.cli.shop import BRASS, COBALT
from tests.ledger.branch.copies import git
from tests.workflows.hub import Answer
from tests.workflows.stories import ENDPOINT, line
from tests.workflows.town import Town

TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)
AFTER = "2026-11-23T18:00:01Z"
"""A second later than everything is merged."""


def test_a_plan_that_is_there_only_after_the_merge_is_no_review(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    pull = town.propose(line("minimum: 25"))
    town.hub.api.edited = AFTER
    town.plan(pull)
    job = town.push(town.merge(pull))
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("failure", 21), job.output
    (told,) = town.hub.api.bodies()
    assert "only after it was merged" in told


def test_other_numbers_that_come_after_the_merge_are_no_review(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    town.plan(town.propose(line("minimum: 22")))
    town.numbers -= 1
    git(town.hub.repository, "update-ref", "-d", "refs/pull/7/merge")
    pull = town.propose(line("minimum: 25"))
    town.hub.api.edited = AFTER
    town.plan(pull)
    job = town.push(town.merge(pull))
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("failure", 21), job.output


def test_a_pull_request_that_is_merged_while_a_night_plans_it_keeps_its_comment(
    town: Town,
) -> None:
    pull = town.propose(line("minimum: 15", "brass"))
    town.publish(pull)
    town.plan(pull)
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    (seen,) = town.hub.api.bodies()
    merged: list[str] = []

    def weather(method: str, path: str) -> Answer | None:
        """Somebody merges it once it was seen to be open."""
        if (method, path) == ("GET", "/repos/example/billing/pulls/7") and not merged:
            git(town.desk, "checkout", "--quiet", "-B", "change", pull.head)
            (own,) = town.hub.api.opened
            merged.append(town.merge(pull))
            own |= {"merged_at": "2026-11-24T13:00:00Z"}
            return Answer(200, b'{"number": 7, "state": "open"}')
        return None

    town.hub.weather = weather
    night = town.schedule("daily")
    assert (night.result, len(merged)) == ("success", 1), night.output
    assert town.hub.api.bodies()[0] == seen
    assert town.push(merged[0]).result == "failure"
    assert town.units(BRASS, ENDPOINT) == 13


def test_a_plan_that_is_run_again_leaves_what_became_of_the_merge(town: Town) -> None:
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    assert town.push(town.merge(pull)).result == "success"
    (told,) = town.hub.api.bodies()
    assert town.plan(pull)["plan"].result == "success"
    secrets, town.runner.secrets = town.runner.secrets, {}
    assert town.plan(pull)["plan"].result == "failure"
    town.runner.secrets = secrets
    assert town.hub.api.bodies() == [told]
    assert "✅ 1 of 1 change written" in told
