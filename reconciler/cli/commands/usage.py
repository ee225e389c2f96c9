"""``reconciler usage``: readings into the ledger, and what is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.catalog import load_catalogue
from reconciler.cli.exits import Exit
from reconciler.cli.failures import told
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.cli.places import DAY, opened
from reconciler.desired import load
from reconciler.model.errors import WrongUsage
from reconciler.model.hints import choose
from reconciler.report import usage_text
from reconciler.report.outside import plain
from reconciler.report.words import counted
from reconciler.usage import Pulled, import_file, overlooked, pull

if TYPE_CHECKING:
    from reconciler.ledger import Ledger


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
    for name in overlooked([one.path for one in state.sources], options.config):
        note(f"{plain(name)} is not read: a `path` would name it but for capital and small letters")
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
        _check_known(ledger, product, organization)
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
            console.print(_taken(one))
            continue
        failed = True
        note(f"{one.source}:")
        note(told(one.failed))
    return Exit.FAILED if failed else Exit.DONE


def _taken(one: Pulled) -> str:
    if one.newest is None:
        return f"{one.source}: no reading in it"
    return (
        f"{one.source}: {counted(one.readings, 'reading')} of"
        f" {counted(one.organizations, 'organization')}, {one.added:,} new, up to {one.newest}"
    )


def _check_known(ledger: Ledger, product: str | None, organization: str | None) -> None:
    """WrongUsage for a product or an organization that nobody knows; it has no readings either."""
    if product is not None and product not in (products := load_catalogue()):
        raise WrongUsage(
            f"no product {product!r}",
            where="--product",
            remedy=choose(product, products, "`reconciler usage show --products` lists them"),
        )
    if organization is None:
        return
    known = {name for one in ledger.organizations() for name in (one.key, one.name)}
    if organization not in known:
        raise WrongUsage(
            f"no organization {organization!r} in the readings",
            where="--organization",
            remedy=choose(organization, known, "`reconciler usage show` lists them"),
        )


def _show_products() -> None:
    for product in load_catalogue().values():
        write(f"{product.id}  {product.name}\n")
        for metric in product.metrics.values():
            write(f"    {metric.id}  {metric.name} ({metric.unit})\n")
