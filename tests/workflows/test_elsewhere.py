"""A configuration that lies in another folder, as its callers' files say."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

from syrupy.assertion import SnapshotAssertion

from tests.cli.shop import BRASS, COBALT, HEADER
from tests.ledger.branch.copies import git
from tests.workflows.stories import ENDPOINT, line, replaced, shown
from tests.workflows.town import Town

FOLDER = "eu/billing"
NORDIC = "Cobalt Nordic"
TUESDAY = datetime(2026, 11, 24, 13, tzinfo=UTC)


def _move(town: Town) -> None:
    git(town.desk, "checkout", "--quiet", "-B", "main", "origin/main")
    (town.desk / "eu").mkdir()
    git(town.desk, "mv", "billing-config", FOLDER)
    _push(town)


def _push(town: Town) -> None:
    git(town.desk, "add", "--all", "eu")
    git(town.desk, "commit", "--quiet", "--message", "By hand")
    git(town.desk, "push", "--quiet", "origin", "HEAD:main")
    git(town.desk, "fetch", "--quiet", "origin")


def _add_second(town: Town) -> None:
    git(town.desk, "checkout", "--quiet", "-B", "main", "origin/main")
    shutil.copytree(town.desk / "billing-config", town.desk / FOLDER)
    replaced("billing.yaml", "reconciler-ledger", "eu-ledger")(town.desk / FOLDER)
    replaced("accounts/cobalt.yaml", f"account: {COBALT}", f"account: {NORDIC}")(town.desk / FOLDER)
    _push(town)


def test_it_is_planned_written_and_asked_for_there(town: Town) -> None:
    _move(town)
    pull = town.propose(line("minimum: 25"), folder=FOLDER)
    inputs = {"inputs": {"config": FOLDER}}
    jobs = town.runner.run("plan", "pull_request", {**pull.payload, **inputs}, pull.merged)
    assert [job.result for job in jobs.values()] == ["success"] * 2, jobs["plan"].output
    assert f'"config": "{FOLDER}"' in town.hub.api.bodies()[0]
    assert town.hub.api.statuses[pull.head]["context"] == f"reconciler ({FOLDER})"
    commit = town.merge(pull)
    payload = {**pull.payload, **inputs, "after": commit}
    job = town.runner.run("apply", "push", payload, commit)["apply"]
    assert (job.result, town.units(COBALT, ENDPOINT)) == ("success", 25), job.output
    town.at(TUESDAY)
    git(town.desk, "checkout", "--quiet", "-B", "main", "origin/main")
    rows = f"datto-edr,,{BRASS},total-devices,,2026-11-23,40,\n"
    rows += f"datto-edr,,{COBALT},total-devices,,2026-11-23,21,\n"
    (town.desk / FOLDER / "usage" / "more.csv").write_text(HEADER + rows, "utf-8")
    _push(town)
    job = town.form("daily", config=FOLDER)["daily"]
    assert job.result == "success", job.output
    (asked,) = town.hub.api.opened
    assert asked["head"]["ref"] == f"reconciler/{FOLDER}/approvals"
    assert asked["title"].endswith(f" ({FOLDER})")
    town.sandbox.ui.edit_units(town.rows(COBALT)[0].row_id, 3)
    assert town.form("drift", config=FOLDER)["drift"].result == "success"
    titles = [one["title"] for one in town.hub.api.issues]
    assert titles == [f"Billing 2026-11 ({FOLDER})", f"Billing: BMS differs ({FOLDER})"]
    files = git(town.hub.repository, "ls-tree", "-r", "--name-only", asked["head"]["ref"])
    assert f"{FOLDER}/approvals/{date(2026, 11, 1):%Y-%m}.yaml" in files


def test_with_two_of_them_what_a_workflow_pushes_can_be_merged(town: Town) -> None:
    """A rule requires the status of each, and no workflow starts for such a push."""
    _add_second(town)
    town.at(TUESDAY)
    town.count(BRASS, date(2026, 11, 23), date(2026, 11, 23), 40)
    town.count(COBALT, date(2026, 11, 23), date(2026, 11, 23), 21)
    assert town.schedule("daily").result == "success"
    both = {"reconciler", f"reconciler ({FOLDER})"}
    assert town.hub.api.stated[_tip(town, "reconciler/approvals")].keys() == both
    pull = town.propose(line("minimum: 60"))
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    assert town.hub.api.stated[pull.head].keys() == {"reconciler"}
    job = town.form("approve", pull=str(pull.number), reason="a new site")["approve"]
    assert job.result == "success", job.output
    said = town.hub.api.stated[_tip(town, "change")]
    assert {name: one["state"] for name, one in said.items()} == dict.fromkeys(both, "success")


def test_that_one_is_taken_out_is_told_by_the_plan_of_the_other(
    town: Town, snapshot: SnapshotAssertion
) -> None:
    """Its own workflows go with it, so no plan of its own is made."""
    _add_second(town)
    pull = town.propose(shutil.rmtree, folder=FOLDER)
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    told = town.hub.api.stated[pull.head]["reconciler"]["description"]
    assert told == ("Merging this writes nothing to BMS; takes the configuration eu/billing out")
    assert shown(town.hub) == snapshot


def test_that_another_one_takes_over_a_customer_is_told_and_no_alarm(town: Town) -> None:
    _add_second(town)

    def join(_config: Path) -> None:
        git(
            town.desk, "mv", f"{FOLDER}/accounts/cobalt.yaml", "billing-config/accounts/nordic.yaml"
        )
        shutil.rmtree(town.desk / FOLDER)
        path = town.desk / "billing-config/accounts/nordic.yaml"
        path.write_text(path.read_text("utf-8").replace(COBALT, NORDIC), "utf-8")

    town.sandbox.add_account(NORDIC)
    pull = town.propose(join, folder=".")
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    (body,) = town.hub.api.bodies()
    assert "billing-config takes on 1 line of eu/billing; its ledger may not know it yet." in body
    assert "takes the configuration" not in body


def test_a_move_to_where_it_cannot_be_read_is_to_be_mended_and_not_to_be_merged(
    town: Town,
) -> None:
    _add_second(town)

    def move(_config: Path) -> None:
        git(town.desk, "mv", FOLDER, "north")
        (town.desk / "north/accounts/cobalt.yaml").write_text("bogus: 1\n", "utf-8")

    pull = town.propose(move, folder=".")
    town.publish(pull)
    assert town.plan(pull)["plan"].result == "success"
    (body,) = town.hub.api.bodies()
    assert "moves the configuration eu/billing to north, where it cannot be read." in body
    steps = body.partition("### Next\n\n")[2].partition("\n\n")[0]
    assert steps == (
        "1. Mend what is wrong in north before merging: what goes on there cannot be told yet."
    )


def test_workflows_that_are_left_of_one_that_is_gone_say_what_to_do(town: Town) -> None:
    _add_second(town)
    pull = town.propose(shutil.rmtree, folder=FOLDER)
    commit = town.merge(pull)
    payload = {**pull.payload, "inputs": {"config": FOLDER}, "after": commit}
    assert town.runner.run("apply", "push", payload, commit)["apply"].result == "failure"
    assert town.form("daily", config=FOLDER)["daily"].result == "failure"
    bodies = town.hub.api.bodies()
    assert len(bodies) == 2, "on the pull request, and in the month's issue"
    for body in bodies:
        assert "take out its workflows in <code>.github/workflows</code> too" in body
        assert "reconciler validate" not in body


def _tip(town: Town, branch: str) -> str:
    return git(town.hub.repository, "rev-parse", branch)
