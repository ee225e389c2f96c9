from __future__ import annotations

import inspect

import pytest

from reconciler.model import errors
from reconciler.model.assumptions import Assumptions
from reconciler.model.errors import ConfigError, PlanStale, ReconcilerError
from reconciler.model.finding import Problem
from reconciler.model.place import Position

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_expected_failure_is_one_family(kind: type[Exception]) -> None:
    assert issubclass(kind, ReconcilerError)
    assert kind.__doc__


def test_a_stale_plan_needs_a_person() -> None:
    assert PlanStale("stale").exit_code == 3


def test_a_configuration_error_lists_every_problem_with_its_place() -> None:
    problem = Problem(
        "CFG002", "unknown key 'polcy'", "did you mean 'policy'?", Position("a", 3, 5)
    )
    error = ConfigError([problem, problem])
    assert str(error) == "2 problems in the configuration"
    assert str(problem) == "a:3:5: CFG002 unknown key 'polcy'; did you mean 'policy'?"


def test_what_decides_how_a_line_is_posted_has_no_default() -> None:
    assert Assumptions().unset == ("line_update", "negative_units")
    assert Assumptions(line_update="append").unset == ("negative_units",)
    assert Assumptions(line_update="append", negative_units="refused").unset == ()
