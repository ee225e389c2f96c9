"""Where pull requests are merged, and reverted, and written as they were reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from reconciler.engine.caused import Caused
from reconciler.model.plan import Plan
from reconciler.runs.applying import ApplyOptions, ApplyRun, Merged, apply
from tests.ledger.branch.copies import git
from tests.runs.beginnings import commit
from tests.runs.world import TODAY, World

LATER = TODAY + timedelta(days=3)
"""The day of the revert."""


@dataclass
class Desk:
    """A repository whose merges are applied as they were reviewed."""

    world: World
    numbers: int = 6
    before: Caused = field(init=False)
    """What the newest pull request said before it was merged."""
    done: ApplyRun = field(init=False)

    def merge(self, message: str = "an edit", **lines: str) -> str:
        """What the folder has now becomes a pull request, and is merged."""
        self.numbers += 1
        self.world.configure(**lines)
        made = commit(self.world, message)
        self.apply_merge(made)
        return made

    def revert(self, *commits: str) -> ApplyRun:
        """By git's own words."""
        self.numbers += 1
        git(self.world.folder, "revert", "--no-edit", *commits)
        return self.apply_merge(git(self.world.folder, "rev-parse", "HEAD"), len(commits))

    def apply_merge(self, made: str, commits: int = 1) -> ApplyRun:
        """What brought it: so many commits."""
        review = self.reviewed(f"{made}~{commits}")
        return self.write(made, review)

    def reviewed(self, base: str) -> Merged:
        """What the comment shows of the folder as it is now."""
        found = self.world.run_plan(base=base, keep=False).caused
        assert found is not None
        self.before = found
        plan = found.planned.plan
        return Merged(base, plan.as_of, plan.digest, found.reverts)

    def write(self, made: str, review: Merged, begun: Plan | None = None) -> ApplyRun:
        """``begun``: its plan, where an earlier run wrote a part of it."""
        who = f"maria with #{self.numbers}, merged by jo"
        options = ApplyOptions(who, "merge", commit=made, merged=review)
        done = apply(self.world.around, self.world.ledger, options, reviewed=begun)
        assert done is not None
        self.done = done
        return done

    def also(self, more: str) -> str:
        """Settings beside the line's policy."""
        return ", ".join(filter(None, (self.world.policy, more)))

    def pass_days(self) -> None:
        """To the day of the revert, with readings of every day."""
        self.world.sandbox.set_clock(LATER)
        self.pass_readings()

    def pass_readings(self) -> None:
        for name in self.world.services:
            self.world.steady(name, 10)
