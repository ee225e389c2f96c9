"""``reconciler history``: runs that wrote, and every write with its end."""

from __future__ import annotations

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.report import history_text
from reconciler.runs.naming import names


@click.command("history")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many of each, newest first.",
)
@common("text", "json", config=True, ledger=True)
def command(options: Options, limit: int) -> int:
    """Show what was written to BMS, when, and who let it."""
    with opened(options, create=False) as (_, ledger):
        runs, writes = ledger.history(limit), ledger.writes(limit)
        named = names(ledger.load_observation())
        let = {intent.ref: ledger.let_by(intent) for intent, _ in writes}
    if options.format == "json":
        write(history_text.dumps(runs, writes, lambda intent: let[intent.ref]))
    else:
        history_text.render(runs, writes, named, lambda intent: let[intent.ref], terminal(options))
    return Exit.DONE
