"""What a workflow's form answers: whoever filled it in looks at the run's page, not at its log."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from reconciler.model.errors import ReconcilerError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


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

    _add(page, render(error if isinstance(error, ReconcilerError) else _wrong_usage(error)))


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
    return WrongUsage(
        error.format_message(), where=asked, remedy="run the form again with that put right"
    )
