"""``reconciler history``: runs that wrote, and every write with its end."""

from __future__ import annotations

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.report import history_text
from reconciler.runs.approved import approved
from reconciler.runs.correcting import ALL
from reconciler.runs.naming import names


@click.command("history")
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="How many of each, newest first.",
)
@click.option("--all", "everything", is_flag=True, help="All of them.")
@common("text", "json", config=True, ledger=True)
def command(options: Options, limit: int, *, everything: bool) -> int:
    """Show what was written to BMS, when, and who let it.

    A write that needed an approval names its file, and the reason there.
    """
    most = ALL if everything else limit
    with opened(options, create=False) as (around, ledger):
        runs, writes = ledger.history(most), ledger.writes(most)
        named = names(ledger.load_observation())
        told = history_text.Told(
            runs=runs,
            writes=writes,
            let={intent.ref: ledger.let_by(intent) for intent, _ in writes},
            approved=approved(ledger, (intent for intent, _ in writes)),
            counts=ledger.counts(),
            unended=ledger.unended(around.clock.now())[:most],
        )
    if options.format == "json":
        write(history_text.dumps(told))
    else:
        history_text.render(told, named, terminal(options))
    return Exit.DONE
