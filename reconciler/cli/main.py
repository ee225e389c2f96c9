"""``reconciler``: the group, and the way in."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Final

import click

from reconciler.cli.failures import guarded
from reconciler.cli.lazy import Lazy, LazyGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Final = {
    "validate": Lazy("reconciler.cli.commands.validate", "Check the configuration."),
    "rule": Lazy("reconciler.cli.commands.rule", "Explain a finding's code, or list all codes."),
    "schema": Lazy("reconciler.cli.commands.schema", "Write or check the JSON Schemas."),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 in step or done, 1 failure, 2 wrong usage, 3 a person is needed,"
    " 4 applied in part, 10 changes are waiting.",
)
@click.version_option(package_name="reconciler")
def cli() -> None:
    """Keep the units on Kaseya BMS contracts in step with usage, as configuration in git."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (``sys.argv`` without one) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A character that the terminal lacks is no reason to lose the rest.
            stream.reconfigure(errors="replace")
    arguments = None if arguments is None else list(arguments)
    return guarded(lambda: cli.main(arguments, prog_name="reconciler", standalone_mode=False))


def main() -> None:
    """The console script."""
    sys.exit(run())
