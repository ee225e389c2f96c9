"""The options that commands share, so that each is named, explained and read in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import click

Format: TypeAlias = Literal["text", "json", "markdown", "github"]

DEFAULT_CONFIG: Final = "billing-config"
DEFAULT_LEDGER: Final = ".reconciler/ledger.db"


@dataclass(frozen=True, slots=True)
class Options:
    """``ledger`` is a path or a database URL; both defaults are relative to where one stands."""

    config: Path = Path(DEFAULT_CONFIG)
    ledger: str = DEFAULT_LEDGER
    format: Format = "text"
    color: bool = True


def common(
    *formats: Format, config: bool = False, ledger: bool = False
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the shared options it needs, as one ``options`` argument."""
    names = [name for name, wanted in (("config", config), ("ledger", ledger)) if wanted]

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        @wraps(command)
        def collected(**given: Any) -> int:
            shared = {name: given.pop(name) for name in names}
            options = Options(**shared, format=given.pop("format"), color=not given.pop("no_color"))
            return command(options=options, **given)

        decorated: Callable[..., int] = collected
        for name in reversed(names):
            decorated = _OPTIONS[name](decorated)
        return _no_color(_format(formats)(decorated))

    return decorate


def _format(formats: tuple[Format, ...]) -> Callable[[Callable[..., int]], Callable[..., int]]:
    return click.option(
        "--format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How the result is written.",
    )


_no_color = click.option("--no-color", is_flag=True, help="Plain text; NO_COLOR does the same.")

_OPTIONS: Final = {
    "config": click.option(
        "--config",
        type=click.Path(path_type=Path, file_okay=True),
        envvar="RECONCILER_CONFIG",
        default=DEFAULT_CONFIG,
        show_default=True,
        show_envvar=True,
        metavar="DIR",
        help="The configuration directory.",
    ),
    "ledger": click.option(
        "--ledger",
        envvar="RECONCILER_LEDGER",
        default=DEFAULT_LEDGER,
        show_default=True,
        show_envvar=True,
        metavar="PATH",
        help="The ledger's file.",
    ),
}
