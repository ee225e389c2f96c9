"""A terminal whose screen a test can read."""

from __future__ import annotations

from io import StringIO
from typing import cast

from rich.console import Console

from reconciler.report.tidy import tidy


def console(width: int = 80, *, colour: bool = False) -> Console:
    """A terminal of that width; what it shows is read with ``shown``."""
    return Console(
        file=tidy(StringIO()),
        width=width,
        height=50,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        _environ={},
    )


def shown(terminal: Console) -> str:
    """Everything printed so far."""
    return cast("StringIO", terminal.file).getvalue()
