"""GitHub is slow, down, or says no: it is asked again as it wishes, then told; no state is half."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tests.cli.shop import BRASS, COBALT
from tests.workflows.hub import Answer
from tests.workflows.stories import ENDPOINT, line, replaced
from tests.workflows.town import Town

LIMITED = json.dumps({"message": "You have exceeded a secondary rate limit"}).encode()
SKY = Answer(502, b"<html>Unicorn</html>")
TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


def usage_comes(town: Town) -> None:
    """The next day, and on one account there is more."""
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 14)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)


def warned(output: str) -> list[str]:
    return [one for one in output.splitlines() if one.startswith("::warning::")]


def test_a_secondary_limit_is_waited_for_as_github_asks(town: Town) -> None:
    """Each run's first call is refused: for as long as it says, or without a word of that."""
    told, untold = {"Retry-After": "17"}, dict[str, str]()
    refused: list[dict[str, str]] = []
    town.hub.weather = lambda *_: Answer(403, LIMITED, refused.pop()) if refused else None
    refused.append(told)
    pull = town.propose(line("minimum: 25"))
    jobs = [town.plan(pull)["plan"]]
    refused.append(untold)
    jobs.append(town.push(town.merge(pull)))
    usage_comes(town)
    for name, headers in (("daily", told), ("drift", untold)):
        refused.append(headers)
        jobs.append(town.schedule(name))
        town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 3)
    assert [(job.result, warned(job.output)) for job in jobs] == [("success", [])] * 4
    assert sorted(town.moment.waits) == [2.0, 4.0, 8.0, 16.0, 17.0, 17.0, 60.0, 60.0]
    assert (town.units(COBALT, ENDPOINT), town.units(BRASS, ENDPOINT)) == (8, 14)
    assert [one["title"] for one in town.hub.api.issues] == [
        "Billing 2026-11",
        "Billing: BMS differs",
    ]
    assert "✅ 1 of 1 change written" in town.hub.api.bodies()[0]


def test_while_github_is_down_nothing_is_half_and_the_next_run_goes_on(town: Town) -> None:
    assert town.schedule("daily").result == "success"
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    before = town.gate.writes
    town.hub.weather = lambda _method, _path: SKY
    again = town.plan(pull)["plan"]
    assert again.result == "success", again.output
    assert any("the comment could not be posted" in one for one in warned(again.output))
    assert "Merging this: 1 change" in again.summary
    commit = town.merge(pull)
    usage_comes(town)
    for job in (town.push(commit), town.schedule("daily")):
        assert (job.result, "GitHub did not take GET" in job.output) == ("failure", True)
        assert "status 502" in job.output
        assert "## ❌ What was merged could not all be looked at: GitHub did" in job.summary
    assert "nothing was written" in job.summary
    assert town.gate.writes == before, "what was merged comes before what the night writes"
    drift = town.schedule("drift")
    assert (drift.result, len(warned(drift.output))) == ("success", 1)
    town.hub.weather = lambda _method, _path: None
    town.at(TUESDAY + timedelta(hours=3))
    assert town.schedule("daily").result == "success"
    assert (town.units(COBALT, ENDPOINT), town.units(BRASS, ENDPOINT)) == (25, 14)
    assert town.gate.writes == before + 2
    assert "✅ 1 of 1 change written" in town.hub.api.bodies()[0]


def test_a_merge_that_was_written_and_not_told_is_told_by_the_next_run(town: Town) -> None:
    pull = town.propose(line("minimum: 25"))
    town.plan(pull)
    commit = town.merge(pull)
    edits = []

    def after_the_first_edit(method: str, _path: str) -> Answer | None:
        edits.extend([method] if method == "PATCH" else [])
        return SKY if len(edits) > 1 else None

    town.hub.weather = after_the_first_edit
    job = town.push(commit)
    assert (job.result, len(warned(job.output))) == ("success", 1)
    assert town.units(COBALT, ENDPOINT) == 25
    assert "⏳" in town.hub.api.bodies()[0]
    town.hub.weather = lambda _method, _path: None
    for _ in range(2):
        town.at(town.moment.now + timedelta(hours=1))
        assert town.push(commit).result == "success"
        assert "✅ 1 of 1 change written, +20.00 USD per month." in town.hub.api.bodies()[0]
    assert town.units(COBALT, ENDPOINT) == 25
    assert [row["kind"] for row in town.kept("run")].count("told") == 1


def test_what_is_too_long_for_github_is_told_where_it_can_be(town: Town) -> None:
    town.hub.api.most_bytes = 100
    pull = town.propose(line("minimum: 25"))
    plan = town.plan(pull)["plan"]
    assert plan.result == "success", plan.output
    assert any("too long" in one for one in warned(plan.output))
    assert "Merging this: 1 change" in plan.summary
    usage_comes(town)
    for name in ("daily", "drift"):
        town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 3)
        job = town.schedule(name)
        assert job.result == "success"
        assert any("too long" in one for one in warned(job.output)), job.output
        assert job.summary
    assert town.units(BRASS, ENDPOINT) == 14


def test_what_lost_its_answer_is_there_once(town: Town) -> None:
    usage_comes(town)
    town.hub.api.lose_answers = 2
    job = town.schedule("daily")
    assert (job.result, warned(job.output)) == ("success", [])
    assert (len(town.hub.api.issues), len(town.hub.api.bodies())) == (1, 1)


STATUS = "the commit's status could not be set: GitHub did not take POST statuses/"
COMMENT = "the comment could not be posted: GitHub did not take POST issues/201/comments"


def refused(wanted: str) -> Callable[[str, str], Answer | None]:
    """What is written to such a path is not taken."""
    no = Answer(403, b'{"message": "Resource not accessible by integration"}')
    return lambda method, path: no if method != "GET" and re.search(wanted, path) else None


def test_the_form_approve_warns_where_the_status_of_what_it_pushed_is_missing(town: Town) -> None:
    pull = town.propose(line("minimum: 60"))
    town.publish(pull)
    town.plan(pull)
    town.hub.weather = refused("/statuses/")
    job = town.form("approve", pull=str(pull.number), reason="a new site")["approve"]
    assert job.result == "success"
    (told,) = warned(job.output)
    assert told.startswith(f"::warning::{STATUS}")


def test_a_pull_request_of_ours_without_comment_or_status_is_told_of(town: Town) -> None:
    """By the night's output and its issue; by a look for drift in its output."""
    adopt = replaced("billing.yaml", "guards:", "on_drift: adopt\nguards:")
    town.push_directly(adopt)
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 40)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    town.hub.weather = refused(r"/statuses/|/issues/20\d/comments")
    job = town.schedule("daily")
    assert job.result == "success", job.output
    assert [one.partition(": GitHub")[0] for one in warned(job.output)] == [
        "::warning::#201: the comment could not be posted",
        "::warning::#201: the commit's status could not be set",
    ]
    (day,) = town.hub.api.bodies()
    assert "Review #201, and merge it to have exactly that written. Not all of it is said" in day
    for told in (STATUS, COMMENT):
        assert told in day
        assert told in job.summary
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 3)
    job = town.schedule("drift")
    assert [one.partition(": GitHub")[0] for one in warned(job.output)] == [
        "::warning::#202: the comment could not be posted",
        "::warning::#202: the commit's status could not be set",
    ]
