"""``reconciler simulate``: past months under another configuration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import MONTH, opened
from reconciler.report import simulate_markdown, simulate_text
from reconciler.runs.simulating import SimulateOptions, run_simulation


@click.command("simulate")
@click.option("--from", "first", type=MONTH, required=True, help="The first month: 2026-05.")
@click.option("--to", "last", type=MONTH, help="The last month; default: the first.")
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Compare with another configuration instead of what was billed.",
)
@common("text", "json", "markdown", config=True, ledger=True)
def command(
    options: Options,
    first: date,
    last: date | None,
    accounts: tuple[str, ...],
    against: Path | None,
) -> int:
    """Replay past months under a configuration.

    From the readings and known units in the ledger: what was billed, what the configuration would
    have billed, and the difference. BMS is not called, and nothing is written. Exit code 3 when
    nothing could be replayed.
    """
    asked = SimulateOptions(first, last or first, against, accounts)
    with opened(options, create=False) as (around, ledger):
        found = run_simulation(around, ledger, asked)
    match options.format:
        case "json":
            write(simulate_text.dumps(found))
        case "markdown":
            write(simulate_markdown.render(found))
        case _:
            simulate_text.render(found, terminal(options))
    return Exit.DONE if found.months else Exit.PERSON
