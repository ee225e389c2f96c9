"""``reconciler history``: runs that wrote, and every write with its end."""

from __future__ import annotations

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.report import history_text


@click.command("history")
@click.option("--limit", default=20, show_default=True, help="How many of each, newest first.")
@common("text", "json", config=True, ledger=True)
def command(options: Options, limit: int) -> int:
    """Show what was written to BMS, when, and who let it."""
    with opened(options, create=False) as (_, ledger):
        runs, writes = ledger.history(limit), ledger.writes(limit)
    if options.format == "json":
        write(history_text.dumps(runs, writes))
    else:
        history_text.render(runs, writes, terminal(options))
    return Exit.DONE
