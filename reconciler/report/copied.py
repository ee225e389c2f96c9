"""A command to be copied from a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console


def to_copy(command: str, console: Console, by: int = 5) -> None:
    """On a line of its own that is never wrapped; ``by``: how far it is indented."""
    console.print(Text(f"{' ' * by}{command}", style="bold"), soft_wrap=True)
