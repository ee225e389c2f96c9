"""``reconciler validate``: every mistake in the configuration at once, and its policy tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.report import policy_tests_text, problems
from reconciler.runs.policy_tests import check, run_policy_tests

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.model.finding import Problem
    from reconciler.runs.policy_tests import CaseResult


@click.command("validate")
@click.option("--tests", is_flag=True, help="Also run the policy tests in tests/.")
@common("text", "json", "github", config=True)
def command(options: Options, *, tests: bool) -> int:
    """Check the configuration.

    Every mistake is listed with its file, line and column. Needs no secret, ledger or network.
    With --tests, every policy test is run as well, and each that fails is shown with what came out.
    With --format github, mistakes become annotations on the pull request.
    """
    results, found = run_policy_tests(options.config) if tests else ((), check(options.config))
    if tests and not found:
        _show_results(results, options)
        return Exit.FAILED if policy_tests_text.failed(results) else Exit.DONE
    _show_problems(found, options)
    wrong = any(problem.severity == "error" for problem in found)
    return Exit.FAILED if wrong else Exit.DONE


def _show_problems(found: Sequence[Problem], options: Options) -> None:
    match options.format:
        case "json":
            write(problems.dumps(found))
        case "github":
            write(problems.github(found))
        case _:
            problems.render(found, terminal(options))


def _show_results(results: Sequence[CaseResult], options: Options) -> None:
    match options.format:
        case "json":
            write(policy_tests_text.dumps(results))
        case "github":
            write(policy_tests_text.github(results))
        case _:
            console = terminal(options)
            problems.render((), console)
            policy_tests_text.render(results, console)
