"""``reconciler baseline``: the units that BMS has and does not tell, read by a person."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.runs.baseline import import_baseline, template


@click.command("baseline")
@click.option("--template", "wanted", is_flag=True, help="Write the CSV to fill in.")
@click.option("--import", "path", type=click.Path(path_type=Path), help="Take in a filled CSV.")
@common("text", config=True, ledger=True)
def command(options: Options, path: Path | None, *, wanted: bool) -> int:
    """Learn starting units, which no call to BMS tells.

    --template writes a CSV with everything filled in but the units; read those on the contract's
    page in BMS, and give the file back with --import.
    """
    if wanted == (path is not None):
        raise click.UsageError("give either --template or --import FILE")
    with opened(options) as (around, ledger):
        if path is None:
            write(template(around, ledger))
            return Exit.DONE
        done = import_baseline(around, ledger, path)
    console = terminal(options)
    console.print(f"units of {done.taken} rows taken into the ledger")
    if done.known_already:
        console.print(f"{done.known_already} rows were known already and stay as they are")
    if done.not_managed:
        console.print(f"{done.not_managed} rows belong to lines the configuration does not name")
    return Exit.DONE
