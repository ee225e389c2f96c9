"""``reconciler verify``: invoices in BMS against what the ledger expects."""

from __future__ import annotations

from datetime import date

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import MONTH, opened
from reconciler.report import verify_text
from reconciler.runs.verifying import VerifyOptions, verify_month


@click.command("verify")
@click.option(
    "--period",
    "month",
    required=True,
    type=MONTH,
    metavar="YYYY-MM",
    help="The month in which the billing periods begin.",
)
@click.option("--account", "accounts", multiple=True, help="Only this account; repeatable.")
@common("text", "json", "markdown", config=True, ledger=True)
def command(options: Options, month: date, accounts: tuple[str, ...]) -> int:
    """Compare invoices with what should be billed.

    Reads the invoices of a month from BMS, and holds every line of the configured services against
    the units that the ledger knows, with their prorated changes, before tax and discount. Nothing
    is written to BMS. Exit code 3 when something is missing, different, not expected, or could not
    be compared; what `findings:` in billing.yaml makes an info or turns off does not count.
    """
    with opened(options, known=True) as (around, ledger):
        found = verify_month(around, ledger, VerifyOptions(month, accounts))
    match options.format:
        case "json":
            write(verify_text.dumps(found))
        case "markdown":
            write(verify_text.to_markdown(found))
        case _:
            verify_text.render(found, terminal(options))
    asks = any(one.severity != "info" for one in found.findings)
    return Exit.PERSON if asks else Exit.DONE
