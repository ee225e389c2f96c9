"""The one issue about drift, from its first day to the next time."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from syrupy.assertion import SnapshotAssertion

from reconciler.runs.accepting import accept
from reconciler.runs.merging import Merges
from reconciler.sandbox.transport import SandboxTransport
from tests.github.api import TOKEN
from tests.ledger.branch.copies import git
from tests.runs.conftest import MakeWorld
from tests.runs.nightly import Night


@pytest.fixture
def night(make_world: MakeWorld) -> Night:
    made = Night(make_world())
    made.daily()
    return made


def edit(night: Night, service: str, units: int) -> None:
    """Somebody changes the line on BMS's screen."""
    row = next(
        r
        for r in night.world.sandbox.ui.read_units()
        if r.service_id == night.world.services[service]
    )
    night.world.sandbox.ui.edit_units(row.row_id, units)


def grow(night: Night, service: str) -> None:
    """Usage of 12 since the 20th."""
    night.world.read(service, {date(2026, 11, day): 12 for day in (20, 21, 22)})


def state(night: Night) -> str:
    (one,) = night.api.issues
    return str(one["state"])


def apply_merges(night: Night) -> None:
    merges = Merges(night.world.around, night.world.ledger, night.client, "https://run.test")
    list(merges.catch_up("HEAD"))


def test_in_step_makes_no_issue(night: Night) -> None:
    assert (night.drift().posted, night.api.issues) == ("none", [])
    assert night.summary.read_text("utf-8").startswith("## ✅ No drift: 1 contract is as it was")


def test_an_edit_by_hand_is_one_issue_until_it_is_taken_over(
    night: Night, snapshot: SnapshotAssertion
) -> None:
    edit(night, "alpha", 15)
    grow(night, "beta")
    assert night.drift().posted == "created"
    assert night.issue == snapshot
    assert night.drift().posted == "same"

    edit(night, "alpha", 16)
    assert night.drift().posted == "edited"
    assert "alpha from 10 to 16, beta from 10 to 16" in night.issue

    accept(night.world.around, night.world.ledger, "Managed Services", {"alpha": 16}, "agreed")
    assert (night.drift().posted, state(night)) == ("closed", "closed")
    assert night.said[-1].startswith("In step again on 2026-11-23: No drift: 1 contract is")
    assert night.drift().posted == "same"

    edit(night, "beta", 11)
    assert (night.drift().posted, state(night)) == ("reopened", "open")
    assert night.said[-1].startswith("It differs again on 2026-11-23: 1 of 1 contract needs")


def test_usage_that_moved_is_no_drift(night: Night) -> None:
    grow(night, "beta")
    found = night.drift()
    assert (found.posted, [c.units_after for c in found.apart.due]) == ("none", [12])
    assert (
        "Due by usage or configuration: 1 change, +20.00 USD per month."
        in night.summary.read_text("utf-8")
    )


def test_what_was_merged_and_not_applied_is_told_apart_with_its_money(night: Night) -> None:
    apply_merges(night)
    night.world.configure(beta="minimum: 15")
    grow(night, "alpha")
    commit = night.commit("At least 15, says @octocat | `now`")
    (night.world.folder / "elsewhere.txt").write_text("not of the configuration", "utf-8")
    git(night.world.folder, "add", ".")
    git(night.world.folder, "commit", "--quiet", "--message", "something else")
    assert night.drift().posted == "created"
    first = night.issue.splitlines()[0]
    assert "No drift: 1 contract is as it was agreed." in first
    assert "Merged but not applied: 1 commit, 1 change, +50.00 USD per month." in first
    assert "Due by usage or configuration: 1 change, +20.00 USD per month." in first
    assert f"- {commit[:12]} At least 15, says @&#8203;octocat &#124; &#96;now&#96;" in night.issue
    apply_merges(night)
    assert night.drift().posted == "closed"


def test_a_repository_that_cannot_tell_is_said_and_drift_is_looked_for(night: Night) -> None:
    apply_merges(night)
    git(night.world.folder, "checkout", "--quiet", "--orphan", "other")
    night.commit("history written anew")
    git(night.world.folder, "reflog", "expire", "--expire=now", "--all")
    git(night.world.folder, "branch", "-D", "main")
    git(night.world.folder, "update-ref", "-d", "refs/remotes/origin/main")
    git(night.world.folder, "gc", "--quiet", "--prune=now")
    edit(night, "alpha", 15)
    found = night.drift()
    assert (found.posted, found.apart.unsure is not None) == ("created", True)
    assert "Whether merged commits wait cannot be told" in night.issue


def test_nothing_is_ever_written_to_bms(night: Night) -> None:
    asked: list[str] = []

    class Watched(SandboxTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            asked.append(f"{request.method} {request.url.path}")
            return super().handle_request(request)

    apply_merges(night)
    night.world.configure(beta="minimum: 15")
    night.commit("more")
    night.usage(alpha={date(2026, 11, 10): 12})
    night.world.transport = Watched(night.world.sandbox.app)
    night.drift()
    changing = [one for one in asked if not one.startswith("GET")]
    assert asked
    assert all(one.endswith(("authenticate", "/search")) for one in changing), changing
    assert (night.world.units("alpha"), night.world.units("beta")) == (10, 10)


def test_what_cannot_be_posted_changes_nothing(night: Night) -> None:
    edit(night, "alpha", 15)
    night.api.first.extend(
        httpx.Response(403, json={"message": f"Resource not accessible {TOKEN}"}) for _ in range(2)
    )
    found = night.drift()
    assert (found.posted, TOKEN in found.why, night.api.issues) == ("failed", False, [])
    assert "needs a person" in night.summary.read_text("utf-8")


def test_a_write_in_doubt_has_the_command_that_ends_it(night: Night) -> None:
    class Lost(SandboxTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith(("/search", "/authenticate")) or request.method == "GET":
                return super().handle_request(request)
            raise httpx.ReadTimeout("no answer", request=request)

    night.usage(alpha={date(2026, 11, 10): 12})
    night.world.transport = Lost(night.world.sandbox.app)
    night.daily()
    night.world.transport = None
    assert night.drift().posted == "created"
    command = f"reconciler drift --accept {night.world.contract} --units alpha=N --reason"
    assert command in night.api.issues[-1]["body"]
