"""``reconciler explain``: why a line has its units."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.files import make_folder, new_folder, write_file
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.cli.places import DAY, opened
from reconciler.desired import load
from reconciler.report import explain_text
from reconciler.runs.bundle import bundle as files_of
from reconciler.runs.explaining import ExplainOptions, explain


@click.command("explain")
@click.argument("account")
@click.argument("service", required=False)
@click.option("--as-of", type=DAY, help="As on this day; default: today.")
@click.option("--for-customer", is_flag=True, help="Leave out what is not the customer's to see.")
@click.option(
    "--bundle",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write all there is behind it into this new folder, for an auditor.",
)
@common("text", "json", "markdown", config=True, ledger=True)
def command(
    options: Options,
    account: str,
    service: str | None,
    as_of: date | None,
    bundle: Path | None,
    *,
    for_customer: bool,
) -> int:
    """Say why a line has its units.

    From the units on the contract back to the readings, derived again from the ledger; BMS is not
    called. ACCOUNT is its name; SERVICE our name of the service, or BMS's.
    """
    with opened(options, create=False) as (around, ledger):
        currency = load(options.config).currency
        whole = bundle is not None
        found = explain(around, ledger, ExplainOptions(account, service, as_of, whole))
        if bundle is not None:
            _keep(bundle, files_of(around, ledger, found, customer=for_customer))
            return Exit.DONE
    match options.format:
        case "json":
            write(explain_text.dumps(found, customer=for_customer))
        case "markdown":
            write(explain_text.to_markdown(found, currency, customer=for_customer))
        case _:
            explain_text.render(found, currency, terminal(options), customer=for_customer)
    return Exit.DONE


def _keep(folder: Path, files: Mapping[str, str]) -> None:
    new_folder(folder)
    for name, text in files.items():
        make_folder((folder / name).parent)
        write_file(folder / name, text)
    note(f"wrote {len(files)} files to {folder}")
