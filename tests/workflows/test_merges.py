"""Pull requests from their plan to what became of it, while the world went on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from reconciler.sandbox import Sandbox
from tests.cli import shop
from tests.cli.shop import BRASS, COBALT
from tests.ledger.branch.copies import BRANCH, git
from tests.workflows.hub import Answer
from tests.workflows.stories import ENDPOINT, line, replaced, shown
from tests.workflows.town import Pull, Town, listening

MONDAY = date(2026, 11, 23)
DELTA = "Delta Dental"
TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


def planned(town: Town, pull: Pull) -> Pull:
    for job in town.plan(pull).values():
        assert job.result == "success", job.output
    return pull


def test_a_new_account_is_planned_and_its_lines_written(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    contract = _new_customer(town.sandbox)

    def map_it(config: Path) -> None:
        text = shop.account(DELTA, "propose", "endpoint")
        (config / "accounts" / "delta.yaml").write_text(text, "utf-8")

    town.count(DELTA, date(2026, 11, 1), date(2026, 11, 22), 7)
    assert town.schedule("daily").result == "success"
    pull = planned(town, town.propose(map_it))
    assert town.push(town.merge(pull)).result == "success"
    assert town.units(DELTA, ENDPOINT) == 7
    assert [row.contract_id for row in town.rows(DELTA)] == [contract] * 2
    assert shown(town.hub) == snapshot


def _new_customer(sandbox: Sandbox) -> int:
    contract = sandbox.add_contract(
        sandbox.add_account(DELTA), "Managed Services", date(2026, 11, 1), date(2027, 12, 31)
    )
    (endpoint, _) = sorted({row.service_id for row in sandbox.ui.read_units()})
    sandbox.add_line(contract, endpoint, 4, date(2026, 11, 1))
    return contract


def test_usage_that_moved_after_the_review_is_the_nights_matter(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = planned(town, town.propose(line("minimum: 25")))
    town.at(TUESDAY)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 28)
    commit = town.merge(pull)
    assert town.push(commit).result == "success"
    assert town.units(COBALT, ENDPOINT) == 25, "just what was reviewed"
    assert town.schedule("daily").result == "success"
    assert shown(town.hub) == snapshot


def test_what_is_counted_otherwise_since_the_review_is_refused(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = planned(town, town.propose(line("minimum: 25")))
    town.push_directly(replaced("usage/edr.csv", ",2026-11-22,21,", ",2026-11-22,30,"))
    assert town.schedule("daily").result == "success"
    job = town.push(town.merge(pull))
    assert job.result == "failure"
    assert town.units(COBALT, ENDPOINT) == 21
    assert shown(town.hub) == snapshot


def test_a_line_that_the_night_wrote_since_the_review_is_refused(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = planned(town, town.propose(line("minimum: 15", "brass")))
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 13)
    assert town.schedule("daily").result == "success"
    assert town.units(BRASS, ENDPOINT) == 13
    job = town.push(town.merge(pull))
    assert job.result == "failure"
    assert town.units(BRASS, ENDPOINT) == 13
    # In mode apply the next night writes what is left of it by itself.
    assert town.schedule("daily").result == "success"
    assert town.units(BRASS, ENDPOINT) == 15
    assert shown(town.hub) == snapshot


def test_a_line_that_a_person_edited_in_bms_is_refused(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    pull = planned(town, town.propose(line("minimum: 25")))
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 23)
    job = town.push(town.merge(pull))
    assert job.result == "failure"
    assert town.units(COBALT, ENDPOINT) == 24
    assert shown(town.hub) == snapshot


def test_a_merge_that_is_reverted_is_taken_back_at_its_own_day(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    commit = town.merge(planned(town, town.propose(line("minimum: 25"))))
    assert town.push(commit).result == "success"
    town.at(TUESDAY)
    for account, units in ((BRASS, 12), (COBALT, 21)):
        town.count(account, date(2026, 11, 23), date(2026, 11, 23), units)
    assert town.schedule("daily").result == "success"

    def revert(_config: Path) -> None:
        git(town.desk, "revert", "--no-commit", "--mainline", "1", commit)

    # As `git revert` writes it, and GitHub's button in nearly the same words.
    words = f"Revert a change\n\nThis reverts commit {commit}, reversing\nchanges made before."
    pull = planned(town, town.propose(revert, message=words))
    assert town.push(town.merge(pull)).result == "success"
    rows = {(row.date, row.units) for row in town.rows(COBALT) if row.service == ENDPOINT}
    assert {(MONDAY, 4), (MONDAY, -4)} <= rows
    assert town.units(COBALT, ENDPOINT) == 21
    assert town.schedule("daily").result == "success"
    assert town.units(COBALT, ENDPOINT) == 21
    (job,) = town.form("explain", account=COBALT, service="endpoint", day="").values()
    assert "takes back" in job.summary, job.summary
    assert shown(town.hub) == snapshot


def test_a_revert_that_was_planned_before_its_merge_was_written_says_how_to_take_it_back(
    town: Town,
) -> None:
    assert town.schedule("daily").result == "success"
    commit = town.merge(planned(town, town.propose(line("minimum: 25"))))

    def revert(_config: Path) -> None:
        git(town.desk, "revert", "--no-commit", "--mainline", "1", commit)

    words = f"Revert a change\n\nThis reverts commit {commit}, reversing\nchanges made before."
    pull = planned(town, town.propose(revert, message=words))
    assert town.push(town.merge(pull)).result == "failure"
    assert town.units(COBALT, ENDPOINT) == 25
    told = town.hub.api.bodies()[-1]
    assert "Nothing was written" in told
    assert f"reverts {commit[:12]}, which was written only after this was planned" in told
    assert "<code>reconciler apply --correct</code>" in told


def test_merges_from_before_the_first_run_are_told_that_they_are_the_nights_matter(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    town.merge(planned(town, town.propose(line("minimum: 25"))))
    newest = planned(town, town.propose(line("minimum: 15", "brass")))
    assert town.push(town.merge(newest)).result == "success"
    assert (town.units(COBALT, ENDPOINT), town.units(BRASS, ENDPOINT)) == (21, 15)
    assert shown(town.hub) == snapshot
    told = town.hub.api.bodies()[0]
    assert town.schedule("daily").result == "success"
    assert town.hub.api.bodies()[0] == told, "it is said once, by the first run"


def test_what_a_lost_ledger_wrote_is_not_said_to_be_unwritten(town: Town) -> None:
    before = town.ledger()
    commit = town.merge(planned(town, town.propose(line("minimum: 25"))))
    assert town.push(commit).result == "success"
    written = town.hub.api.bodies()[0]
    assert "✅" in written
    git(town.hub.repository, "update-ref", f"refs/heads/{BRANCH}", before)
    newest = planned(town, town.propose(line("minimum: 15", "brass")))
    town.push(town.merge(newest))
    assert town.units(BRASS, ENDPOINT) == 15
    assert town.hub.api.bodies()[0] == written


def test_that_earlier_merges_cannot_be_told_stops_no_first_run(town: Town) -> None:
    first = town.merge(planned(town, town.propose(line("minimum: 25"))))
    town.push_directly(lambda config: (config / "notes.md").write_text("Begun", "utf-8"))
    newest = planned(town, town.propose(line("minimum: 15", "brass")))

    def weather(_method: str, path: str) -> Answer | None:
        return Answer(404, b"{}") if f"commits/{first}/" in path else None

    town.hub.weather = weather
    assert town.push(town.merge(newest)).result == "success"
    assert town.units(BRASS, ENDPOINT) == 15


def test_a_comment_that_was_edited_since_it_was_written_is_no_review(town: Town) -> None:
    pull = planned(town, town.propose(line("minimum: 25")))
    (comment,) = town.hub.api.comments
    comment["body"] = comment["body"].replace("21 → 25", "21 → 22")
    job = town.push(town.merge(pull))
    assert job.result == "failure", job.output
    assert town.units(COBALT, ENDPOINT) == 21
    assert (
        "**Nothing was written.** The comment with its plan was edited" in town.hub.api.bodies()[-1]
    )


def test_a_reviewed_digest_that_a_person_replaced_is_no_review(town: Town) -> None:
    pull = planned(town, town.propose(line("minimum: 25")))
    town.hub.api.edit('"as_of"', '"as_of" ', "mallory", pull.number)
    # A run that fails meanwhile does not write its own edit on top.
    secrets, town.runner.secrets = town.runner.secrets, {}
    assert town.plan(pull)["plan"].result == "failure"
    town.runner.secrets = secrets
    job = town.push(town.merge(pull))
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("failure", 21)
    assert "edited by mallory" in town.hub.api.bodies()[-1]
    assert town.schedule("daily").result == "success"
    own = [one for one in town.hub.api.comments if one["number"] == pull.number]
    assert len(own) == 2, "it is said once"


def test_a_pull_request_cannot_send_the_password_elsewhere(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    with listening() as (url, heard):
        planned(town, town.propose(replaced("billing.yaml", town.gate.url, url)))
        assert heard == []
    assert shown(town.hub, town.gate.url, url) == snapshot


def test_a_mistake_in_how_bms_is_reached_stops_no_merge_once_it_is_mended(town: Town) -> None:
    """Its own plan was read as the base says, and could not tell."""
    assert town.schedule("daily").result == "success"

    def mistaken(config: Path) -> None:
        replaced("billing.yaml", "company: Example MSP", "company: Example MPS")(config)
        line("minimum: 25")(config)

    assert town.push(town.merge(planned(town, town.propose(mistaken)))).result == "failure"
    town.push_directly(replaced("billing.yaml", "company: Example MPS", "company: Example MSP"))
    after = town.merge(planned(town, town.propose(line("minimum: 13", "brass"))))
    assert town.push(after).result == "success"
    assert (town.units(COBALT, ENDPOINT), town.units(BRASS, ENDPOINT)) == (25, 13)
    assert [body.count("1 of 1 change written") for body in town.hub.api.bodies()[:2]] == [1, 1]
