"""``reconciler``: the group, and the way in."""

from __future__ import annotations

import gc
import io
import sys
from typing import TYPE_CHECKING, Final

import click

from reconciler.cli.failures import guarded
from reconciler.cli.lazy import Lazy, LazyGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

_MODULE: Final = "reconciler.cli.commands"

COMMANDS: Final = {
    "demo": Lazy(f"{_MODULE}.demo", "Show the whole story on a BMS on this machine."),
    "validate": Lazy(f"{_MODULE}.validate", "Check the configuration."),
    "usage": Lazy(f"{_MODULE}.usage", "Readings: what each organization used, on which day."),
    "baseline": Lazy(f"{_MODULE}.baseline", "Learn starting units, which no call to BMS tells."),
    "plan": Lazy(f"{_MODULE}.plan", "Show what would be written to BMS, and why."),
    "approve": Lazy(f"{_MODULE}.approve", "Approve changes that wait for it."),
    "apply": Lazy(f"{_MODULE}.apply", "Write changes to BMS."),
    "drift": Lazy(f"{_MODULE}.drift", "Find what was changed in BMS by hand."),
    "verify": Lazy(f"{_MODULE}.verify", "Compare invoices with what should be billed."),
    "explain": Lazy(f"{_MODULE}.explain", "Say why a line has its units."),
    "history": Lazy(f"{_MODULE}.history", "Show what was written to BMS, when, and who let it."),
    "github": Lazy(f"{_MODULE}.github", "What the workflows call, in a job on GitHub."),
    "ledger": Lazy(f"{_MODULE}.ledger", "The ledger, and the git branch that keeps it."),
    "simulate": Lazy(f"{_MODULE}.simulate", "Replay past months under a configuration."),
    "prorate": Lazy(f"{_MODULE}.prorate", "Compute what a period comes to."),
    "periods": Lazy(f"{_MODULE}.periods", "List billing periods."),
    "rule": Lazy(f"{_MODULE}.rule", "Explain a finding's code, or list all codes."),
    "schema": Lazy(f"{_MODULE}.schema", "Write or check the JSON Schemas."),
    "sandbox": Lazy(
        f"{_MODULE}.sandbox",
        "A BMS on this machine, to try things on.",
    ),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 in step or done, 1 failure, 2 wrong usage, 3 a person is needed,"
    " 4 applied in part, 10 changes are waiting, 130 interrupted, 143 terminated.",
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
    # A run makes many small objects and hardly a cycle; at the usual threshold looking for cycles
    # takes a quarter of a large plan.
    gc.set_threshold(100_000, 50, 100)
    code = run()
    gc.freeze()  # the process ends: nothing is left to look for
    sys.exit(code)
