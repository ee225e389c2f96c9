"""``reconciler usage``: readings into the ledger, and what is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from reconciler.catalog import load_catalogue
from reconciler.cli.exits import Exit
from reconciler.cli.failures import told
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.cli.places import DAY, opened
from reconciler.desired import load
from reconciler.report import usage_text
from reconciler.report.words import counted
from reconciler.usage import Pulled, import_file, pull


@click.group("usage")
def command() -> None:
    """Readings: what each organization used, on which day."""


@command.command("pull")
@common("text", config=True, ledger=True)
def pull_command(options: Options) -> int:
    """Read every configured source into the ledger.

    A source with a bad row gives nothing; the others are taken all the same. Exit code 1 when a
    source failed.
    """
    with opened(options) as (around, ledger):
        state = load(options.config)
        today, now = around.today(state), around.clock.now()
        report = pull(state.sources, options.config, ledger, today, now)
    return _tell(report.sources, options)


@command.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@common("text", config=True, ledger=True)
def import_command(options: Options, path: Path) -> int:
    """Read one CSV or JSON file of readings into the ledger."""
    with opened(options) as (around, ledger):
        state = load(options.config)
        done = import_file(path, ledger, around.today(state), around.clock.now())
    return _tell([done], options)


@command.command("show")
@click.option("--product", help="Only this product.")
@click.option("--organization", help="Only this organization, by id or name.")
@click.option("--day", type=DAY, help="This day; default: each metric's newest.")
@click.option("--products", is_flag=True, help="List the products and metrics that are known.")
@common("text", "json", config=True, ledger=True)
def show_command(
    options: Options,
    product: str | None,
    organization: str | None,
    day: date | None,
    *,
    products: bool,
) -> int:
    """Show sources and readings as the ledger has them."""
    if products:
        _show_products()
        return Exit.DONE
    with opened(options, create=False) as (around, ledger):
        state = load(options.config)
        today = around.today(state)
        sources = ledger.load_usage(today, today, state.sources).sources
        readings = ledger.newest_readings(product=product, organization=organization, day=day)
    if options.format == "json":
        write(usage_text.dumps_readings(readings))
        return Exit.DONE
    console = terminal(options)
    usage_text.render_sources(sources, today, console)
    usage_text.render_readings(readings, console)
    return Exit.DONE


def _tell(sources: Iterable[Pulled], options: Options) -> int:
    console = terminal(options)
    failed = False
    for one in sources:
        if one.failed is None:
            console.print(
                f"{one.source}: {counted(one.readings, 'reading')} of"
                f" {counted(one.organizations, 'organization')},"
                f" {one.added:,} new, up to {one.newest}"
            )
            continue
        failed = True
        note(f"{one.source}:")
        note(told(one.failed))
    return Exit.FAILED if failed else Exit.DONE


def _show_products() -> None:
    for product in load_catalogue().values():
        write(f"{product.id}  {product.name}\n")
        for metric in product.metrics.values():
            write(f"    {metric.id}  {metric.name} ({metric.unit})\n")
