"""``reconciler validate``: every mistake in the configuration at once."""

from __future__ import annotations

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.desired import load_checked
from reconciler.report import problems as report


@click.command("validate")
@common("text", "json", "github", config=True)
def command(options: Options) -> int:
    """Check the configuration.

    Every mistake is listed with its file, line and column. Needs no secret, ledger or network.
    With --format github, mistakes become annotations on the pull request.
    """
    _, problems = load_checked(options.config)
    match options.format:
        case "json":
            write(report.dumps(problems))
        case "github":
            write(report.github(problems))
        case _:
            report.render(problems, terminal(options))
    wrong = any(problem.severity == "error" for problem in problems)
    return Exit.FAILED if wrong else Exit.DONE
