"""No workflow starts for what a workflow pushes: each configuration's status is set with it."""

from __future__ import annotations

import httpx
import pytest

from reconciler.github import Status, set_status
from reconciler.github.statuses import LONGEST
from reconciler.report.commit_status import OVERTAKEN
from reconciler.runs.approving import Approver
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night

GUARDS = "{percent: 30, percent_floor_units: 3, line: 500, account: 2000, run: 5000}"
LEDGER = "ledger: {branch: other-ledger}\n"
UNTOUCHED = ("success", "Merging this changes nothing of this configuration")


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    """Two others beside it, one of them in a folder of the other, and one that is an example."""
    night = Night(make_world(mode="propose", guards=GUARDS))
    write(night, "eu/billing.yaml", LEDGER)
    write(night, "eu/north/billing.yaml", f"version: 1\n{LEDGER}")
    write(night, "examples/billing.yaml", "version: 1\n# ledger: {branch: x}\n")
    git(night.world.folder, "commit", "--quiet", "--message", "Others")
    night.push()
    night.daily()
    return night


def write(night: Night, name: str, text: str) -> None:
    path = night.world.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    git(night.world.folder, "add", name)


def propose(night: Night, *names: str) -> str:
    """A person's pull request that holds something, and changes files elsewhere."""
    folder = night.world.folder
    git(folder, "checkout", "--quiet", "-B", "change", "main")
    night.world.configure(alpha="minimum: 30")
    for name in names:
        write(night, name, f"{LEDGER}# another\n")
    git(folder, "commit", "--quiet", "--all", "--message", "A change")
    git(folder, "push", "--quiet", "origin", "HEAD:refs/heads/change")
    head = git(folder, "rev-parse", "HEAD")
    git(folder, "checkout", "--quiet", "main")
    pull = {"number": 7, "state": "open", "head": {"ref": "change"}, "user": {"login": "maria"}}
    night.api.opened.append({**pull, "base": {"ref": "main"}})
    return head


def approve(night: Night) -> tuple[str, ...]:
    """What could not be said."""
    world = night.world
    approver = Approver(world.around, world.ledger, night.job(), night.client)
    return approver.approve(7, "new office")[0].unsaid


def said(night: Night, branch: str) -> dict[str, tuple[str, str]]:
    """By the end of each context, as ours lies in another place in each test."""
    told = night.api.stated[night.tip(branch)]
    own = f"({night.world.config})"
    names = {name: name.replace(own, "(ours)").removeprefix("reconciler ") for name in told}
    return {names[name]: (one["state"], one["description"]) for name, one in told.items()}


def test_a_pull_request_of_ours_has_a_status_of_each_configuration(night: Night) -> None:
    night.world.configure(alpha="minimum: 30")
    night.commit("it goes up")
    night.daily()
    assert night.api.opened[0]["title"] == "Approve: 1 change, +200.00 USD per month"
    found = said(night, "reconciler/approvals")
    assert found.pop("(ours)")[0] == "success"
    assert found == {"(eu)": UNTOUCHED, "(eu/north)": UNTOUCHED}


def test_an_approval_on_a_persons_branch_keeps_what_was_said_of_others(night: Night) -> None:
    head = propose(night, "eu/billing.yaml", "south/billing.yaml")
    for state in ("pending", "failure"):
        set_status(night.client, head, "eu", Status(state, f"it is {state}"), "https://run")
    set_status(night.client, head, "eu/north", Status("failure", "what was"), "https://run")
    assert approve(night) == ()
    found = said(night, "change")
    assert found.pop("(ours)")[0] == "success"
    assert found == {"(eu)": ("failure", "it is failure"), "(eu/north)": UNTOUCHED}


def test_a_plan_that_is_still_being_made_is_not_waited_for_on_another_commit(night: Night) -> None:
    """Its job knows of none but the one before."""
    head = propose(night, "eu/billing.yaml")
    set_status(night.client, head, "eu", Status("pending", "it is planned"), "https://run")
    assert approve(night) == ()
    assert said(night, "change")["(eu)"] == ("error", OVERTAKEN)
    assert len(OVERTAKEN) <= LONGEST


def test_what_was_not_said_of_another_before_is_not_said_now(night: Night) -> None:
    propose(night, "eu/billing.yaml")
    assert approve(night) == ()
    assert said(night, "change").keys() == {"(ours)", "(eu/north)"}


def test_that_they_cannot_be_said_is_told(night: Night) -> None:
    propose(night)
    night.api.refused["statuses"] = httpx.Response(403, json={"message": "no"})
    assert [one.partition(": ")[0] for one in approve(night)] == [
        "the commit's status could not be set",
        "the status of the other configurations could not be set",
    ]
