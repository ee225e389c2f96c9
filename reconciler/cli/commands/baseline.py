"""``reconciler baseline``: the units that BMS has and does not tell, read by a person."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.form import answer
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.report import baseline_text
from reconciler.runs.baseline import import_baseline
from reconciler.runs.baseline_template import template


@click.command("baseline")
@click.option("--template", "wanted", is_flag=True, help="Write the CSV to fill in.")
@click.option("--import", "path", type=click.Path(path_type=Path), help="Take in a filled CSV.")
@common("text", config=True, ledger=True)
def command(options: Options, path: Path | None, *, wanted: bool) -> int:
    """Learn starting units, which no call to BMS tells.

    --template writes a CSV with everything filled in but the units; read those on the contract's
    page in BMS, and give the file back with --import. A contract whose units do not come to its
    total is left out and named, with exit code 3; mend its rows and import the file again.
    """
    if wanted == (path is not None):
        raise click.UsageError("give either --template or --import FILE")
    with opened(options) as (around, ledger):
        if path is None:
            write(template(around, ledger))
            return Exit.DONE
        done = import_baseline(around, ledger, path)
        currency = around.desired().currency
    baseline_text.render(done, currency, terminal(options))
    answer(baseline_text.lines(done, currency))
    return Exit.PERSON if done.left_out else Exit.DONE
