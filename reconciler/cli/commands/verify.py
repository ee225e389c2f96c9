"""``reconciler verify``: invoices in BMS against what the ledger expects."""

from __future__ import annotations

import re
from datetime import date

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import terminal, write
from reconciler.cli.places import opened
from reconciler.report import verify_text
from reconciler.runs.verifying import VerifyOptions, verify_month


def _month(_ctx: click.Context, _param: click.Parameter, text: str) -> date:
    found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), 1)
    except ValueError:
        pass
    raise click.BadParameter(f"{text!r} is not a month such as 2026-11")


@click.command("verify")
@click.option(
    "--period",
    "month",
    required=True,
    callback=_month,
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
    be compared.
    """
    with opened(options) as (around, ledger):
        found = verify_month(around, ledger, VerifyOptions(month, accounts))
    match options.format:
        case "json":
            write(verify_text.dumps(found))
        case "markdown":
            write(verify_text.to_markdown(found))
        case _:
            verify_text.render(found, terminal(options))
    return Exit.PERSON if found.findings else Exit.DONE
