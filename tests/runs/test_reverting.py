"""A merge that is reverted: its writes are taken back at their own day, whatever the policy says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from reconciler.engine.caused import Caused
from reconciler.model.plan import Change
from reconciler.runs.applying import ApplyOptions, ApplyRun, Merged, apply
from reconciler.sandbox import Behaviour
from tests.ledger.branch.copies import git
from tests.runs.beginnings import commit, nightly, repository
from tests.runs.conftest import MakeWorld
from tests.runs.truth import billed, posts
from tests.runs.world import TODAY, World

LATER = TODAY + timedelta(days=3)
POLICIES = ("", "decrease: next-period", "decrease: never", "credits: hold")


@dataclass
class Desk:
    """A repository whose merges are applied as they were reviewed."""

    world: World
    policy: str = ""
    numbers: int = 6

    def merge(self, message: str = "an edit", days: int = 0, **lines: str) -> str:
        """What the folder has now becomes a pull request, and is merged some days later."""
        self.numbers += 1
        self.world.configure(**lines)
        made = commit(self.world, message)
        self.apply_merge(made, days)
        return made

    def revert(self, *commits: str, days: int = 0) -> ApplyRun:
        """By git's own words."""
        self.numbers += 1
        git(self.world.folder, "revert", "--no-edit", *commits)
        return self.apply_merge(git(self.world.folder, "rev-parse", "HEAD"), days, len(commits))

    def apply_merge(self, made: str, days: int = 0, commits: int = 1) -> ApplyRun:
        base = f"{made}~{commits}"
        found = self.caused(base)
        review = Merged(base, found.planned.plan.as_of, found.planned.plan.digest, found.reverts)
        self.world.sandbox.advance(timedelta(days=days))
        who = f"maria with #{self.numbers}, merged by jo"
        options = ApplyOptions(who, "merge", commit=made, merged=review)
        done = apply(self.world.around, self.world.ledger, options)
        assert done is not None
        return done

    def caused(self, base: str = "HEAD~1", **options: Any) -> Caused:
        found = self.world.run_plan(base=base, keep=False, **options).caused
        assert found is not None
        return found

    def pass_days(self, **units: int) -> None:
        """To the day of the revert, with readings of every day."""
        self.world.sandbox.set_clock(LATER)
        for name in self.world.services:
            self.world.steady(name, units.get(name, 10))


@pytest.fixture
def make_desk(make_world: MakeWorld) -> Any:
    def make(policy: str = "", **options: Any) -> Desk:
        world = make_world(policy=policy, **options)
        nightly(world)
        world.steady("alpha", 10)
        world.apply(how="schedule")
        repository(world)
        return Desk(world, policy)

    return make


def settings(desk: Desk, more: str) -> str:
    return ", ".join(filter(None, (desk.policy, more)))


def told(changes: tuple[Change, ...]) -> list[tuple[str, date, int, int, str]]:
    return [(c.line.service, c.day, c.units_before, c.units_after, c.cause) for c in changes]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_revert_takes_back_what_the_merge_wrote_at_its_own_day(
    make_desk: Any, policy: str
) -> None:
    desk = make_desk(policy)
    world = desk.world
    made = desk.merge(beta=settings(desk, "minimum: 15"))
    assert world.units("beta") == 15
    desk.pass_days()
    world.apply(how="schedule")
    done = desk.revert(made)
    assert told(done.plan.changes) == [("beta", TODAY, 15, 10, "correction")]
    assert {billed(world, "beta", day) for day in (TODAY - timedelta(1), TODAY, LATER)} == {10}
    assert world.plan().verdict == "in-step"
    world.sandbox.advance(timedelta(days=1))
    assert world.plan(as_of=LATER + timedelta(1)).changes == ()
