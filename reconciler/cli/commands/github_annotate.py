"""``reconciler github annotate``: mistakes where a pull request makes them."""

from __future__ import annotations

import os

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, write
from reconciler.report import annotated, problems
from reconciler.runs.annotating import annotate


@click.command("annotate")
@click.option("--tests", is_flag=True, help="Also run the policy tests in tests/.")
@common("text", config=True)
def command(options: Options, *, tests: bool) -> int:
    """Check the configuration, and show mistakes in the pull request's diff.

    Needs no secret, ledger or network, so it also serves pull requests from forks. GitHub takes ten
    errors and ten warnings of a step; those beyond that, and those that are not on lines that the
    pull request changes, are a table in the job's summary. Exit code as `reconciler validate`.
    """
    from reconciler.github.event import summarize, summary_of

    found = annotate(options.config, os.environ, tests=tests)
    write(annotated.commands(found))
    summarize(summary_of(os.environ), annotated.summary(found))
    everything = (*found.shown, *found.others)
    note(problems.summary(everything))
    return Exit.FAILED if any(one.severity == "error" for one in everything) else Exit.DONE
