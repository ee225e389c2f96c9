"""``reconciler sandbox``: a BMS on this machine."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from reconciler.cli.exits import Exit
from reconciler.cli.options import Options, common
from reconciler.cli.output import note, terminal, write
from reconciler.cli.places import DAY
from reconciler.model.errors import WrongUsage
from reconciler.model.hints import choose
from reconciler.report.words import counted
from reconciler.sandbox import FAULT_EFFECTS, FAULT_KINDS, Behaviour, Sandbox
from reconciler.sandbox.example import write_usage_files

DEFAULT = Path(".reconciler/sandbox.db")
TODAY = date(2026, 11, 23)

_COUNT = click.IntRange(0, 1_000_000)

_file = click.option(
    "--file",
    type=click.Path(path_type=Path),
    default=DEFAULT,
    show_default=True,
    help="Where the sandbox is kept.",
)


@click.group("sandbox")
def command() -> None:
    """A BMS on this machine, to try things on.

    It has the documented paths, the documented gaps, and faults on demand.
    """


@command.command("serve")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8480,
    show_default=True,
    help="0 takes a free one.",
)
@_file
def serve(port: int, file: Path) -> int:
    """Serve it on 127.0.0.1 until interrupted; prints address and credentials as exports."""
    with _opened(file) as sandbox:

        def announce(url: str) -> None:
            for line in sandbox.settings_at(url).exports():
                write(f"{line}\n")
            note(f"serving {file} on {url}; stop it with Ctrl-C")

        sandbox.serve_forever("127.0.0.1", port, announce)
    return Exit.DONE


@command.command("reset")
@click.option("--today", type=DAY, default=str(TODAY), show_default=True, help="Its local day.")
@click.option(
    "--assume",
    "sides",
    multiple=True,
    metavar="NAME=SIDE",
    help="How it behaves, such as line_update=upsert; repeatable.",
)
@_file
def reset(today: date, sides: tuple[str, ...], file: Path) -> int:
    """Make it anew, with 62 example customers."""
    behaviour = Behaviour().changed(dict(_side(side) for side in sides))
    Sandbox.reset(file, behaviour=behaviour, today=today).close()
    note(f"{file} holds 62 customers on {today}")
    return Exit.DONE


@command.command("usage")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--until", type=DAY, help="The last day; default: the sandbox's yesterday.")
@click.option(
    "--days",
    type=click.IntRange(1, 3660),
    default=53,
    show_default=True,
    help="How many days up to it.",
)
@_file
def usage(directory: Path, until: date | None, days: int, file: Path) -> int:
    """Write the example customers' readings as CSV files, one per product."""
    if until is None:
        with _opened(file) as sandbox:
            until = date.fromordinal(sandbox.today().toordinal() - 1)
    paths = write_usage_files(directory, until, days)
    note(f"{len(paths)} files in {directory}, up to {until}")
    return Exit.DONE


@command.command("baseline")
@click.argument("path", type=click.Path(path_type=Path))
@_file
def baseline(path: Path, file: Path) -> int:
    """Write the CSV a person would fill in from the screens, for `reconciler baseline`."""
    with _opened(file) as sandbox:
        rows = sandbox.write_baseline(path)
    note(f"{counted(rows, 'row')} with units in {path}")
    return Exit.DONE


@command.command("clock")
@click.argument("day", type=DAY, required=False)
@_file
def clock(day: date | None, file: Path) -> int:
    """Set its day, or show it."""
    with _opened(file) as sandbox:
        if day is not None:
            sandbox.set_clock(day)
        write(f"{sandbox.now().isoformat()}\n")
    return Exit.DONE


_PRICE = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)

_KINDS = "\b\n" + "\n".join(f"{kind:<26}{text}" for kind, text in FAULT_EFFECTS.items())


@command.command("fault", epilog=_KINDS)
@click.argument("kind", type=click.Choice(FAULT_KINDS), required=False, metavar="[KIND]")
@click.option("--path", help="Only calls whose path has this piece.")
@click.option(
    "--times",
    type=click.IntRange(1, 1_000_000),
    default=1,
    show_default=True,
    help="How many calls it strikes.",
)
@click.option(
    "--after", type=_COUNT, default=0, show_default=True, help="How many it lets pass first."
)
@click.option("--clear", is_flag=True, help="Disarm everything.")
@_file
def fault(
    kind: str | None, path: str | None, times: int, after: int, file: Path, *, clear: bool
) -> int:
    """Let something go wrong with the next calls, or list what is armed. The kinds are below."""
    with _opened(file) as sandbox:
        if clear:
            sandbox.faults.clear()
        if kind is not None:
            sandbox.faults.arm(kind, path=path, times=times, after=after)
        for armed in sandbox.faults.armed():
            write(f"{armed}\n")
    return Exit.DONE


@command.command("rows")
@click.argument("account", required=False)
@_file
@common("text")
def rows(options: Options, account: str | None, file: Path) -> int:
    """Show lines with units, as a person sees them on the screens."""
    console = terminal(options)
    with _opened(file) as sandbox:
        found = sandbox.ui.read_units()
    names = {row.account for row in found}
    if account is not None and account not in names:
        raise WrongUsage(
            f"no line of {account!r} in the sandbox",
            where="account",
            remedy=choose(account, names, "`reconciler sandbox rows` lists them")
            if names
            else "add a line first",
        )
    for row in found:
        if account in (None, row.account):
            console.print(
                f"{row.row_id}  {row.account}: {row.service}, {row.units} from {row.date}"
            )
    return Exit.DONE


@command.command("edit")
@click.argument("row", type=click.IntRange(1, 2**63 - 1))
@click.argument("units", type=click.IntRange(-(2**31), 2**31 - 1))
@_file
def edit(row: int, units: int, file: Path) -> int:
    """Change a row's units, as a person would on the screens."""
    with _opened(file) as sandbox:
        sandbox.ui.edit_units(row, units)
    note(f"row {row} has {units} units now")
    return Exit.DONE


@command.command("reprice")
@click.argument("row", type=click.IntRange(1, 2**63 - 1))
@click.argument("price")
@_file
def reprice(row: int, price: str, file: Path) -> int:
    """Change a row's price, as a person would on the screens."""
    if not _PRICE.fullmatch(price):
        raise click.BadParameter(f"{price!r} is not a price such as 41.00", param_hint="PRICE")
    with _opened(file) as sandbox:
        sandbox.ui.reprice(row, price)
    note(f"row {row} costs {price} now")
    return Exit.DONE


@command.command("bill")
@_file
def bill(file: Path) -> int:
    """Make the invoices that are due, as BMS does on its invoicing day."""
    with _opened(file) as sandbox:
        made = sandbox.bill()
        note(f"{counted(made, 'invoice')} made on {sandbox.today()}")
    return Exit.DONE


def _opened(file: Path) -> Sandbox:
    from reconciler.sandbox import SandboxError

    if not file.exists():
        raise SandboxError(
            "there is no sandbox", where=str(file), remedy="make one: `reconciler sandbox reset`"
        )
    return Sandbox.open(file)


def _side(text: str) -> tuple[str, str]:
    name, found, side = text.partition("=")
    if not found:
        raise click.BadParameter(f"{text!r} is not NAME=SIDE, such as line_update=upsert")
    return name, side
