"""Policy tests: what the configuration makes of readings that somebody made up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.desired import load_checked, locate
from reconciler.desired.policy_tests import PolicyTest, load_policy_tests
from reconciler.engine.compared import Unlike, compare
from reconciler.engine.trial import tried
from reconciler.model.finding import Problem
from reconciler.model.place import Position


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case and what came out otherwise; it passed where nothing did."""

    name: str
    position: Position
    differences: tuple[Unlike, ...]

    @property
    def passed(self) -> bool:
        """Did everything come out as expected?"""
        return not self.differences


def check(config: Path) -> tuple[Problem, ...]:
    """Every problem of a configuration directory, its policy tests included; none is run."""
    state, problems = load_checked(config)
    return (*problems, *load_policy_tests(config, state)[1])


def run_policy_tests(config: Path) -> tuple[tuple[CaseResult, ...], tuple[Problem, ...]]:
    """Every case in the order of its file; none where the configuration or a case has problems."""
    state, problems = load_checked(config)
    tests, more = load_policy_tests(config, state)
    if problems or more:
        return (), (*problems, *more)
    return tuple(_run(test, config) for test in tests), ()


def _run(test: PolicyTest, config: Path) -> CaseResult:
    outcome = tried(test.trial, tuple(test.expected.billed))
    return CaseResult(test.name, locate(config, test.origin), compare(test.expected, outcome))
