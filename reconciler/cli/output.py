"""Where commands write: results to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from typing import TextIO

    from rich.console import Console

    from reconciler.cli.options import Options


def terminal(options: Options) -> Console:
    """Standard output as a terminal; colour only where it is one and nobody refused it."""
    return _console(options, sys.stdout)


def messages(options: Options) -> Console:
    """Standard error as a terminal, for what is under way."""
    return _console(options, sys.stderr)


def _console(options: Options, stream: TextIO) -> Console:
    from rich.console import Console

    from reconciler.report.tidy import tidy

    return Console(
        file=tidy(stream),
        color_system="auto" if options.color else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


def write(text: str) -> None:
    """A finished document, as it is."""
    click.echo(text, nl=False)


def note(text: str) -> None:
    """For the person at the terminal; never part of the result."""
    from reconciler.report.outside import inert

    click.echo(inert(text), err=True)


def warn(text: str) -> None:
    """For the page of a workflow's run; stops nothing."""
    from reconciler.report.outside import annotation, plain

    write(f"::warning::{annotation(plain(text))}\n")


def attended() -> bool:
    """Whether a person at a terminal can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()
