"""What a workflow's form answers: whoever filled it in looks at the run's page, not at its log."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import click

from reconciler.model.errors import ReconcilerError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_FIELDS: Final = {
    "--true-up": "month",
    "--month": "month",
    "--as-of": "day",
    "--accept": "contract",
    "--units": "units",
    "--others": "others",
    "--reason": "reason",
}
"""What forms call these options."""


def answer(lines: Iterable[str]) -> None:
    """Put these sentences on the page, where a form was filled in."""
    from reconciler.report.failure_markdown import listed

    if (page := _page()) is not None:
        _add(page, listed(lines))


def say_failure(error: ReconcilerError | click.ClickException) -> None:
    """Put on the page why there is no answer, where a form was filled in."""
    page = _page()
    if page is None:
        return
    from reconciler.report.failure_markdown import render

    told = error if isinstance(error, ReconcilerError) else _wrong_usage(error)
    _add(page, render(told, _FIELDS.get(told.where or "")))


def _page() -> Path | None:
    if os.environ.get("GITHUB_EVENT_NAME") != "workflow_dispatch":
        return None
    from reconciler.github.event import summary_of

    return summary_of(os.environ)


def _add(page: Path, text: str) -> None:
    from reconciler.github.event import summarize

    summarize(page, text)


def _wrong_usage(error: click.ClickException) -> WrongUsage:
    asked = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else None
    message, option = error.format_message(), _option(error)
    if option in _FIELDS:
        message, asked = error.message, option
    return WrongUsage(message, where=asked, remedy="run the form again with that put right")


def _option(error: click.ClickException) -> str | None:
    """The one whose value cannot be."""
    param = error.param if isinstance(error, click.BadParameter) else None
    return param.opts[0] if param is not None else None
